"""What an edition is called on cards and pages: 独家首发, 限量联名 with its partner. Pure. Source:
C-15."""

from typing import Protocol

FIRST, LIMITED = "first", "limited"


class Special(Protocol):
    """What a product or a SKU's facts say of the edition."""

    @property
    def edition(self) -> str: ...

    @property
    def partner_zh(self) -> str: ...

    @property
    def partner_en(self) -> str: ...

    @property
    def total_limit(self) -> int | None: ...

    @property
    def member_limit(self) -> int | None: ...


def edition_badge(of: Special) -> dict[str, str] | None:
    """{kind, label_zh, label_en} in both languages, as shelves keep it; None for ordinary goods."""
    if of.edition == FIRST:
        return _badge(FIRST, "独家首发", "First here only")
    if of.edition != LIMITED:
        return None
    if not of.partner_zh:
        return _badge(LIMITED, "限量", "Limited edition")
    partner_en = of.partner_en or of.partner_zh
    return _badge(LIMITED, f"限量联名 · {of.partner_zh}", f"Limited, with {partner_en}")


def _badge(kind: str, label_zh: str, label_en: str) -> dict[str, str]:
    return {"kind": kind, "label_zh": label_zh, "label_en": label_en}
