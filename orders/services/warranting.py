"""Warranties on top, given once an order is paid. Source: requirement O-30.

What counts is when the order was placed: a rule that ended before it was paid, or before the worker
came to it, still holds for it. So a rule that has begun is never taken back, narrowed or removed:
it only ends, and not before the last page that promises it is gone.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Subquery

from mall.kernel import audit, caching, clock
from orders.errors import WarrantyPromised
from orders.models import Order, Warranty, WarrantyRule
from orders.selectors.warranting import MARGIN
from orders.services.giving import is_kept
from orders.warranty_days import last_day

PROMISED = {"months", "starts_at", "categories", "products"}
ENDING = {"ends_at", "is_on"}


@transaction.atomic
def save_warranty_rule(
    *, rule: WarrantyRule, changes: Mapping[str, Any], at: datetime, actor: Any = None
) -> None:
    """Save a rule of which ``changes`` are typed; pages and checkouts know it at once.

    Of a rule that has begun only words and end change, and its end lies no nearer than pages still
    promise it; switching it off ends it then. Raises: WarrantyPromised. Queries: 3.
    """
    stored = WarrantyRule.objects.filter(pk=rule.pk).first()
    after = {name: str(value) for name, value in changes.items()}
    if stored is not None and stored.has_begun(at):
        over = ENDING if stored.ends_at <= at else set()
        if not (PROMISED | over).isdisjoint(changes):
            raise WarrantyPromised
        soonest = min(stored.ends_at, _whole_second(at + MARGIN))
        rule.ends_at = max(rule.ends_at, soonest) if rule.is_on else soonest
        rule.is_on = True
        after |= {"ends_at": rule.ends_at.isoformat(), "is_on": "True"}
    rule.save()
    _record("save_warrantyrule", rule, after, at=at, actor=actor)


@transaction.atomic
def remove_warranty_rule(*, rule: WarrantyRule, at: datetime, actor: Any = None) -> None:
    """Remove a rule under which no order was placed yet. Raises: WarrantyPromised. Queries: 4."""
    if rule.has_begun(at):
        raise WarrantyPromised
    _record("remove_warrantyrule", rule, {}, at=at, actor=actor)
    rule.delete()


def _record(
    verb: str, rule: WarrantyRule, after: Mapping[str, str], *, at: datetime, actor: Any
) -> None:
    audit.record(actor=actor, verb=f"orders.{verb}", target=rule, after=dict(after), at=at)
    caching.changed(caching.CONTENT)


def _whole_second(at: datetime) -> datetime:
    """This second or the next: forms show no parts of one and would take them away again."""
    return (at + timedelta(seconds=1, microseconds=-1)).replace(microsecond=0)


@transaction.atomic
def give_warranties(*, order_id: int, at: datetime) -> int:
    """Attach to each line of a paid order the longest warranty that was on offer; returns how many.

    Once a line, gifts excepted. Locks: the order. Queries: 1, 6 when a rule was on.
    """
    placed_at = Subquery(Order.objects.filter(pk=order_id).values("placed_at"))
    rules = list(
        WarrantyRule.objects.on_at(placed_at)
        .prefetch_related("categories", "products")
        .order_by("-months", "pk")
    )
    if not rules:
        return 0
    order = Order.objects.locked().get(pk=order_id)
    if not is_kept(order):
        return 0
    begins_on = clock.day_of(order.paid_at or at)
    rows = []
    lines = order.lines.filter(is_gift=False, product__isnull=False, warranty__isnull=True)
    for line in lines.select_related("product__category"):
        product = line.product
        if product is None or line.refunded >= line.quantity:
            continue
        rule = _longest(rules, product.pk, product.category.path_ids)
        if rule is not None:
            rows.append(
                Warranty(
                    line=line,
                    rule=rule,
                    title_zh=rule.title_zh,
                    title_en=rule.title_en,
                    months=rule.months,
                    begins_on=begins_on,
                    ends_on=last_day(begins_on, rule.months),
                )
            )
    return len(Warranty.objects.bulk_create(rows))


def _longest(
    rules: Sequence[WarrantyRule], product_id: int, category_path: Collection[int]
) -> WarrantyRule | None:
    """The first that covers the goods: they come longest first."""
    return next((rule for rule in rules if rule.covers(product_id, category_path)), None)
