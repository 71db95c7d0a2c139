"""The first thing a door does with an order: who comes too late to a flash sale is told at once.

It stands before the key of the request, the price and every lock; without it the same answer comes
later, out of the transaction. Source: P-19.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext

from orders.services.quoting import Wanted
from promotions.models import Campaign
from promotions.services import FlashCounter, FlashEntry, through_gate


@contextmanager
def admitted(member_id: int, wanted: Sequence[Wanted] | None) -> Iterator[None]:
    """Do what is inside unless ``wanted`` is known to be sold out in its flash sale.

    Queries: none for other goods, else as `through_gate`. Raises: OfferSoldOut, OfferBusy.
    """
    entry = _entry(member_id, wanted or ())
    with nullcontext() if entry is None else through_gate(entry):
        yield


def _entry(member_id: int, wanted: Sequence[Wanted]) -> FlashEntry | None:
    for line in wanted:
        if line.offer is not None and line.offer.kind == Campaign.Kind.FLASH:
            counter = FlashCounter(line.offer.rule_id, line.sku_id)
            return FlashEntry(counter, member_id, line.quantity)
    return None
