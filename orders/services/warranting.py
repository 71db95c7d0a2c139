"""Warranties on top, given once an order is paid. Source: requirement O-30.

What counts is when the order was placed: a rule that ended before it was paid, or before the worker
came to it, still holds for it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Subquery

from mall.kernel import clock
from orders.models import Order, Warranty, WarrantyRule
from orders.services.giving import is_kept
from orders.warranty_days import last_day


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
