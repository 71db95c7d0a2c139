"""How many bundles the free pieces of their parts make. Source: requirement C-13; docs/adr/0015.

Per warehouse the least part decides; one that others pack in makes none, and parts that lie apart
are no bundle (`inventory.routing` takes them the same way).
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery

from catalog.models import BundlePart
from inventory.models import StockItem, Warehouse
from inventory.routing import Kit

BUNDLE = "sku__bundled_in__bundle"
UNITS = Min((F("on_hand") - F("reserved")) / F("sku__bundled_in__quantity"))


def bundles_free(rows: QuerySet[StockItem], bundles: Q, named: Sequence[str]) -> QuerySet[Any]:
    """Bundles that stock ``rows`` make, one row a bundle and warehouse: the columns ``named``, then
    how many. ``bundles`` says which, seen from a stock row."""
    parts = BundlePart.objects.filter(bundle=OuterRef(f"{BUNDLE}_id")).order_by().values("bundle")
    wanted = Subquery(parts.annotate(number=Count("pk")).values("number"))
    return (
        rows.exclude(warehouse__kind__in=Warehouse.PACKED_BY_OTHERS)
        .filter(bundles)
        .order_by()
        .values(*dict.fromkeys([f"{BUNDLE}_id", "warehouse_id", *named]))
        .annotate(units=UNITS, there=Count("pk"), wanted=wanted)
        .filter(there=F("wanted"))
        .values_list(*named, "units")
    )


def parts_of(kits: Iterable[Kit]) -> set[int]:
    """The SKUs that these kits take."""
    return {sku_id for kit in kits for sku_id, _each in kit}


def of_bundles(sku_ids: Collection[int]) -> Q:
    """Stock rows of parts of these bundles."""
    return Q(**{f"{BUNDLE}_id__in": list(sku_ids)})


def in_places(held: Iterable[Any]) -> list[list[Any]]:
    """Reservations with their ``warehouse_id``, those of one line in one warehouse together: one
    of ordinary goods, one a part of a bundle."""
    places: dict[tuple[str, int, int], list[Any]] = {}
    for row in held:
        places.setdefault((row.line_key, row.attempt, row.warehouse_id), []).append(row)
    return list(places.values())
