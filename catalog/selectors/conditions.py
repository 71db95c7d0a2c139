"""The filters of a list as conditions on its shelf cards, each by name, so that a count can leave
one out."""

import re
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Func, Q, TextField, Value
from django.db.models.functions import Cast

from catalog.models import Category, ProductAttribute
from catalog.selectors.filters import AttributeFilter, CardFilters

ATTRIBUTE = "attr:"
NUMBER = r"^\s*(-?[0-9]{1,12}(?:\.[0-9]{1,4})?)"
DIGITS = DecimalField(max_digits=18, decimal_places=4)


def conditions(filters: CardFilters) -> dict[str, Q]:
    """``category``, ``brand``, ``price``, ``in_stock`` and ``attr:0`` .. for what is asked."""
    return {**of_product(filters, "product__"), **of_card(filters)}


def condition_names(filters: CardFilters) -> list[str]:
    """The names of these conditions, in their order, without building one."""
    asked = {
        "category": filters.category is not None,
        "brand": filters.brand is not None,
        **{f"{ATTRIBUTE}{number}": True for number in range(len(filters.attributes))},
        "price": filters.price_min_fen is not None or filters.price_max_fen is not None,
        "in_stock": filters.in_stock is not None,
    }
    return [name for name, is_asked in asked.items() if is_asked]


def of_product(filters: CardFilters, prefix: str = "") -> dict[str, Q]:
    """The conditions on products; ``prefix`` is the way to them."""
    found: dict[str, Q] = {}
    if filters.category is not None:
        below = Category.objects.filter(path_ids__contains=[filters.category.pk])
        found["category"] = Q((f"{prefix}category_id__in", below.values("pk")))
    if filters.brand is not None:
        found["brand"] = Q((f"{prefix}brand_id", filters.brand.pk))
    for number, wanted in enumerate(filters.attributes):
        found[f"{ATTRIBUTE}{number}"] = Q((f"{prefix}pk__in", _having(wanted)))
    return found


def of_card(filters: CardFilters) -> dict[str, Q]:
    """The conditions on shelf cards: what changes with the price window."""
    found: dict[str, Q] = {}
    price = Q()
    if filters.price_min_fen is not None:
        price &= Q(price_fen__gte=filters.price_min_fen)
    if filters.price_max_fen is not None:
        price &= Q(price_fen__lte=filters.price_max_fen)
    if price:
        found["price"] = price
    if filters.in_stock is not None:
        found["in_stock"] = Q(in_stock=filters.in_stock)
    return found


def number_of(text: str) -> Decimal | None:
    """The number at the beginning of a value, as PostgreSQL reads it below."""
    found = re.match(NUMBER, text)
    return Decimal(found[1]) if found else None


def _having(wanted: AttributeFilter) -> Any:
    """The ids of the goods that have it."""
    rows = ProductAttribute.objects.filter(definition_id__in=wanted.definition_ids)
    asked = Q(value_zh__in=wanted.values) | Q(value_en__in=wanted.values)
    if wanted.ranges:
        cut = Func(F("value_zh"), Value(NUMBER), function="substring", output_field=TextField())
        rows = rows.annotate(number=Cast(cut, DIGITS))
        asked = Q()
        for low, high in wanted.ranges:
            span = Q(number__isnull=False)
            span &= Q(number__gte=low) if low is not None else Q()
            span &= Q(number__lt=high) if high is not None else Q()
            asked |= span
    return rows.filter(asked).values("product_id")
