"""A batch of goods at once. Source: requirement C-50."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.importing import GoodsRecord
from catalog.models import Product, Sku
from catalog.services.importing.finding import LOCK
from catalog.services.importing.fresh import Draft, draft, write
from catalog.services.importing.known import Known
from catalog.services.importing.one import Arrival, import_goods
from catalog.services.importing.same import products_of, unchanged
from catalog.services.indexing import indexed_once
from catalog.services.outdating import outdated_once
from mall.kernel.db import advisory_lock
from mall.kernel.errors import ShopError


@dataclasses.dataclass(frozen=True, slots=True)
class Refusal:
    """A record of which nothing was kept, and why."""

    code: str
    reason: str


@transaction.atomic
def import_batch(
    records: Sequence[GoodsRecord], *, at: datetime, actor: Any = None
) -> list[Arrival | Refusal]:
    """Bring these records in, as `import_goods` would one by one; the answers are in their order.

    What is refused keeps nothing of its record; the others stay. Locks: one import at a time; then
    products, pk order. Queries: some 50 for goods that are new or unchanged, however many, and
    those of `import_goods` for every one that changes.
    """
    advisory_lock(LOCK)
    known = Known(at)
    with indexed_once(), outdated_once(at):
        there = products_of(records)
        answers = _unchanged(records, there, known)
        drafts = _drafts(records, set(there), known, actor)
        arrivals = write(list(drafts.values()), at=at, actor=actor) if drafts else []
        answers |= dict(zip(drafts, arrivals, strict=True))
        for place, record in enumerate(records):
            if place not in answers:
                answers[place] = _one(record, at, actor)
    return [answers[place] for place in range(len(records))]


def _unchanged(
    records: Sequence[GoodsRecord], there: Mapping[str, Product], known: Known
) -> dict[int, Arrival | Refusal]:
    """What came of the records that change nothing, by their place in the batch."""
    answers: dict[int, Arrival | Refusal] = {}
    for place, record in enumerate(records):
        product = there.get(record.code)
        same = unchanged(record, product, known) if product else None
        if same is not None:
            answers[place] = same
    return answers


def _drafts(
    records: Sequence[GoodsRecord], seen: set[str], known: Known, actor: Any
) -> dict[int, Draft]:
    """The plain new products, by their place in the batch; the first one of a code alone."""
    codes = [sku.code for record in records if record.code not in seen for sku in record.skus]
    taken = set(Sku.objects.filter(code__in=codes).values_list("code", flat=True))
    drafts = {}
    for place, record in enumerate(records):
        own = {sku.code for sku in record.skus}
        if record.code in seen or own & taken or len(own) < len(record.skus):
            continue
        try:
            with transaction.atomic():
                made = draft(record, known, actor=actor)
        except ShopError:
            known.forget()
            made = None
        if made is not None:
            drafts[place] = made
            seen.add(record.code)
            taken |= own
    return drafts


def _one(record: GoodsRecord, at: datetime, actor: Any) -> Arrival | Refusal:
    try:
        return import_goods(record, at=at, actor=actor)
    except ShopError as refusal:
        return Refusal(refusal.code, str(refusal))
