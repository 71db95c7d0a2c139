"""What some pieces of an order are worth when they go back: exact to the fen, whatever the order
of partial refunds. Source: O-45, INV-15, INV-20; design.md, section 5.

The prices of an order are frozen on its lines; no threshold is tested again. Units: fen, pieces,
points.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mall.kernel.money import split
from promotions.engine import refund_of

RETURN, CHARGE, KEEP = "return", "charge", "keep"
"""What becomes of a shipped gift whose goods all go back."""


class Kind(StrEnum):
    """What the buyer wants; the same words as the case's."""

    REFUND_ONLY = "refund_only"
    RETURN_REFUND = "return_refund"
    EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldLine:
    """One frozen line and how much of it is spoken for.

    ``taken`` pieces are paid back or in open cases. Of these ``counted`` go back for money, for
    which ``entitled_fen`` and ``points_back`` are due. ``withdrawn`` will not be shipped.
    """

    id: int
    position: int
    quantity: int
    payable_fen: int
    points: int = 0
    shipped: int = 0
    taken: int = 0
    counted: int = 0
    entitled_fen: int = 0
    points_back: int = 0
    withdrawn: int = 0
    is_gift: bool = False
    value_fen: int = 0
    gift_for: tuple[int, ...] = ()

    @property
    def free(self) -> int:
        """Pieces that no case has asked for."""
        return self.quantity - self.taken

    @property
    def unshipped(self) -> int:
        """Pieces that are still in the house and meant for the buyer."""
        return max(0, min(self.free, self.quantity - self.shipped - self.withdrawn))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the shop has promised: by the reason (``at_fault``: the shop is) and by policy."""

    freight_left_fen: int = 0
    at_fault: bool = False
    gift_policy: str = RETURN


@dataclass(frozen=True, slots=True)
class LineSum:
    """What comes of one line: ``unshipped`` of its pieces never left the house."""

    line_id: int
    quantity: int
    unshipped: int
    entitled_fen: int
    points_back: int
    is_gift: bool = False


@dataclass(frozen=True, slots=True)
class RefundSum:
    """The whole answer. ``is_whole``: nothing of the order's goods is left after it."""

    lines: tuple[LineSum, ...]
    freight_fen: int
    gift_charge_fen: int
    is_whole: bool

    @property
    def goods_fen(self) -> int:
        return sum(line.entitled_fen for line in self.lines)

    @property
    def points_back(self) -> int:
        return sum(line.points_back for line in self.lines)

    @property
    def money_fen(self) -> int:
        """What goes back to where it was paid from."""
        return self.goods_fen + self.freight_fen - self.gift_charge_fen


def cum(amount: int, quantity: int, pieces: int) -> int:
    """What the first ``pieces`` of ``quantity`` are worth together: piece k is worth
    cum(k) - cum(k-1), and all of them exactly ``amount``."""
    return refund_of(amount, quantity, already=0, units=pieces)


def due(amount: int, quantity: int, counted: int, given: int, pieces: int) -> int:
    """What ``pieces`` more are worth after ``counted`` that got ``given`` in all.

    Cases that were withdrawn leave gaps in the count; the last piece evens them out.
    """
    return min(max(0, cum(amount, quantity, counted + pieces) - given), amount - given)


def work_out(
    lines: Sequence[SoldLine], kind: Kind, pieces: Mapping[int, int], terms: Terms
) -> RefundSum:
    """What the wanted ``pieces`` (line id -> number) bring back, gifts that go along included.

    Raises: ValueError when more is wanted than is free.
    """
    wanted = [line for line in lines if pieces.get(line.id)]
    if any(not 0 < pieces[line.id] <= line.free for line in wanted):
        raise ValueError("more pieces than are free")
    if kind == Kind.EXCHANGE:
        swapped = tuple(LineSum(line.id, pieces[line.id], 0, 0, 0) for line in wanted)
        return RefundSum(swapped, 0, 0, is_whole=False)
    own = [_line_sum(line, pieces[line.id], kind) for line in wanted]
    gifts, charge_fen = _gifts(lines, kind, pieces, terms)
    is_whole = all(_counted(line, pieces) == line.quantity for line in lines if not line.is_gift)
    freight_fen = _freight(lines, own, is_whole, terms)
    owed_fen = sum(line.entitled_fen for line in own) + freight_fen
    return RefundSum((*own, *gifts), freight_fen, min(charge_fen, owed_fen), is_whole)


def _line_sum(line: SoldLine, pieces: int, kind: Kind, *, is_gift: bool = False) -> LineSum:
    counted = line.counted
    return LineSum(
        line.id,
        pieces,
        min(pieces, line.unshipped) if kind == Kind.REFUND_ONLY or is_gift else 0,
        due(line.payable_fen, line.quantity, counted, line.entitled_fen, pieces),
        due(line.points, line.quantity, counted, line.points_back, pieces),
        is_gift,
    )


def _counted(line: SoldLine, pieces: Mapping[int, int]) -> int:
    return line.counted + pieces.get(line.id, 0)


def _gifts(
    lines: Sequence[SoldLine], kind: Kind, pieces: Mapping[int, int], terms: Terms
) -> tuple[list[LineSum], int]:
    """Gifts that go along because all their goods do, and what is charged for those that stay."""
    along, charge_fen = [], 0
    for gift in lines:
        if not (gift.is_gift and gift.free and not pieces.get(gift.id)):
            continue
        goods = [line for line in lines if _earns(line, gift)]
        if not goods or not _go_now(goods, pieces):
            continue
        policy = _policy_for(kind, terms)
        going = gift.free if policy == RETURN else gift.unshipped
        if going:
            along.append(_line_sum(gift, going, kind, is_gift=True))
        if policy == CHARGE:
            stays = gift.free - gift.unshipped
            charge_fen += cum(gift.value_fen, gift.quantity, stays)
    return along, charge_fen


def _earns(line: SoldLine, gift: SoldLine) -> bool:
    """True when the gift came with this line; one of before that was noted came with all."""
    return not line.is_gift and (not gift.gift_for or line.position in gift.gift_for)


def _go_now(goods: Iterable[SoldLine], pieces: Mapping[int, int]) -> bool:
    """True when the last of these goods goes with this case."""
    rows = list(goods)
    after = all(_counted(line, pieces) == line.quantity for line in rows)
    return after and any(pieces.get(line.id) for line in rows)


def _policy_for(kind: Kind, terms: Terms) -> str:
    """Where nothing is sent back, or the shop is at fault, a gift is not asked for or charged as
    the policy says."""
    if kind == Kind.REFUND_ONLY:
        return KEEP
    if terms.gift_policy == CHARGE and terms.at_fault:
        return KEEP
    return terms.gift_policy


def _freight(
    lines: Sequence[SoldLine], own: Sequence[LineSum], is_whole: bool, terms: Terms
) -> int:
    """Freight comes back once: when nothing of the order was sent, or for the shop's fault in what
    was."""
    nothing_sent = is_whole and not any(line.shipped for line in lines)
    fault_in_sent = terms.at_fault and any(line.quantity > line.unshipped for line in own)
    return terms.freight_left_fen if nothing_sent or fault_in_sent else 0


def points_by_line(points_used: int, paid_with_points_fen: Sequence[int]) -> list[int]:
    """How many of the points spent on an order belong to each line, by what they paid there."""
    if not any(paid_with_points_fen):
        return [0] * len(paid_with_points_fen)
    return split(points_used, paid_with_points_fen)


def clawback(earned: int, paid_fen: int, kept_before_fen: int, kept_after_fen: int) -> int:
    """Points to take back when less of an order is kept: in sum exactly what it had brought."""
    if paid_fen <= 0:
        return 0
    return earned * kept_before_fen // paid_fen - earned * kept_after_fen // paid_fen


def spread(amount_fen: int, left_fen: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Which payment (id, what is left of it) gives how much: the first as far as it goes.

    Raises: ValueError when all together are not enough.
    """
    parts = []
    for payment_id, left in left_fen:
        part = min(amount_fen, left)
        if part:
            parts.append((payment_id, part))
            amount_fen -= part
    if amount_fen:
        raise ValueError("the payments are not enough for this refund")
    return parts
