"""Invoices as orders, and returns matched to what was bought. Pure. Rules: docs/imports.md."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from mall.kernel.money import half_up
from orders.importing.rows import Row
from orders.importing.sorting import SOLD, Kind


@dataclass(slots=True)
class DealLine:
    """One sold row. ``returned`` pieces came back later, for ``refunded_fen``."""

    row: Row
    kind: Kind
    amount_fen: int
    returned: int = 0
    refunded_fen: int = 0

    def take_back(self, pieces: int) -> int:
        """Return ``pieces`` of the line; the fen that go back, exact over any sequence of
        returns."""
        before, after = self.returned, self.returned + pieces
        quantity = self.row.quantity
        fen = self.amount_fen * after // quantity - self.amount_fen * before // quantity
        self.returned, self.refunded_fen = after, self.refunded_fen + fen
        return fen


@dataclass(slots=True)
class Deal:
    """One invoice with something sold on it."""

    invoice: str
    at: datetime
    customer: str
    country: str
    lines: list[DealLine] = field(default_factory=list)
    freight_fen: int = 0

    @property
    def goods_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def refunded_fen(self) -> int:
        return sum(line.refunded_fen for line in self.lines)

    @property
    def is_all_returned(self) -> bool:
        return all(line.returned == line.row.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class Refunded:
    """Money back on one order by one cancellation invoice."""

    deal: Deal
    cancellation: str
    at: datetime
    amount_fen: int


def fen_of(row: Row, rate_fen: int) -> int:
    """A row's amount in fen at ``rate_fen`` per unit of its currency, half up, sign kept."""
    amount = row.amount_thousandths * rate_fen
    return half_up(amount, 1000) if amount >= 0 else -half_up(-amount, 1000)


def make_deals(
    sorted_rows: Iterable[tuple[Row, Kind]], rate_fen: int
) -> tuple[list[Deal], list[Refunded], list[Row]]:
    """Orders, refunds on them, and the returns that match no order.

    An invoice that charges freight only has it as a line: an order has at least one.
    """
    deals: dict[str, Deal] = {}
    returns: list[Row] = []
    for row, kind in sorted_rows:
        if kind is Kind.RETURN:
            returns.append(row)
        elif kind in SOLD or kind is Kind.FREIGHT:
            deal = deals.setdefault(
                row.invoice, Deal(row.invoice, row.at, row.customer, row.country)
            )
            deal.lines.append(DealLine(row, kind, fen_of(row, rate_fen)))
    for deal in deals.values():
        _move_freight(deal)
    return list(deals.values()), *_match(deals.values(), returns)


def _move_freight(deal: Deal) -> None:
    goods = [line for line in deal.lines if line.kind is not Kind.FREIGHT]
    if goods:
        deal.freight_fen = sum(line.amount_fen for line in deal.lines if line.kind is Kind.FREIGHT)
        deal.lines = goods


def _match(deals: Iterable[Deal], returns: list[Row]) -> tuple[list[Refunded], list[Row]]:
    """A return takes pieces from the latest earlier order of the same customer, code and price."""
    bought: dict[tuple[str, str, int], list[tuple[Deal, DealLine]]] = defaultdict(list)
    for deal in deals:
        for line in deal.lines:
            if deal.customer and line.kind is Kind.GOODS:
                key = (deal.customer, line.row.stock_code, line.row.price_thousandths)
                bought[key].append((deal, line))
    amounts: dict[tuple[str, str], Refunded] = {}
    unmatched = []
    for row in returns:
        key = (row.customer, row.stock_code, row.price_thousandths)
        found = _pieces_for(row, bought.get(key, ()))
        if found is None:
            unmatched.append(row)
            continue
        for deal, line, pieces in found:
            fen = line.take_back(pieces)
            name = (deal.invoice, row.invoice)
            before = amounts[name].amount_fen if name in amounts else 0
            amounts[name] = Refunded(deal, row.invoice, row.at, before + fen)
    return list(amounts.values()), unmatched


def _pieces_for(
    row: Row, candidates: Iterable[tuple[Deal, DealLine]]
) -> list[tuple[Deal, DealLine, int]] | None:
    wanted, taken = -row.quantity, []
    for deal, line in reversed(list(candidates)):
        free = line.row.quantity - line.returned
        if deal.at <= row.at and free:
            pieces = min(free, wanted)
            taken.append((deal, line, pieces))
            wanted -= pieces
        if not wanted:
            return taken
    return None
