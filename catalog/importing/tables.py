"""Our own table: one row a SKU, rows of one ``product_code`` are one product.

The columns are in docs/imports.md.
"""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalog.importing import cells
from catalog.importing.cells import BadCell
from catalog.importing.records import (
    AttributeRecord,
    BrandRecord,
    CategoryStep,
    GoodsRecord,
    Problem,
    Shipload,
    SkuRecord,
)
from catalog.importing.sheets import Row, UnreadableFile

PRODUCT_TEXTS = {
    "title_zh": 80,
    "title_en": 120,
    "subtitle_zh": 120,
    "subtitle_en": 160,
    "keywords": 200,
    "category": 200,
    "brand": 60,
    "freight_template": 40,
    "status": 10,
}
SKU_COLUMNS = {
    "sku_code",
    "barcode",
    "price_yuan",
    "list_price_yuan",
    "cost_yuan",
    "weight_grams",
    "volume_cm3",
    "stock",
}
OTHERS = {"product_code", "stock_everywhere"}
"""The last one an export tells of all warehouses together: no import takes it for one of them."""
REQUIRED = ("product_code", "title_zh", "category", "price_yuan")
OPTION, ATTRIBUTE = "option:", "attr:"
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)


@dataclasses.dataclass(slots=True)
class _Draft:
    """A product while its rows are still coming."""

    place: str
    texts: dict[str, str]
    attributes: dict[str, str]
    skus: list[SkuRecord]


def read_table(rows: Iterable[Row], *, name: str) -> Shipload:
    """The goods of a table; ``name`` is the file's, for places. Raises: UnreadableFile.

    A row with a bad cell is a problem and left out; the other rows of its product stay.
    """
    load = Shipload()
    drafts: dict[str, _Draft] = {}
    codes: dict[str, str] = {}
    columns: set[str] = set()
    for number, row in rows:
        place = f"{name}:{number}"
        flat = _flat(row)
        if not columns:
            _check_columns(flat)
        _tell_unknown(flat, columns, place, load)
        try:
            _take(flat, place, drafts, codes)
        except BadCell as error:
            load.problems.append(Problem(place, error.field, error.reason))
    load.goods = [_goods(code, draft) for code, draft in drafts.items() if draft.skus]
    return load


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """JSON may nest options and attributes; a table writes them as option:… and attr:… columns."""
    flat: dict[str, Any] = {}
    for column, value in row.items():
        prefix = {"options": OPTION, "attributes": ATTRIBUTE}.get(column)
        if prefix and isinstance(value, Mapping):
            flat |= {f"{prefix}{key}": item for key, item in value.items()}
        else:
            flat[column] = value
    return flat


def _check_columns(row: Mapping[str, Any]) -> None:
    missing = [column for column in REQUIRED if column not in row]
    if missing:
        raise UnreadableFile(
            _("These columns are missing: %(columns)s.") % {"columns": ", ".join(missing)}
        )


def _tell_unknown(row: Mapping[str, Any], seen: set[str], place: str, load: Shipload) -> None:
    for column in row:
        if column in seen:
            continue
        seen.add(column)
        known = column in PRODUCT_TEXTS or column in SKU_COLUMNS or column in OTHERS
        if column and not known and not column.startswith((OPTION, ATTRIBUTE)):
            load.problems.append(Problem(place, column[:60], _("unknown column, left out")))


def _take(
    row: Mapping[str, Any], place: str, drafts: dict[str, _Draft], codes: dict[str, str]
) -> None:
    code = cells.text("product_code", row.get("product_code"), longest=40, required=True)
    sku = _sku(row, place, code)
    if sku.code in codes:
        raise BadCell("sku_code", _("is already at %(place)s") % {"place": codes[sku.code]})
    texts, attributes = _texts(row), _attributes(row)
    draft = drafts.get(code)
    if draft is None:
        _check_texts(texts)
        draft = drafts[code] = _Draft(place, texts, attributes, [])
    else:
        _check_same(draft, texts, attributes)
    if any(other.options == sku.options for other in draft.skus):
        raise BadCell("option", _("another SKU of this product has the same options"))
    draft.skus.append(sku)
    codes[sku.code] = place


def _sku(row: Mapping[str, Any], place: str, product_code: str) -> SkuRecord:
    price_fen = cells.fen("price_yuan", row.get("price_yuan"))
    list_price_fen = cells.fen("list_price_yuan", row.get("list_price_yuan"), empty=price_fen)
    if list_price_fen < price_fen:
        raise BadCell("list_price_yuan", _("is below the price"))
    options = tuple(
        (column.removeprefix(OPTION), cells.text(column, value, longest=40))
        for column, value in row.items()
        if column.startswith(OPTION) and cells.plain(value)
    )
    return SkuRecord(
        place=place,
        code=cells.text("sku_code", row.get("sku_code"), longest=60) or product_code,
        price_fen=price_fen,
        list_price_fen=list_price_fen,
        options=options,
        cost_fen=cells.fen("cost_yuan", row.get("cost_yuan"), empty=0),
        weight_grams=cells.whole("weight_grams", row.get("weight_grams")) or 0,
        volume_cm3=cells.whole("volume_cm3", row.get("volume_cm3")) or 0,
        barcode=cells.text("barcode", row.get("barcode"), longest=40),
        stock=cells.whole("stock", row.get("stock"), empty=None),
    )


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        column: cells.text(column, row.get(column), longest=longest)
        for column, longest in PRODUCT_TEXTS.items()
    }


def _attributes(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        column.removeprefix(ATTRIBUTE): cells.text(column, value, longest=240)
        for column, value in row.items()
        if column.startswith(ATTRIBUTE) and cells.plain(value)
    }


def _check_texts(texts: Mapping[str, str]) -> None:
    for column in ("title_zh", "category"):
        cells.text(column, texts[column], longest=200, required=True)
    cells.flag("status", texts["status"])
    if len(_steps(texts["category"])) > 3:
        raise BadCell("category", _("has more than three levels"))


def _check_same(draft: _Draft, texts: Mapping[str, str], attributes: Mapping[str, str]) -> None:
    """Further rows of a product may leave its columns empty, but not say something else."""
    for column, value in texts.items():
        if value and value != draft.texts[column]:
            raise BadCell(column, _("differs from %(place)s") % {"place": draft.place})
    for column, value in attributes.items():
        if draft.attributes.setdefault(column, value) != value:
            raise BadCell(
                f"{ATTRIBUTE}{column}", _("differs from %(place)s") % {"place": draft.place}
            )


def _goods(code: str, draft: _Draft) -> GoodsRecord:
    texts = draft.texts
    brand = texts["brand"]
    return GoodsRecord(
        place=draft.place,
        code=code,
        title_zh=texts["title_zh"],
        title_en=texts["title_en"],
        subtitle_zh=texts["subtitle_zh"],
        subtitle_en=texts["subtitle_en"],
        keywords=texts["keywords"],
        category=_steps(texts["category"]),
        brand=BrandRecord(brand if SLUG.fullmatch(brand) else "", brand) if brand else None,
        freight_template=texts["freight_template"] or "standard",
        is_on_sale=cells.flag("status", texts["status"]),
        attributes=tuple(AttributeRecord(name, value) for name, value in draft.attributes.items()),
        skus=tuple(draft.skus),
    )


def _steps(category: str) -> tuple[CategoryStep, ...]:
    """服装 > 上装 > T恤 is a path of titles; a single word of a-z, 0-9 and - is an address."""
    if SLUG.fullmatch(category):
        return (CategoryStep(category, ""),)
    titles = [title.strip() for title in category.split(">")]
    return tuple(CategoryStep("", title) for title in titles if title)
