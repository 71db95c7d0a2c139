"""What a source row is: goods, freight, a return, a write-off, a fee. Pure. Rules:
docs/imports.md."""

import re
from enum import StrEnum

from orders.importing.rows import Row

GOODS = re.compile(r"[0-9]{5}[A-Z]*|DCGS[0-9A-Z]*|PADS|SP[0-9]{4}")
FREIGHT = frozenset({"POST", "DOT", "C2", "C3"})
FEES = frozenset({"BANK CHARGES", "AMAZONFEE"})
ADJUSTMENTS = frozenset({"ADJUST", "ADJUST2", "B"})


class Kind(StrEnum):
    """Where a row goes is decided by its kind."""

    GOODS = "goods"
    GIFT = "gift"
    VOUCHER = "voucher"
    MANUAL = "manual"
    FREIGHT = "freight"
    RETURN = "return"
    CREDIT = "credit"
    FEE = "fee"
    ADJUSTMENT = "adjustment"
    SAMPLE = "sample"
    BAD_DEBT = "bad_debt"
    WRITE_OFF = "write_off"
    FOUND = "found"
    TEST = "test"
    NOTHING = "nothing"


SOLD = frozenset({Kind.GOODS, Kind.GIFT, Kind.VOUCHER, Kind.MANUAL})
LEDGER = frozenset({Kind.CREDIT, Kind.FEE, Kind.ADJUSTMENT, Kind.SAMPLE, Kind.BAD_DEBT})
STOCK = frozenset({Kind.WRITE_OFF, Kind.FOUND})


def sort_row(row: Row) -> Kind:
    """The kind of one row; every row has exactly one."""
    code = row.stock_code
    if code.startswith("TEST"):
        return Kind.TEST
    if row.invoice.startswith("A"):
        return Kind.BAD_DEBT
    if row.price_thousandths == 0:
        return _free(row)
    special = _special(code)
    if special is not None:
        return special
    if row.invoice.startswith("C") or row.amount_thousandths < 0:
        return Kind.RETURN if GOODS.fullmatch(code) and row.quantity < 0 else Kind.CREDIT
    if code in FREIGHT:
        return Kind.FREIGHT
    if code.startswith("GIFT"):
        return Kind.VOUCHER
    return Kind.GOODS if GOODS.fullmatch(code) else Kind.MANUAL


def _special(code: str) -> Kind | None:
    if code in FEES:
        return Kind.FEE
    if code in ADJUSTMENTS:
        return Kind.ADJUSTMENT
    return Kind.SAMPLE if code == "S" else None


def _free(row: Row) -> Kind:
    """A row without a price: a gift to a known customer, else stock that was lost or found."""
    if not GOODS.fullmatch(row.stock_code) or row.invoice.startswith("C"):
        return Kind.NOTHING
    if row.quantity < 0:
        return Kind.WRITE_OFF
    return Kind.GIFT if row.customer else Kind.FOUND
