"""The tables of a litemall shop, one JSONL file each, as goods. Rules: docs/imports.md.

Specifications are a JSON array inside a string, one value an axis: the axis whose list of values
holds it. Prices are yuan with decimals, read as decimals, never as floats.
"""

import dataclasses
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
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
from catalog.importing.sheets import UnreadableFile, read_json_lines

TABLES = ("category", "brand", "goods", "goods_attribute", "goods_product", "goods_specification")
PREFIX = "litemall"
ONLY_SPEC = "标准"

Rows = list[tuple[str, dict[str, Any]]]


@dataclasses.dataclass(slots=True)
class _Folder:
    """The tables that count, by what they hang on."""

    paths: dict[int, tuple[CategoryStep, ...]]
    brands: dict[int, BrandRecord]
    attributes: dict[int, Rows]
    products: dict[int, Rows]
    axes: dict[int, dict[str, list[str]]]


def is_litemall(folder: Path) -> bool:
    """True for a folder with the tables of a litemall shop."""
    return folder.is_dir() and all(_file(folder, table) for table in TABLES)


def read_litemall(folder: Path) -> Shipload:
    """The categories, brands and goods of a litemall folder. Raises: UnreadableFile."""
    load = Shipload()
    tables = {table: list(_living(folder, table, load)) for table in TABLES}
    found = _Folder(
        paths=_paths(tables["category"], load),
        brands=_brands(tables["brand"], load),
        attributes=_by_goods(tables["goods_attribute"]),
        products=_by_goods(tables["goods_product"]),
        axes=_axes(tables["goods_specification"]),
    )
    load.categories, load.brands = list(found.paths.values()), list(found.brands.values())
    for place, row in tables["goods"]:
        try:
            load.goods.append(_goods(place, row, found, load))
        except BadCell as error:
            load.problems.append(Problem(place, error.field, error.reason))
    _tell_orphans(found, {row["id"] for _place, row in tables["goods"]}, load)
    return load


def _file(folder: Path, table: str) -> Path | None:
    names = (f"{table}.jsonl", f"{table}.jsonl.gz")
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _living(folder: Path, table: str, load: Shipload) -> Iterator[tuple[str, dict[str, Any]]]:
    path = _file(folder, table)
    if path is None:
        raise UnreadableFile(_("There is no %(table)s.jsonl here.") % {"table": table})
    for number, row in read_json_lines(path):
        place = f"{path.name}:{number}"
        key = "goods_id" if table.startswith("goods_") else "id"
        if row.get("deleted"):
            load.skip(f"{table}: deleted in the source")
        elif type(row.get("id")) is not int or type(row.get(key)) is not int:
            load.problems.append(Problem(place, key, _("is no whole number")))
        else:
            yield place, row


def _paths(rows: Rows, load: Shipload) -> dict[int, tuple[CategoryStep, ...]]:
    """Every category with its ancestors; one below a missing parent is a problem."""
    nodes = {row["id"]: (place, row) for place, row in rows}
    paths: dict[int, tuple[CategoryStep, ...]] = {}

    def path(number: int, depth: int = 0) -> tuple[CategoryStep, ...]:
        if number not in nodes or depth > 2:
            raise BadCell("pid", _("hangs below a category that is not there"))
        place, row = nodes[number]
        above = path(row["pid"], depth + 1) if row.get("pid") else ()
        title = cells.text("name", row.get("name"), longest=40, required=True)
        return (*above, CategoryStep(f"{PREFIX}-{number}", title, row.get("sort_order") or 0))

    for number, (place, _row) in nodes.items():
        try:
            paths[number] = path(number)
        except BadCell as error:
            load.problems.append(Problem(place, error.field, error.reason))
    return paths


def _brands(rows: Rows, load: Shipload) -> dict[int, BrandRecord]:
    brands = {}
    for place, row in rows:
        try:
            brands[row["id"]] = BrandRecord(
                f"{PREFIX}-{row['id']}",
                cells.text("name", row.get("name"), longest=60, required=True),
                cells.text("desc", row.get("desc"), longest=2000),
            )
        except BadCell as error:
            load.problems.append(Problem(place, error.field, error.reason))
    return brands


def _by_goods(rows: Rows) -> dict[int, Rows]:
    found: dict[int, Rows] = defaultdict(list)
    for place, row in rows:
        found[row["goods_id"]].append((place, row))
    return found


def _axes(rows: Rows) -> dict[int, dict[str, list[str]]]:
    axes: dict[int, dict[str, list[str]]] = defaultdict(dict)
    for _place, row in rows:
        values = axes[row["goods_id"]].setdefault(cells.plain(row.get("specification")), [])
        values.append(cells.plain(row.get("value")))
    return axes


def _goods(place: str, row: dict[str, Any], found: _Folder, load: Shipload) -> GoodsRecord:
    number = row["id"]
    code = cells.text("goods_sn", row.get("goods_sn"), longest=40, required=True)
    category = found.paths.get(row.get("category_id") or 0)
    if category is None:
        raise BadCell("category_id", _("is no category of this file"))
    brand_id = row.get("brand_id") or 0
    if brand_id and brand_id not in found.brands:
        raise BadCell("brand_id", _("is no brand of this file"))
    counter_fen = cells.fen("counter_price", row.get("counter_price"), empty=0)
    return GoodsRecord(
        place=place,
        code=code,
        title_zh=cells.text("name", row.get("name"), longest=80, required=True),
        subtitle_zh=cells.text("brief", row.get("brief"), longest=120),
        keywords=cells.text("keywords", row.get("keywords"), longest=200),
        category=category,
        brand=found.brands.get(brand_id),
        is_on_sale=bool(row.get("is_on_sale")),
        attributes=_attributes(found.attributes.get(number, []), load),
        skus=_skus(code, found.products.get(number, []), found.axes[number], counter_fen, load),
    )


def _attributes(rows: Rows, load: Shipload) -> tuple[AttributeRecord, ...]:
    values: dict[str, str] = {}
    for place, row in rows:
        try:
            name = cells.text("attribute", row.get("attribute"), longest=40, required=True)
            value = cells.text("value", row.get("value"), longest=240, required=True)
        except BadCell as error:
            load.problems.append(Problem(place, error.field, error.reason))
            continue
        if values.setdefault(name, value) != value:
            reason = _("a second value of %(name)s") % {"name": name}
            load.problems.append(Problem(place, "attribute", reason))
    return tuple(AttributeRecord(name, value) for name, value in values.items())


def _skus(
    code: str, rows: Rows, axes: dict[str, list[str]], counter_fen: int, load: Shipload
) -> tuple[SkuRecord, ...]:
    skus: list[SkuRecord] = []
    for place, row in rows:
        try:
            skus.append(_sku(place, code, row, axes, counter_fen))
        except BadCell as error:
            load.problems.append(Problem(place, error.field, error.reason))
    if not skus:
        raise BadCell("goods_product", _("has no SKU"))
    return tuple(skus)


def _sku(
    place: str, code: str, row: dict[str, Any], axes: dict[str, list[str]], counter_fen: int
) -> SkuRecord:
    price_fen = cells.fen("price", row.get("price"))
    return SkuRecord(
        place=place,
        code=f"{code}-{row['id']}",
        price_fen=price_fen,
        list_price_fen=max(counter_fen, price_fen),
        options=_options(row.get("specifications"), axes),
        stock=cells.whole("number", row.get("number"), empty=None),
    )


def _options(text: Any, axes: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    """["红","M"] with its axes: ((颜色, 红), (尺码, M)). Just 标准 is no choice at all."""
    try:
        values = json.loads(text)
    except (TypeError, ValueError) as error:
        raise BadCell("specifications", _("is no JSON array")) from error
    if not isinstance(values, list) or len(values) != len(axes):
        raise BadCell("specifications", _("has not one value for each specification"))
    if values == [ONLY_SPEC]:
        return ()
    pairs = []
    for value in map(cells.plain, values):
        axis = next((axis for axis, known in axes.items() if value in known), None)
        if axis is None:
            raise BadCell("specifications", _("%(value)s is not listed") % {"value": value})
        pairs.append((axis, cells.text("specifications", value, longest=40)))
    if len({axis for axis, _value in pairs}) != len(pairs):
        raise BadCell("specifications", _("has two values of one specification"))
    return tuple(pairs)


def _tell_orphans(found: _Folder, goods: set[Any], load: Shipload) -> None:
    for kind, rows in (("attribute", found.attributes), ("product", found.products)):
        for number, items in rows.items():
            if number not in goods:
                for place, _row in items:
                    reason = _("belongs to no goods of this file")
                    load.problems.append(Problem(place, f"goods_{kind}.goods_id", reason))
