"""An operator's price: asked for with a reason, guarded, decided by a second person if unusual.

¥88 typed as ¥1 never holds unasked. Source: requirements C-28, C-74.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from catalog.errors import (
    BelowCostTermsMissing,
    PriceMissing,
    PriceReasonMissing,
    PriceTimesNotValid,
)
from catalog.models import PriceChange, PriceGuard, Sku
from catalog.pricing import BELOW_COST, Step, approval_needs, highest_offered, last_offered
from catalog.selectors.prices import (
    PlannedPrice,
    planned_prices,
    price_guard,
    price_steps,
)
from catalog.services.pricing import check_price, settle_due
from catalog.services.shelving import mark_shelf

LATELY = timedelta(hours=24)
Status = PriceChange.Status


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PriceWish:
    """Another price for one SKU, at once or from ``effective_at`` on.

    With ``ends_at`` it goes back then to what held before; ``quota`` pieces may be sold at it.
    """

    sku_id: int
    price_fen: int
    list_price_fen: int
    effective_at: datetime | None = None
    ends_at: datetime | None = None
    quota: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class PriceOutcome:
    """What came of the wishes, as SKU ids: written, planned, or waiting for a second person."""

    changed: tuple[int, ...] = ()
    planned: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class _Facts:
    """What the guards look at, read once for all wishes."""

    guard: PriceGuard
    steps: Mapping[int, Sequence[Step]]
    plans: Mapping[int, Sequence[PlannedPrice]]

    def reference_fen(self, sku: Sku, effective_at: datetime) -> int:
        """The highest price that shoppers meet in the 24 hours before, or met last; 0 for goods
        never sold."""
        since, steps = effective_at - LATELY, self.steps.get(sku.pk, ())
        highest = highest_offered(steps, since, effective_at) or last_offered(steps)
        if highest is None:
            return 0
        plans = [plan for plan in self.plans.get(sku.pk, ()) if since < plan.at <= effective_at]
        return max([highest, *(plan.price_fen for plan in plans)])


@transaction.atomic
def ask_prices(
    *, wishes: Sequence[PriceWish], reason: str = "", at: datetime, actor: Any
) -> PriceOutcome:
    """Ask for prices; an ordinary one is written or planned, an unusual one waits.

    One that is in force already is passed over; one that waits already is not asked for twice. A
    later wish for the same instant takes the place of an earlier one. Locks: SKUs, pk order.
    Raises: PriceNotValid, PriceMissing, PriceReasonMissing, PriceTimesNotValid,
    BelowCostTermsMissing; nothing is changed then. Emits: PricesChanged, PricesDropped.
    """
    by_sku = {wish.sku_id: wish for wish in wishes}
    skus = list(Sku.objects.filter(pk__in=by_sku).locked())
    settle_due(skus, at)
    facts = _facts(list(by_sku), at)
    asked = [_change(sku, by_sku[sku.pk], facts, reason, actor, at) for sku in skus]
    changes = _new([change for change in asked if change is not None])
    _replace_earlier(changes)
    PriceChange.objects.bulk_create(changes, batch_size=1000)
    plan_ways_back(changes)
    changed = settle_due(skus, at)
    planned = [change for change in changes if change.status == Status.SCHEDULED]
    planned = [change for change in planned if change.effective_at > at]
    mark_shelf({sku.product_id for sku in skus if sku.pk in {row.sku_id for row in planned}})
    return PriceOutcome(
        changed=tuple(changed),
        planned=tuple(change.sku_id for change in planned),
        waiting=tuple(change.sku_id for change in changes if change.status == Status.WAITING),
    )


def _facts(sku_ids: list[int], at: datetime) -> _Facts:
    return _Facts(
        guard=price_guard(),
        steps=price_steps(sku_ids, None, at),
        plans=planned_prices(sku_ids, at),
    )


def _change(
    sku: Sku, wish: PriceWish, facts: _Facts, reason: str, actor: Any, at: datetime
) -> PriceChange | None:
    """The change a wish asks for; None when the price is in force already."""
    check_price(sku.code, wish.price_fen, wish.list_price_fen)
    effective_at = max(wish.effective_at or at, at)
    if wish.ends_at is not None and wish.ends_at <= effective_at:
        raise PriceTimesNotValid(sku=sku.code)
    old, new = (sku.price_fen, sku.list_price_fen), (wish.price_fen, wish.list_price_fen)
    if old == new and effective_at == at and wish.ends_at is None:
        return None
    needs = _needs(sku, wish, facts, effective_at)
    if not reason and (needs or effective_at > at or wish.ends_at is not None):
        raise PriceReasonMissing(sku=sku.code)
    return PriceChange(
        sku=sku,
        price_fen=wish.price_fen,
        list_price_fen=wish.list_price_fen,
        old_price_fen=sku.price_fen,
        old_list_price_fen=sku.list_price_fen,
        cost_fen=sku.cost_fen,
        effective_at=effective_at,
        ends_at=wish.ends_at,
        quota=wish.quota,
        reason=reason,
        needs=list(needs),
        status=Status.WAITING if needs else Status.SCHEDULED,
        maker=actor,
        asked_at=at,
    )


def _needs(sku: Sku, wish: PriceWish, facts: _Facts, effective_at: datetime) -> tuple[str, ...]:
    if wish.price_fen == sku.price_fen and sku.pk not in facts.plans:
        return ()
    reference_fen = facts.reference_fen(sku, effective_at)
    if not wish.price_fen and reference_fen:
        raise PriceMissing(sku=sku.code)
    needs = approval_needs(
        price_fen=wish.price_fen,
        reference_fen=reference_fen,
        cost_fen=sku.cost_fen,
        drop_bp=facts.guard.drop_bp,
    )
    if BELOW_COST in needs and (wish.quota is None or wish.ends_at is None):
        raise BelowCostTermsMissing(sku=sku.code, cost_fen=sku.cost_fen)
    return needs


def _new(changes: Sequence[PriceChange]) -> list[PriceChange]:
    """Without those that wait already, asked for before in the same words."""
    waiting = PriceChange.objects.of_skus([change.sku_id for change in changes]).waiting()
    known = {_target(change) for change in waiting}
    return [
        change
        for change in changes
        if change.status != Status.WAITING or _target(change) not in known
    ]


def _target(change: PriceChange) -> tuple[Any, ...]:
    later = change.effective_at if change.effective_at > change.asked_at else None
    amounts = (change.price_fen, change.list_price_fen)
    return (change.sku_id, *amounts, later, change.ends_at, change.quota)


def _replace_earlier(changes: Sequence[PriceChange]) -> None:
    """One wish a SKU and instant: earlier ones for the same, or waiting since, are cancelled."""
    wanted = {change.sku_id: change for change in changes}
    rows = PriceChange.objects.of_skus(wanted)
    open_ones = rows.filter(status__in=[Status.WAITING, Status.SCHEDULED], follows=None)
    ids = [
        row.pk
        for row in open_ones
        if max(row.effective_at, wanted[row.sku_id].asked_at) == wanted[row.sku_id].effective_at
    ]
    open_ones.filter(pk__in=ids).update(status=Status.CANCELLED)
    PriceChange.objects.scheduled().filter(follows__in=ids).update(status=Status.CANCELLED)


def plan_ways_back(changes: Sequence[PriceChange]) -> None:
    """The return from each decided price that ends, as a change of its own. Queries: 0 or 1."""
    PriceChange.objects.bulk_create(
        [
            PriceChange(
                sku_id=change.sku_id,
                price_fen=change.old_price_fen,
                list_price_fen=change.old_list_price_fen,
                old_price_fen=change.price_fen,
                old_list_price_fen=change.list_price_fen,
                cost_fen=change.cost_fen,
                effective_at=change.ends_at,
                reason=change.reason,
                status=Status.SCHEDULED,
                maker=change.maker,
                asked_at=change.asked_at,
                follows=change,
            )
            for change in changes
            if change.ends_at is not None and change.status == Status.SCHEDULED
        ]
    )
