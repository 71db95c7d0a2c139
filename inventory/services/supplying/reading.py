"""A stock file of a supplier: one code and its pieces a row; good rows are kept, bad ones named."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from inventory.errors import StockFileRefused

MOST_ROWS = 5000
MOST_BYTES = 1024 * 1024
MOST_PIECES = 10_000_000
HEADERS = frozenset({"code", "sku", "编码", "商品编码"})


@dataclass(frozen=True, slots=True)
class StockRow:
    """One row of a message; ``pieces`` is None when it could not be read."""

    number: int
    code: str
    pieces: int | None


def read_stock_file(content: bytes) -> list[StockRow]:
    """The rows of a CSV file in UTF-8 or GB18030, a header left out. Raises: StockFileRefused."""
    if len(content) > MOST_BYTES or b"\x00" in content:
        raise StockFileRefused
    try:
        rows = list(csv.reader(io.StringIO(_text(content))))
    except (csv.Error, UnicodeDecodeError) as error:
        raise StockFileRefused from error
    found = [
        StockRow(number, cells[0].strip()[:60], _pieces(cells))
        for number, cells in enumerate(rows, 1)
        if cells and any(cell.strip() for cell in cells)
    ]
    if found and found[0].code.lower() in HEADERS:
        found = found[1:]
    if len(found) > MOST_ROWS:
        raise StockFileRefused
    return found


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _pieces(cells: Sequence[str]) -> int | None:
    text = cells[1].strip() if len(cells) > 1 else ""
    readable = text.isascii() and text.isdigit() and len(text) <= 8
    return int(text) if readable and int(text) <= MOST_PIECES else None
