"""Which warranty comes with goods that are ordered now. Source: requirement O-30."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from mall.kernel.caching import CONTENT, keep, kept, reading_begins
from orders.models import WarrantyRule

RULES_KEY, RULES_SECONDS = "orders.warranties_on_offer", 60
MARGIN = timedelta(minutes=2)
"""A page that promises one is shown for a while yet: what ends within it is promised no more."""
Goods = tuple[int, Collection[int]]
"""A product and the path of its category, root first."""


def warranty_on_offer(goods: Iterable[Goods], at: datetime) -> Mapping[str, Any] | None:
    """The longest warranty that all of these goods come with now: ``months`` and ``ends_at``; None
    without one. Queries: 3, none within a minute of the last unless a rule was saved."""
    wanted = list(goods)
    fitting = (
        rule
        for rule in _known_rules(at)
        if rule["starts_at"] <= at < rule["ends_at"] - MARGIN
        and all(_covers(rule, *one) for one in wanted)
    )
    return next(fitting, None) if wanted else None


def _covers(rule: Mapping[str, Any], product_id: int, category_path: Collection[int]) -> bool:
    chosen = rule["products"] or rule["categories"]
    of_category = not rule["categories"].isdisjoint(category_path)
    return not chosen or product_id in rule["products"] or of_category


def _known_rules(at: datetime) -> list[dict[str, Any]]:
    known: list[dict[str, Any]] | None = kept(RULES_KEY, tags=(CONTENT,))
    if known is None:
        began_at = reading_begins()
        known = _rules(at)
        keep(RULES_KEY, known, began_at=began_at, tags=(CONTENT,), seconds=RULES_SECONDS)
    return known


def _rules(at: datetime) -> list[dict[str, Any]]:
    rules = WarrantyRule.objects.filter(is_on=True, ends_at__gt=at)
    rules = rules.prefetch_related("categories", "products")
    return [
        {
            "months": rule.months,
            "starts_at": rule.starts_at,
            "ends_at": rule.ends_at,
            "categories": {category.pk for category in rule.categories.all()},
            "products": {product.pk for product in rule.products.all()},
        }
        for rule in rules.order_by("-months", "pk")
    ]
