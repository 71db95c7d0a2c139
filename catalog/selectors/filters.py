"""What a shopper asks of a list, read from a query string: known names only, each value checked.

Source: api.md (an unknown value of a known name is 400), reliability.md ATK-40 to ATK-42.
"""

import dataclasses
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import AttributeDefinition, Brand, Category
from catalog.selectors.tree import Branch
from mall.kernel import regions
from mall.kernel.db import Prepared, unsafe_reason
from mall.kernel.errors import InvalidInput

MAX_QUERY = 100
MAX_ATTRIBUTES = 10
MAX_VALUES = 20
MAX_FEN = 10**12
ATTRIBUTE_PREFIX = "attr."
RANGE = re.compile(
    r"(-?[0-9]{1,12}(?:\.[0-9]{1,4})?)?\.\.(-?[0-9]{1,12}(?:\.[0-9]{1,4})?)?", re.ASCII
)
ORDERINGS = ("relevance", "sales", "newest", "price", "-price")


class Params(Protocol):
    """A QueryDict, or anything like one."""

    def get(self, name: str, /) -> str | None: ...
    def getlist(self, name: str, /) -> list[str]: ...
    def __iter__(self) -> Any: ...


@dataclasses.dataclass(frozen=True, slots=True)
class AttributeFilter:
    """Goods that have one of ``values`` (Chinese or English) under one of the definitions, or a
    number in one of ``ranges``, from its low end up to but without its high end."""

    definition_ids: tuple[int, ...]
    values: tuple[str, ...]
    ranges: tuple[tuple[Decimal | None, Decimal | None], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class CardFilters:
    """A checked question. ``ordering`` is one of ORDERINGS; with ``region_code`` only what is sold
    there, and what is put forward there in front of the usual order. ``is_exact``: the words as
    they were typed, not as they may have been meant."""

    q: str = ""
    category: Category | Branch | None = None
    brand: Brand | None = None
    price_min_fen: int | None = None
    price_max_fen: int | None = None
    attributes: tuple[AttributeFilter, ...] = ()
    in_stock: bool | None = None
    region_code: str = ""
    ordering: str = "sales"
    is_exact: bool = False


def read_filters(params: Params, *, category: Category | Branch | None = None) -> CardFilters:
    """The question in a query string; unknown names are ignored.

    ``category`` is the page's own, where the address names it. Queries: 1 each for category, brand
    and attributes when asked. Raises: InvalidInput naming the field.
    """
    q = _text(params, "q")
    return CardFilters(
        q=q,
        category=category or _category(params.get("category")),
        brand=_brand(params.get("brand")),
        price_min_fen=_fen(params, "price_min_fen"),
        price_max_fen=_fen(params, "price_max_fen"),
        attributes=_attributes(params),
        in_stock=_flag(params, "in_stock"),
        region_code=read_region(params.get("region")),
        ordering=_ordering(params.get("ordering"), q),
        is_exact=bool(_flag(params, "exact")),
    )


def _text(params: Params, name: str) -> str:
    value = params.get(name) or ""
    if unsafe_reason(value) or len(value) > MAX_QUERY:
        raise InvalidInput(
            field=name, allowed=_("at most %(count)s characters") % {"count": MAX_QUERY}
        )
    return value.strip()


def _ordering(value: str | None, q: str) -> str:
    if not value:
        return "relevance" if q else "sales"
    if value not in ORDERINGS:
        raise InvalidInput(field="ordering", allowed=", ".join(ORDERINGS))
    return value if q or value != "relevance" else "sales"


def _fen(params: Params, name: str) -> int | None:
    value = params.get(name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 13 and int(value) <= MAX_FEN):
        raise InvalidInput(field=name, allowed=_("a whole number of fen"))
    return int(value)


def _flag(params: Params, name: str) -> bool | None:
    value = params.get(name)
    if not value:
        return None
    if value not in ("true", "false"):
        raise InvalidInput(field=name, allowed="true, false")
    return value == "true"


def read_region(value: str | None) -> str:
    """The code of a known region; empty when none is named. Raises: InvalidInput."""
    if not value:
        return ""
    if regions.find(value) is None:
        raise InvalidInput(field="region", allowed="catalog/regions/")
    return value


def _category(value: str | None) -> Category | None:
    if not value:
        return None
    rows = _categories(slug=value, pk=_number(value)) if _is_plain(value) else []
    return _one(rows, value, "category", _("the address of a category"))


@Prepared
def _categories(*, slug: str, pk: int | None) -> Any:
    return Category.objects.active().filter(_address(slug, pk))[:2]


def _brand(value: str | None) -> Brand | None:
    if not value:
        return None
    rows = (
        list(Brand.objects.filter(_address(value, _number(value)), is_active=True)[:2])
        if _is_plain(value)
        else []
    )
    return _one(rows, value, "brand", _("the address of a brand"))


def _address(slug: str, pk: int | None) -> Q:
    """By address; an id works too, for clients that hold one."""
    return Q(slug=slug) if pk is None else Q(slug=slug) | Q(pk=pk)


def _number(value: str) -> int | None:
    return int(value) if value.isdigit() and len(value) < 19 else None


def _is_plain(value: str) -> bool:
    return value.isascii() and unsafe_reason(value) is None and len(value) <= 60


def _one(rows: list[Any], value: str, field: str, allowed: Any) -> Any:
    if not rows:
        raise InvalidInput(field=field, allowed=allowed)
    return next((row for row in rows if row.slug == value), rows[0])


def _attributes(params: Params) -> tuple[AttributeFilter, ...]:
    names = [name for name in params if name.startswith(ATTRIBUTE_PREFIX)][:MAX_ATTRIBUTES]
    asked: dict[str, list[str]] = {}
    for name in names:
        values = [value for value in params.getlist(name) if value]
        if any(unsafe_reason(value) or len(value) > MAX_QUERY for value in values + [name]):
            raise InvalidInput(field=name[:MAX_QUERY], allowed=_("a value of this attribute"))
        if values:
            asked[name.removeprefix(ATTRIBUTE_PREFIX)] = values[:MAX_VALUES]
    if not asked:
        return ()
    definitions: dict[str, list[AttributeDefinition]] = {}
    for row in AttributeDefinition.objects.filter(code__in=asked, is_searchable=True):
        definitions.setdefault(row.code, []).append(row)
    return tuple(_attribute(code, rows, asked[code]) for code, rows in definitions.items())


def _attribute(code: str, rows: list[AttributeDefinition], values: list[str]) -> AttributeFilter:
    ids = tuple(row.pk for row in rows)
    if all(row.kind == AttributeDefinition.Kind.NUMBER for row in rows):
        spans = [RANGE.fullmatch(value) for value in values]
        if any(spans):
            return AttributeFilter(ids, (), tuple(_span(code, span) for span in spans))
    if all(row.kind == AttributeDefinition.Kind.CHOICE for row in rows):
        words = _choice_words(rows)
        unknown = [value for value in values if value not in words]
        if unknown:
            known = ", ".join(sorted(set(words.values())))
            raise InvalidInput(field=f"{ATTRIBUTE_PREFIX}{code}", allowed=known)
        values = [words[value] for value in values]
    return AttributeFilter(ids, tuple(values))


def _span(code: str, found: "re.Match[str] | None") -> tuple[Decimal | None, Decimal | None]:
    """100..500, 100.. and ..500 of a number attribute."""
    ends = [Decimal(end) if end else None for end in found.groups()] if found else [None, None]
    if ends == [None, None]:
        raise InvalidInput(field=f"{ATTRIBUTE_PREFIX}{code}", allowed="100..500, 100.., ..500")
    return ends[0], ends[1]


def _choice_words(rows: list[AttributeDefinition]) -> Mapping[str, str]:
    words: dict[str, str] = {}
    for row in rows:
        for choice in row.choices:
            for key in ("code", "en", "zh"):
                if choice.get(key):
                    words[choice[key]] = choice["zh"]
    return words
