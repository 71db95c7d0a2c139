"""What somebody likes, told by their favourites: up to three categories. Source: C-07.

Each favourite weighs 1 on the day it was made and half as much every 90 days later, so tastes
follow what is kept now. Worked out when asked: what was let go counts no more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.expressions import Window
from django.db.models.functions import Extract, Greatest, Power, RowNumber

from catalog.models import Category, Favourite

MOST_TASTES = 3
HALVED_IN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Taste:
    """A category of level 2 that somebody likes: goods stand in it, or below it."""

    category_id: int
    slug: str
    title_zh: str
    title_en: str
    weight: float


def tastes_of(account_id: int, at: datetime) -> list[Taste]:
    """What an account likes, most liked first. Queries: 2."""
    rows = list(_weighed(Favourite.objects.filter(account_id=account_id), at))
    known = Category.objects.in_bulk([category_id for _account, category_id, _weight in rows])
    return [
        Taste(pk, known[pk].slug, known[pk].title_zh, known[pk].title_en, weight)
        for _account, pk, weight in rows
        if pk in known
    ]


def accounts_liking(slug: str, at: datetime) -> set[int]:
    """The accounts that like this category of level 2, or one below this of level 1. Queries: 2."""
    below = Category.objects.filter(slug=slug).values_list("pk", flat=True)
    liked = set(Category.objects.filter(path_ids__overlap=list(below)).values_list("pk", flat=True))
    rows = _weighed(Favourite.objects.all(), at) if liked else ()
    return {account for account, category_id, _weight in rows if category_id in liked}


def _weighed(favourites: QuerySet[Favourite], at: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    """(account, category, weight) of the three categories that weigh most of each account."""
    since = ExpressionWrapper(Value(at, DateTimeField()) - F("at"), DurationField())
    age = Greatest(Extract(since, "epoch"), 0.0, output_field=FloatField())
    weight = Power(0.5, age / HALVED_IN.total_seconds(), output_field=FloatField())
    sums = (
        favourites.order_by()
        .annotate(liked=F("product__category__path_ids__1"))
        .values("account_id", "liked")
        .annotate(weight=Sum(weight))
    )
    place = Window(RowNumber(), partition_by="account_id", order_by=[F("weight").desc(), "liked"])
    found = (
        sums.annotate(place=place).filter(place__lte=MOST_TASTES).order_by("account_id", "place")
    )
    return found.values_list("account_id", "liked", "weight")
