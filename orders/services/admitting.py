"""The first thing a door does with an order: who comes too late to a flash sale is told at once,
and a group buy refused to one device too often is put on record.

It stands before the key of the request, the price and every lock; without it the same answer comes
later, out of the transaction. Source: P-19, P-65.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime

from orders.services.quoting import Wanted
from promotions.models import Campaign
from promotions.services import (
    Attempt,
    FlashCounter,
    FlashEntry,
    Footprint,
    group_attempt,
    noting_refusals,
    through_gate,
)


@contextmanager
def admitted(
    member_id: int,
    wanted: Sequence[Wanted] | None,
    *,
    at: datetime,
    footprint: Footprint | None = None,
) -> Iterator[None]:
    """Do what is inside unless ``wanted`` is known to be sold out in its flash sale.

    Queries: none for other goods, else as `through_gate`; 2 when a group buy was refused because
    of where it came from. Raises: OfferSoldOut, OfferBusy.
    """
    entry = _entry(member_id, wanted or ())
    attempt = attempt_of(member_id, wanted or (), footprint, at)
    with (
        nullcontext() if attempt is None else noting_refusals(attempt),
        nullcontext() if entry is None else through_gate(entry),
    ):
        yield


def attempt_of(
    member_id: int, wanted: Sequence[Wanted], footprint: Footprint | None, at: datetime
) -> Attempt | None:
    """An order in a group buy, as the limits of deeds see it; None for other orders, and for one of
    which nobody knows where it came from."""
    for line in wanted:
        if line.offer is not None and line.offer.kind == Campaign.Kind.GROUP and footprint:
            return group_attempt(line.offer.rule_id, member_id, footprint, at)
    return None


def _entry(member_id: int, wanted: Sequence[Wanted]) -> FlashEntry | None:
    for line in wanted:
        if line.offer is not None and line.offer.kind == Campaign.Kind.FLASH:
            counter = FlashCounter(line.offer.rule_id, line.sku_id)
            return FlashEntry(counter, member_id, line.quantity)
    return None
