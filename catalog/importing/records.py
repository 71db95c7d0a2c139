"""What an import file says, checked field by field: records to bring in, and problems to report."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One thing in the file that was not brought in, and why. ``place`` is a file and line."""

    place: str
    field: str
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class CategoryStep:
    """One node on the way to a category; found by ``slug``, else by title below its parent."""

    slug: str
    title_zh: str
    sort: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class BrandRecord:
    """A brand; found by ``slug``, else by title."""

    slug: str
    title_zh: str
    story_zh: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class AttributeRecord:
    """A value under an attribute that is named by its code or title."""

    name: str
    value_zh: str
    value_en: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SkuRecord:
    """One SKU. ``options`` are (axis name, value) in order; ``stock`` None says nothing."""

    place: str
    code: str
    price_fen: int
    list_price_fen: int
    options: tuple[tuple[str, str], ...] = ()
    cost_fen: int = 0
    weight_grams: int = 0
    volume_cm3: int = 0
    barcode: str = ""
    stock: int | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GoodsRecord:
    """One product with its SKUs."""

    place: str
    code: str
    title_zh: str
    title_en: str = ""
    subtitle_zh: str = ""
    subtitle_en: str = ""
    keywords: str = ""
    category: tuple[CategoryStep, ...]
    brand: BrandRecord | None = None
    freight_template: str = "standard"
    is_on_sale: bool = False
    attributes: tuple[AttributeRecord, ...] = ()
    skus: tuple[SkuRecord, ...] = ()


@dataclasses.dataclass(slots=True)
class Shipload:
    """All that a file or folder holds. ``skipped`` counts rows left out by rule, by reason."""

    goods: list[GoodsRecord] = dataclasses.field(default_factory=list)
    categories: list[tuple[CategoryStep, ...]] = dataclasses.field(default_factory=list)
    brands: list[BrandRecord] = dataclasses.field(default_factory=list)
    problems: list[Problem] = dataclasses.field(default_factory=list)
    skipped: dict[str, int] = dataclasses.field(default_factory=dict)

    def skip(self, reason: str) -> None:
        """Count a row that a rule leaves out."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1
