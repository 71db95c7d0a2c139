"""Buying an old order again: what can still be bought goes into the cart. Source: O-01, peers'
"buy again"."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from catalog.selectors import SkuFacts, skus_for_pricing
from inventory.selectors import available_pieces
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from orders.models import CartLine, Order, OrderLine
from orders.services.carting import MAX_LINES, MAX_PIECES, CartOwner, bump, open_cart
from orders.services.selecting import Problem


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that could not go along, and why."""

    line: OrderLine
    reason: Problem


@dataclass(frozen=True, slots=True)
class Rebuy:
    """What went into the cart, SKU id to pieces, and what could not."""

    added: Mapping[int, int]
    refused: tuple[Refused, ...]


@atomic_retry()
def buy_again(*, number: str, member_id: int, at: datetime) -> Rebuy:
    """Put the goods of an own order into the cart once more, as many as can be had now.

    Pieces that are in the cart already stay; of a limited or scarce thing it gets what may be had.
    Locks: the cart. Queries: 9 at most, however many lines. Raises: NotFound.
    """
    order = Order.objects.of_member(member_id).filter(number=number).first()
    if order is None:
        raise NotFound
    lines = list(order.lines.filter(is_gift=False).order_by("position"))
    skus = skus_for_pricing([line.sku_id for line in lines if line.sku_id], at)
    free = available_pieces(skus)
    opened = open_cart(CartOwner(member_id=member_id))
    cart = opened.cart
    inside = {line.sku_id: line for line in opened.lines()}
    added: Counter[int] = Counter()
    refused: list[Refused] = []
    for line in lines:
        facts = skus.get(line.sku_id or 0)
        answer = _pieces(line, facts, free, inside)
        if isinstance(answer, Problem):
            refused.append(Refused(line, answer))
            continue
        assert facts is not None, "pieces are of a known SKU"
        row = inside.setdefault(facts.id, CartLine(cart=cart, sku_id=facts.id, quantity=0))
        row.quantity, row.is_selected = row.quantity + answer, True
        row.added_price_fen, row.added_at = facts.price_fen, at
        added[facts.id] += answer
    if added:
        _write([inside[sku_id] for sku_id in added])
        bump(cart, at)
    return Rebuy(added, tuple(refused))


def _pieces(
    line: OrderLine,
    facts: SkuFacts | None,
    free: Mapping[int, int],
    inside: Mapping[int, CartLine],
) -> int | Problem:
    """How many pieces go along, or why none."""
    if facts is None or not facts.is_buyable:
        return Problem.OFF_SHELF
    if not free[facts.id]:
        return Problem.SOLD_OUT
    if facts.id not in inside and len(inside) >= MAX_LINES:
        return Problem.LIMIT
    most = min(free[facts.id], MAX_PIECES, facts.most_pieces or MAX_PIECES)
    held = inside[facts.id].quantity if facts.id in inside else 0
    return min(line.quantity, most - held) if held < most else Problem.LIMIT


def _write(rows: list[CartLine]) -> None:
    CartLine.objects.bulk_create([row for row in rows if row.pk is None])
    known = [row for row in rows if row.pk is not None]
    CartLine.objects.bulk_update(known, ["quantity", "is_selected", "added_price_fen", "added_at"])
