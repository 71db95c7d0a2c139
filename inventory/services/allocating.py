"""From locked stock rows to a decision that can be explained: what `inventory.routing` decides,
written down once per order. Source: requirements O-29, O-52, I-16.

The facts that routing needs come with the rows themselves (`with_terms`), so deciding asks the
database nothing and logging is one insert, whatever the number of lines.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any, TypeVar

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from catalog.models import Sku
from inventory import routing
from inventory.errors import OutOfStock, TooManyParcels
from inventory.models import AllocationLog, NextDayCity, RoutingPolicy, StockItem, Warehouse

CITY_DIGITS = 4
MOST_HOUSES = 1000
POLICY_FIELDS = ("prefer", "whole_order_first", "max_parcels", "promise_hours")
ANYWHERE = routing.Policy("priority", whole_order_first=False, max_parcels=MOST_HOUSES)
"""For pieces that no address asks for: an activity may hold what lies anywhere."""

Rows = TypeVar("Rows", bound=QuerySet)


def with_terms(rows: Rows, region_code: str, warehouse: str = "warehouse") -> Rows:
    """Stock rows with their warehouse (at the path ``warehouse``) and the terms of routing."""
    policy = RoutingPolicy.objects.filter(pk=1).values(
        terms=JSONObject(**{name: name for name in POLICY_FIELDS})
    )
    pair = NextDayCity.objects.filter(
        warehouse=OuterRef(f"{warehouse}_id"), city_code=region_code[:CITY_DIGITS]
    )
    return rows.select_related(warehouse).annotate(
        routing_terms=Subquery(policy[:1]), next_day_until=Subquery(pair.values("cut_off")[:1])
    )


def policy_of(rows: Iterable[Any]) -> routing.Policy:
    """The policy that came with rows of `with_terms`; the defaults before it was ever saved."""
    terms = next((row.routing_terms for row in rows), None)
    return routing.Policy(**terms) if terms else routing.Policy()


def house_of(warehouse: Warehouse, next_day_until: time | None = None) -> routing.House:
    """A warehouse as routing sees it."""
    point = None
    if warehouse.latitude is not None and warehouse.longitude is not None:
        point = routing.Point(float(warehouse.latitude), float(warehouse.longitude))
    return routing.House(
        id=warehouse.pk,
        code=warehouse.code,
        region_code=warehouse.region_code,
        prefixes=tuple(warehouse.served_prefixes),
        priority=warehouse.priority,
        is_supplier=warehouse.kind == Warehouse.Kind.SUPPLIER,
        point=point,
        parcel_cost_fen=warehouse.parcel_cost_fen,
        cut_off=warehouse.cut_off,
        next_day_until=next_day_until,
    )


def shelf_of(item: StockItem) -> routing.Shelf:
    """Free pieces of a stock row of `with_terms`."""
    house = house_of(item.warehouse, getattr(item, "next_day_until", None))
    return routing.Shelf(item.pk, item.sku_id, item.available, house)


def decide(
    shelves: Iterable[routing.Shelf],
    wanted: Mapping[str, tuple[int, int]],
    region_code: str,
    policy: routing.Policy,
) -> routing.Plan:
    """What `routing.plan` decides, its refusals as errors. Raises: OutOfStock, TooManyParcels."""
    answer = routing.plan(wanted, shelves, region_code, policy)
    if isinstance(answer, routing.Shortage):
        code = Sku.objects.values_list("code", flat=True).get(pk=answer.sku_id)
        raise OutOfStock(sku=code, available=answer.available)
    if isinstance(answer, routing.Scattered):
        raise TooManyParcels(parcels=answer.parcels, limit=answer.limit)
    return answer


def log_allocation(
    columns: Mapping[str, Any],
    decided: routing.Plan,
    policy: routing.Policy,
    warehouses: Iterable[Warehouse],
    at: datetime,
) -> AllocationLog:
    """Write down one decision with its reasons and what it promises; ``columns`` name the order,
    the attempt, the stock and the region. Queries: 1."""
    titles = {house.pk: (house.title_zh, house.title_en) for house in warehouses}
    used = {one.house.id: one.house for one in decided.houses if one.house.id in decided.house_ids}
    promises = {
        pk: routing.promise(house, columns["region_code"], at, policy) for pk, house in used.items()
    }
    last = routing.slowest(promises.values())
    decisive = next(pk for pk in decided.house_ids if promises[pk] == last)
    return AllocationLog.objects.create(
        **columns,
        warehouse_id=decisive,
        parcels=len(used),
        promise_code=last.code,
        promised_at=last.due,
        pay_by=last.pay_by,
        later_code=last.later_code,
        later_at=last.later,
        facts=_facts(decided, policy, titles),
        at=at,
    )


def _facts(
    decided: routing.Plan, policy: routing.Policy, titles: Mapping[int, tuple[str, str]]
) -> dict[str, Any]:
    return {
        "policy": {name: getattr(policy, name) for name in POLICY_FIELDS},
        "houses": [
            {
                **one.as_json(),
                "title_zh": titles[one.house.id][0],
                "title_en": titles[one.house.id][1],
            }
            for one in decided.houses
        ],
        "lines": [
            {
                "line": pick.line_key,
                "house": pick.house_id,
                "pieces": pick.pieces,
                "reason": pick.reason,
                "passed": [list(one) for one in pick.passed],
            }
            for pick in decided.picks
        ],
    }
