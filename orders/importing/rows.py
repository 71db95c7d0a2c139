"""Reading the source: one row at a time, strict, with the field and the reason of every bad one.
Pure."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

SOURCE_ZONE = ZoneInfo("Europe/London")
COLUMNS = (
    "Invoice",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "Price",
    "CustomerID",
    "Country",
)
INVOICE = re.compile(r"[AC]?[0-9]{6}")
QUANTITY = re.compile(r"-?[0-9]{1,7}")
PRICE = re.compile(r"(-?)([0-9]{1,9})(?:\.([0-9]{1,3}))?")
CUSTOMER = re.compile(r"[0-9]{0,10}")


class Row(NamedTuple):
    """One good source row. ``price_thousandths`` and ``amount_thousandths`` are exact."""

    number: int
    invoice: str
    stock_code: str
    description: str
    quantity: int
    at: datetime
    price_thousandths: int
    customer: str
    country: str

    @property
    def amount_thousandths(self) -> int:
        return self.quantity * self.price_thousandths


class BadRow(NamedTuple):
    """One row that cannot be read: its line in the file, the field and why."""

    number: int
    field: str
    reason: str


def read_rows(lines: Iterable[str]) -> Iterator[Row | BadRow]:
    """Every data row of a CSV as a Row or a BadRow. Raises: ValueError on a wrong header."""
    reader = csv.reader(lines)
    header = next(reader, [])
    if tuple(name.strip().lstrip("\ufeff") for name in header) != COLUMNS:
        raise ValueError(f"the header must be {','.join(COLUMNS)}")
    words: dict[str, str] = {}
    for fields in reader:
        yield _read(reader.line_num, fields, words)


def thousandths(text: str) -> int | None:
    """ "2.1" -> 2100, exactly; None for what is no price of at most three decimals."""
    match = PRICE.fullmatch(text)
    if match is None:
        return None
    sign, whole, part = match.groups()
    value = int(whole) * 1000 + int((part or "").ljust(3, "0"))
    return -value if sign else value


def _read(number: int, fields: list[str], words: dict[str, str]) -> Row | BadRow:
    if len(fields) != len(COLUMNS):
        return BadRow(number, "row", f"{len(fields)} columns instead of {len(COLUMNS)}")
    invoice, code, description, quantity, date, price, customer, country = (
        field.strip() for field in fields
    )
    invoice, code = invoice.upper(), code.upper()
    at, price_thousandths = _instant(date), thousandths(price)
    checks = (
        ("Invoice", INVOICE.fullmatch(invoice), "six digits, with C or A before them or nothing"),
        ("StockCode", 0 < len(code) <= 30, "1 to 30 characters"),
        ("Quantity", QUANTITY.fullmatch(quantity) and int(quantity), "a whole number, not 0"),
        ("InvoiceDate", at, "YYYY-MM-DD HH:MM:SS"),
        ("Price", price_thousandths is not None, "a number with at most three decimals"),
        ("CustomerID", CUSTOMER.fullmatch(customer), "digits or nothing"),
        (
            "Description",
            "\x00" not in description and len(description) <= 120,
            "at most 120 letters",
        ),
        ("Country", "\x00" not in country and len(country) <= 40, "at most 40 letters"),
    )
    for field, good, reason in checks:
        if not good:
            return BadRow(number, field, reason)
    assert at is not None
    assert price_thousandths is not None
    return Row(
        number,
        invoice,
        words.setdefault(code, code),
        words.setdefault(description, description),
        int(quantity),
        at,
        price_thousandths,
        words.setdefault(customer, customer),
        words.setdefault(country, country),
    )


@lru_cache(maxsize=256)
def _instant(text: str) -> datetime | None:
    try:
        local = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SOURCE_ZONE)
    except ValueError:
        return None
    return local.astimezone(UTC)
