"""Many parcels from one file: each row stands alone, a bad one keeps no good one back.

Source: requirement O-18. A row that is in the shop already changes nothing, so the same file may
be sent again after its bad rows are mended.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mall.kernel.db import unsafe_reason
from mall.kernel.errors import ShopError
from members.models import Account
from orders.errors import FileRefused, NotInOrder, TooManyRows
from orders.models import Order, Shipment
from orders.services.shipping import left_to_ship, ship_order

COLUMNS = ("order_number", "carrier", "tracking_no")
OPTIONAL = ("sku", "pieces")
MOST_ROWS = 1000
MOST_BYTES = 1024 * 1024
SHIPPED, KNOWN, BAD, WOULD = "shipped", "known", "bad", "would_ship"


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """One row of the file; ``pieces`` 0 means all that is left."""

    line: int
    order_number: str
    carrier: str
    tracking_no: str
    sku: str = ""
    pieces: int = 0


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of one parcel: its rows, the outcome, and why it is bad."""

    lines: tuple[int, ...]
    order_number: str
    outcome: str
    why: str = ""


def read_parcels(content: bytes) -> list[ParcelRow]:
    """The parcels of a CSV file. Raises: FileRefused, TooManyRows."""
    return [_row(number, raw) for number, raw in read_table(content, COLUMNS)]


def read_table(content: bytes, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file in UTF-8 or GB 18030 with the line each is on, its cells trimmed.
    Raises: FileRefused, TooManyRows."""
    if len(content) > MOST_BYTES:
        raise FileRefused(reason="> 1 MiB")
    text = _text(content)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        missing = [name for name in columns if name not in names]
        if missing:
            raise FileRefused(reason=", ".join(missing))
        reader.fieldnames = names
        rows = [
            (number, {str(name): _cell(value) for name, value in raw.items()})
            for number, raw in enumerate(reader, start=2)
            if any(raw.values())
        ]
    except csv.Error as error:
        raise FileRefused(reason=str(error)) from error
    if len(rows) > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS)
    return rows


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if unsafe_reason(text):
            break
        return text
    raise FileRefused(reason="UTF-8 / GB 18030")


def _row(number: int, raw: Mapping[str, str]) -> ParcelRow:
    values = {name: raw.get(name, "") for name in (*COLUMNS, *OPTIONAL)}
    pieces = values.pop("pieces")
    plain = pieces.isascii() and pieces.isdigit() and len(pieces) < 5
    return ParcelRow(line=number, pieces=int(pieces) if plain else -bool(pieces), **values)


def _cell(value: object) -> str:
    """A cell as text, without the apostrophe that keeps a spreadsheet from running it."""
    return str(value or "").strip().removeprefix("'")


def ship_rows(
    rows: Sequence[ParcelRow], *, actor: Account, at: datetime, is_trial: bool
) -> list[RowResult]:
    """Ship the parcels of a file, each in a transaction of its own; a trial undoes each.

    Rows of one order, carrier and tracking number are one parcel. Locks, raises nothing: as
    `ship_order`, its refusals become results.
    """
    parcels: dict[tuple[str, str, str], list[ParcelRow]] = {}
    for row in rows:
        parcels.setdefault((row.order_number, row.carrier, row.tracking_no), []).append(row)
    return [_ship(group, actor, at, is_trial) for group in parcels.values()]


def _ship(rows: Sequence[ParcelRow], actor: Account, at: datetime, is_trial: bool) -> RowResult:
    first, lines = rows[0], tuple(row.line for row in rows)
    why = _malformed(rows)
    if why:
        return RowResult(lines, first.order_number, BAD, why)
    known = Shipment.objects.filter(
        order__number=first.order_number, carrier__code=first.carrier, tracking_no=first.tracking_no
    )
    if known.exists():
        return RowResult(lines, first.order_number, KNOWN)
    try:
        with transaction.atomic():
            ship_order(
                order_number=first.order_number,
                carrier=first.carrier,
                tracking_no=first.tracking_no,
                pieces=_pieces(rows),
                actor=actor,
                at=at,
            )
            if is_trial:
                transaction.set_rollback(True)
    except ShopError as refusal:
        return RowResult(lines, first.order_number, BAD, str(refusal))
    return RowResult(lines, first.order_number, WOULD if is_trial else SHIPPED)


def _malformed(rows: Iterable[ParcelRow]) -> str:
    """The first column that makes no sense, by name; empty when all do."""
    for row in rows:
        for name in COLUMNS:
            if not getattr(row, name):
                return name
        if len(row.tracking_no) > 40:
            return "tracking_no"
        if row.pieces < 0 or (row.pieces and not row.sku):
            return "pieces"
    return ""


def _pieces(rows: Sequence[ParcelRow]) -> dict[int, int] | None:
    """Line id -> pieces, None for all that is left. A SKU on several lines fills them in turn.
    Raises: NotInOrder."""
    if not any(row.sku for row in rows):
        return None
    order = Order.objects.filter(number=rows[0].order_number).first()
    lines = list(order.lines.order_by("position")) if order else []
    wanted: Counter[str] = Counter()
    for row in rows:
        left = sum(left_to_ship(line) for line in lines if line.sku_code == row.sku)
        wanted[row.sku] += row.pieces or left
    pieces: dict[int, int] = {}
    for line in lines:
        number = min(wanted[line.sku_code], left_to_ship(line))
        pieces[line.pk] = number
        wanted[line.sku_code] -= number
    unknown = [sku for sku, number in wanted.items() if number]
    if unknown:
        raise NotInOrder(sku=unknown[0])
    return pieces
