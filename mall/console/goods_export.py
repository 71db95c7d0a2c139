"""Goods as a file in the columns of docs/imports.md: what goes out may come in again. C-50."""

import io
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Sum
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from openpyxl import Workbook

from catalog.selectors import GoodsQuery, export_axes, export_goods
from inventory.models import StockItem
from mall.kernel import clock
from mall.kernel.admin import csv_response, safe_cell

KINDS = (("csv", "CSV"), ("xlsx", "XLSX"), ("jsonl", "JSONL"))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COST = "cost_yuan"
STOCK = "stock"
STOCK_SUM = "stock_everywhere"
"""Of all warehouses together: an import leaves it out, or one of them would get it all."""
COLUMNS = (
    "product_code",
    "title_zh",
    "title_en",
    "subtitle_zh",
    "subtitle_en",
    "keywords",
    "category",
    "brand",
    "freight_template",
    "status",
    "sku_code",
    "barcode",
    "price_yuan",
    "list_price_yuan",
    COST,
    "weight_grams",
    "volume_cm3",
    STOCK,
)
CHUNK = 500
Row = dict[str, Any]


def export_file(
    *,
    kind: str,
    category: str,
    status: str,
    warehouse: str,
    without: Collection[str],
    at: datetime,
) -> HttpResponseBase:
    """The goods below a category (empty: all) as CSV, XLSX or JSONL, with the stock of a warehouse
    (empty: all of them together); ``without`` the columns that the reader may not see."""
    asked = GoodsQuery(category=category, status=status)
    rows = _with_stock(export_goods(asked), warehouse)
    columns = [column for column in COLUMNS if column not in without]
    if not warehouse:
        columns = [STOCK_SUM if column == STOCK else column for column in columns]
    name = f"goods-{clock.day_of(at):%Y%m%d}.{kind}"
    if kind == "jsonl":
        return _download(_json_lines(rows, columns), "application/x-ndjson", name)
    axes = export_axes(asked)
    header = [
        *columns,
        *(f"option:{title}" for title in axes.options),
        *(f"attr:{title}" for title in axes.attributes),
    ]
    table = (_cells(row, columns, axes.options, axes.attributes) for row in rows)
    if kind == "csv":
        return csv_response(name, header, table)
    return _download(_workbook(header, table), XLSX, name)


def _with_stock(rows: Iterator[Row], warehouse: str) -> Iterator[Row]:
    """Each SKU with the pieces on hand; a bundle has none of its own. Queries: 1 for each 500."""
    named = STOCK if warehouse else STOCK_SUM
    while chunk := list(islice(rows, CHUNK)):
        items = StockItem.objects.of_skus([row["sku_id"] for row in chunk]).order_by()
        if warehouse:
            items = items.filter(warehouse__code=warehouse)
        pieces = dict(items.values_list("sku_id").annotate(pieces=Sum("on_hand")))
        for row in chunk:
            yield {**row, named: "" if row["is_bundle"] else pieces.get(row["sku_id"], 0)}


def _cells(
    row: Row, columns: Sequence[str], options: Sequence[str], attributes: Sequence[str]
) -> list[Any]:
    return [
        *(row[column] for column in columns),
        *(row["options"].get(title, "") for title in options),
        *(row["attributes"].get(title, "") for title in attributes),
    ]


def _json_lines(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[bytes]:
    for row in rows:
        names = (*columns, "options", "attributes")
        kept = {name: row[name] for name in names if _is_said(row, name)}
        yield json.dumps(kept, ensure_ascii=False).encode() + b"\n"


def _is_said(row: Row, name: str) -> bool:
    """No pieces are something to say; no weight is not."""
    return bool(row[name]) or (name in (STOCK, STOCK_SUM) and row[name] == 0)


def _workbook(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([safe_cell(title) for title in header])
    for row in rows:
        sheet.append([safe_cell(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    yield content.getvalue()


def _download(body: Iterable[bytes], kind: str, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
