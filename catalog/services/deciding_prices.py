"""Price changes decided, called off, written when due; limited prices ended. Source: C-28, C-74."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.errors import MakerIsChecker, PriceChangeSettled, PriceReasonMissing
from catalog.models import PriceChange, PriceGuard, Sku
from catalog.services.asking_prices import plan_ways_back
from catalog.services.outdating import outdate_listings
from catalog.services.pricing import settle_due
from catalog.services.shelving import mark_shelf
from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound

BATCH = 200
Status = PriceChange.Status


@transaction.atomic
def approve_price_change(*, change_id: int, at: datetime, actor: Any) -> PriceChange:
    """Let a waiting price hold: at once when its time has come, else from its time on.

    Locks: the SKU. Raises: MakerIsChecker, PriceChangeSettled. Emits: PricesChanged.
    """
    sku, change = _held(change_id)
    if change.status != Status.WAITING or (change.ends_at is not None and change.ends_at <= at):
        raise _settled(sku, change)
    if change.maker_id is None or change.maker_id == actor.pk:
        raise MakerIsChecker(sku=sku.code)
    settle_due([sku], at)
    change.status = Status.SCHEDULED
    change.checker, change.checked_at = actor, at
    change.effective_at = max(change.effective_at, at)
    change.save()
    plan_ways_back([change])
    _trail("catalog.approve_price", change, Status.WAITING, actor, at)
    settle_due([sku], at)
    mark_shelf([sku.product_id])
    change.refresh_from_db()
    return change


@transaction.atomic
def return_price_change(*, change_id: int, answer: str, at: datetime, actor: Any) -> PriceChange:
    """Say no to a waiting price, with the reason. Locks: the SKU.

    Raises: PriceReasonMissing, PriceChangeSettled.
    """
    sku, change = _held(change_id)
    if not answer:
        raise PriceReasonMissing(sku=sku.code)
    if change.status != Status.WAITING:
        raise _settled(sku, change)
    change.status, change.answer = Status.RETURNED, answer
    change.checker, change.checked_at = actor, at
    change.save()
    _trail("catalog.return_price", change, Status.WAITING, actor, at)
    return change


@transaction.atomic
def cancel_price_change(*, change_id: int, at: datetime, actor: Any) -> PriceChange:
    """Call off a price that waits or has not begun, and its way back with it.

    The way back of a limited price cannot be called off alone. Locks: the SKU.
    Raises: PriceChangeSettled.
    """
    sku, change = _held(change_id)
    settle_due([sku], at)
    change.refresh_from_db()
    before = change.status
    if before not in (Status.WAITING, Status.SCHEDULED) or change.follows_id is not None:
        raise _settled(sku, change)
    change.status = Status.CANCELLED
    change.checked_at = at
    change.save()
    change.ways_back.scheduled().update(status=Status.CANCELLED)
    _trail("catalog.cancel_price", change, before, actor, at)
    mark_shelf([sku.product_id])
    return change


def apply_due_prices(at: datetime) -> int:
    """Write the prices that came due into SKUs and history; returns how many SKUs.

    Nobody waits for it: reads see a due price anyway. One transaction for 200 SKUs.
    """
    total = 0
    while done := _apply_batch(at):
        total += done
    return total


@atomic_retry()
def _apply_batch(at: datetime) -> int:
    due = PriceChange.objects.due(at).order_by("effective_at", "pk")
    ids = set(due.values_list("sku_id", flat=True)[:BATCH])
    return len(settle_due(list(Sku.objects.filter(pk__in=ids).locked()), at)) if ids else 0


@transaction.atomic
def count_loss_sales(*, pieces: Mapping[int, int], at: datetime) -> list[int]:
    """Count pieces sold (SKU id -> pieces) against the quotas of prices below cost.

    A price whose quota is used up ends at once; returns its SKUs. Orders placed keep theirs, so
    the count may pass the quota by what was ordered at the same moment. Locks: SKUs, pk order.
    Queries: 1 when no such price is in force. Emits: PricesChanged when one ends.
    """
    open_ones = PriceChange.objects.of_skus(pieces).losing()
    ids = set(open_ones.values_list("sku_id", flat=True))
    if not ids:
        return []
    skus = list(Sku.objects.filter(pk__in=ids).locked())
    settle_due(skus, at)
    used_up = []
    for change in PriceChange.objects.of_skus(ids).losing():
        change.sold += pieces[change.sku_id]
        change.save(update_fields=["sold"])
        if change.sold >= (change.quota or 0):
            used_up.append(change)
    for change in used_up:
        change.ways_back.scheduled().update(effective_at=at)
    return settle_due(skus, at) if used_up else []


@transaction.atomic
def save_price_guard(*, values: Mapping[str, Any], at: datetime, actor: Any) -> PriceGuard:
    """Set the limits from which a price asks for a second look; by another spread listings are
    graded again. Emits: ListingsOutdated."""
    guard, _made = PriceGuard.objects.get_or_create(pk=1)
    before = {name: getattr(guard, name) for name in values}
    for name, value in values.items():
        setattr(guard, name, value)
    guard.save()
    audit.record(
        actor=actor,
        verb="catalog.save_price_guard",
        target=guard,
        at=at,
        before=before,
        after=dict(values),
    )
    if before.get("spread_bp") != values.get("spread_bp"):
        outdate_listings(at=at)
    return guard


def _held(change_id: int) -> tuple[Sku, PriceChange]:
    """The SKU, locked first, then its change as it is now. Raises: NotFound."""
    sku_id = PriceChange.objects.filter(pk=change_id).values_list("sku_id", flat=True).first()
    if sku_id is None:
        raise NotFound
    sku = Sku.objects.locked().get(pk=sku_id)
    return sku, PriceChange.objects.get(pk=change_id)


def _settled(sku: Sku, change: PriceChange) -> PriceChangeSettled:
    return PriceChangeSettled(sku=sku.code, status=change.get_status_display())


def _trail(verb: str, change: PriceChange, before: str, actor: Any, at: datetime) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        target=change,
        at=at,
        before={"status": before},
        after={"status": str(change.status), "price_fen": change.price_fen},
    )
