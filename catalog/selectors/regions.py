"""What is sold where: the part of the shelf that one delivery region sees. Source: C-71."""

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, Func, IntegerField, OuterRef, Q, Value
from django.db.models.functions import Cast

from catalog.models import Product, RegionSet

DIGITS = (2, 4, 6)


def prefixes_of(region_code: str) -> list[str]:
    """The codes that a region lies in, its own included, down to an area."""
    return [region_code[:digits] for digits in DIGITS if len(region_code) >= digits]


def sold_to(rows: Any, region_code: str, product: str = "product_id") -> Any:
    """Those of the rows whose product is sold to a region; all of them without one."""
    if not region_code:
        return rows
    limits = Product.sold_in.through.objects.filter(product_id=OuterRef(product))
    holding = limits.filter(regionset__prefixes__overlap=prefixes_of(region_code))
    return rows.filter(~Exists(limits) | Exists(holding))


def forward_in(region_code: str, product: str = "product_id") -> Any:
    """1 for a product that is put forward in a region, else 0; a column to sort by."""
    if not region_code:
        return Value(0, IntegerField())
    sets = Product.promoted_in.through.objects.filter(product_id=OuterRef(product))
    holding = sets.filter(regionset__prefixes__overlap=prefixes_of(region_code))
    return Cast(Exists(holding), IntegerField())


def limits_of(product: str = "product_id") -> ArraySubquery:
    """The prefixes that the product in a column of the outer row is sold to; empty: everywhere."""
    sets = RegionSet.objects.filter(limited_products=OuterRef(product)).order_by()
    return ArraySubquery(
        sets.values(prefix=Func(F("prefixes"), function="unnest", output_field=CharField()))
    )


def region_sets_with(region_code: str, codes: Collection[str]) -> frozenset[str]:
    """Those of the sets, by their codes, that hold the region. Queries: 1."""
    sets = RegionSet.objects.filter(code__in=codes, prefixes__overlap=prefixes_of(region_code))
    return frozenset(sets.order_by().values_list("code", flat=True))


def unsold_in(product_ids: Iterable[int], region_code: str) -> frozenset[int]:
    """Those of the products that are not sold to a region. Queries: 1, none without a region."""
    if not region_code:
        return frozenset()
    limited = Product.objects.filter(Q(pk__in=list(product_ids)), sold_in__isnull=False)
    sold = sold_to(Product.objects.all(), region_code, "pk")
    return frozenset(limited.exclude(pk__in=sold.values("pk")).values_list("pk", flat=True))
