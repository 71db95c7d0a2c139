"""A batch of goods at once. Source: requirement C-50."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.importing import GoodsRecord
from catalog.models import Sku
from catalog.services.importing.finding import LOCK
from catalog.services.importing.fresh import Draft, draft, write
from catalog.services.importing.known import Known
from catalog.services.importing.one import Arrival, import_goods
from catalog.services.importing.same import products_of, unchanged
from catalog.services.indexing import indexed_once
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
    answers: dict[str, Arrival | Refusal] = {}
    with indexed_once():
        there = products_of(records)
        for record in records:
            product = there.get(record.code)
            same = unchanged(record, product, known) if product else None
            if same is not None:
                answers[record.code] = same
        drafts = _drafts([record for record in records if record.code not in there], known, actor)
        arrivals = write(drafts, at=at, actor=actor) if drafts else []
        for made, arrival in zip(drafts, arrivals, strict=True):
            answers[made.record.code] = arrival
        for record in records:
            if record.code not in answers:
                answers[record.code] = _one(record, at, actor)
    return [answers[record.code] for record in records]


def _drafts(records: Sequence[GoodsRecord], known: Known, actor: Any) -> list[Draft]:
    codes = [sku.code for record in records for sku in record.skus]
    taken = set(Sku.objects.filter(code__in=codes).values_list("code", flat=True))
    drafts = []
    for record in records:
        if any(sku.code in taken for sku in record.skus):
            continue
        try:
            with transaction.atomic():
                made = draft(record, known, actor=actor)
        except ShopError:
            known.forget()
            made = None
        if made is not None:
            drafts.append(made)
    return drafts


def _one(record: GoodsRecord, at: datetime, actor: Any) -> Arrival | Refusal:
    try:
        return import_goods(record, at=at, actor=actor)
    except ShopError as refusal:
        return Refusal(refusal.code, str(refusal))
