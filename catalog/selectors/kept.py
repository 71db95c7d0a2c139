"""What one account keeps in mind, and what it looked at: the latest first. Source: C-07, C-08."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet

from catalog.models import Favourite, Product, ProductView
from catalog.services.viewing import KEPT_DAYS

MOST_FOUND = 100


def favourites_of(account_id: int, at: datetime) -> QuerySet[Favourite]:
    """Favourites that are in the shop; the reader pages them."""
    rows = Favourite.objects.filter(account_id=account_id, product__in=Product.objects.on_shelf(at))
    return rows.order_by("-at", "-pk")


def is_favourite(account_id: int, product_id: int) -> bool:
    """Whether an account keeps this product in mind, in the shop or not. Queries: 1."""
    return Favourite.objects.filter(account_id=account_id, product_id=product_id).exists()


def views_of(account_id: int, at: datetime) -> QuerySet[ProductView]:
    """Products of the shop that were looked at; what is too old is not there, whether or not it
    has been deleted yet."""
    rows = ProductView.objects.filter(
        account_id=account_id,
        at__gte=at - timedelta(days=KEPT_DAYS),
        product__in=Product.objects.on_shelf(at),
    )
    return rows.order_by("-at", "-pk")


def in_the_shop(product_ids: Collection[int], at: datetime) -> list[int]:
    """Those of these products that shoppers may see, in the same order. Queries: 1."""
    wanted = list(dict.fromkeys(product_ids))[:MOST_FOUND]
    there = set(Product.objects.on_shelf(at).filter(pk__in=wanted).values_list("pk", flat=True))
    return [pk for pk in wanted if pk in there]
