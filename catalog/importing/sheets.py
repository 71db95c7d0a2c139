"""CSV, XLSX and JSONL files as numbered rows of cells. Formulas stay formulas, never results."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from catalog.importing.cells import Formula

MAX_BYTES = 64 * 1024 * 1024
MAX_UNPACKED = 512 * 1024 * 1024
MAX_LINE = 1024 * 1024

Row = tuple[int, dict[str, Any]]


class UnreadableFile(ValueError):
    """The file as a whole cannot be read."""


def read_sheet(path: Path, *, file_format: str = "auto") -> Iterator[Row]:
    """(line number, cells by column name) of a file. Raises: UnreadableFile."""
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableFile(_("The file is larger than 64 MB."))
    kind = _kind(path) if file_format == "auto" else file_format
    reader = READERS.get(kind)
    if reader is None:
        raise UnreadableFile(_("The file is neither CSV, XLSX nor JSONL."))
    return reader(path)


def read_json_lines(path: Path) -> Iterator[Row]:
    """The objects of a .jsonl or .jsonl.gz file; numbers with a point stay exact (Decimal)."""
    for number, line in enumerate(_unpacked(path).decode("utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE:
            raise UnreadableFile(_("Line %(line)s is too long.") % {"line": number})
        try:
            row = json.loads(line, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            raise UnreadableFile(_("Line %(line)s is not JSON.") % {"line": number}) from error
        if not isinstance(row, dict):
            raise UnreadableFile(_("Line %(line)s is not a JSON object.") % {"line": number})
        yield number, row


def _kind(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    return name.rpartition(".")[2].replace("ndjson", "jsonl").replace("tsv", "csv")


def _unpacked(path: Path) -> bytes:
    if path.suffix.lower() != ".gz":
        return path.read_bytes()
    try:
        with gzip.open(path) as file:
            content = file.read(MAX_UNPACKED + 1)
    except (OSError, EOFError) as error:
        raise UnreadableFile(_("The packed file is broken.")) from error
    if len(content) > MAX_UNPACKED:
        raise UnreadableFile(_("The file unpacks to more than 512 MB."))
    return content


def _read_csv(path: Path) -> Iterator[Row]:
    content = _decoded(_unpacked(path))
    header_line = content.split("\n", 1)[0]
    delimiter = max(",\t;", key=header_line.count)
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(rows, [])]
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield rows.line_num, dict(zip(header, cells, strict=False))
    except csv.Error as error:
        raise UnreadableFile(_("Line %(line)s is not CSV.") % {"line": rows.line_num}) from error


def _decoded(content: bytes) -> str:
    """UTF-8, or GB 18030 as Chinese spreadsheets save it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_("The text is neither UTF-8 nor GB 18030."))


def _read_xlsx(path: Path) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise UnreadableFile(_("The file unpacks to more than 512 MB."))
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(_("The file is not a spreadsheet.")) from error
    try:
        rows = book.worksheets[0].iter_rows()
        header = [str(cell.value or "").strip() for cell in next(rows, ())]
        for number, cells in enumerate(rows, 2):
            values = [_cell(cell) for cell in cells]
            if any(value not in (None, "") for value in values):
                yield number, dict(zip(header, values, strict=False))
    finally:
        book.close()


def _cell(cell: Any) -> Any:
    return Formula(cell.value) if cell.data_type == "f" else cell.value


READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "csv": _read_csv,
    "xlsx": _read_xlsx,
    "jsonl": read_json_lines,
}
