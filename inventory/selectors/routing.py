"""What routing has to know, and what it has decided. Source: requirements I-15, I-16, O-52."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, TypeVar

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from inventory import routing
from inventory.models import (
    AllocationLog,
    NextDayCity,
    Reservation,
    RoutingPolicy,
    StockItem,
    Warehouse,
)
from inventory.selectors.bundles import parts_of
from mall.kernel import regions
from mall.kernel.db import Prepared

CITY_DIGITS = 4
POLICY_FIELDS = ("prefer", "whole_order_first", "max_parcels", "promise_hours")

Rows = TypeVar("Rows", bound=QuerySet[Any])


def city_of(region_code: str) -> str:
    """The city of a region, as `with_terms` takes it."""
    return region_code[:CITY_DIGITS]


def with_terms(rows: Rows, city_code: str, warehouse: str = "warehouse") -> Rows:
    """Stock rows with their warehouse (at the path ``warehouse``) and the terms of routing to a
    city, so that deciding asks the database nothing more."""
    policy = RoutingPolicy.objects.filter(pk=1).values(
        terms=JSONObject(**{name: name for name in POLICY_FIELDS})
    )
    pair = NextDayCity.objects.filter(warehouse=OuterRef(f"{warehouse}_id"), city_code=city_code)
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
        makes_bundles=warehouse.kind not in Warehouse.PACKED_BY_OTHERS,
        point=point,
        parcel_cost_fen=warehouse.parcel_cost_fen,
        cut_off=warehouse.cut_off,
        next_day_until=next_day_until,
    )


def shelf_of(item: Any) -> routing.Shelf:
    """Free pieces of a stock row of `with_terms`."""
    house = house_of(item.warehouse, item.next_day_until)
    return routing.Shelf(item.pk, item.sku_id, item.available, house)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is free of some SKUs, and when it would arrive in one region."""

    region_code: str
    shelves: Sequence[routing.Shelf]
    policy: routing.Policy
    sku_ids: Collection[int]
    kits: Mapping[int, routing.Kit] = field(default_factory=dict)

    @property
    def available(self) -> dict[int, int]:
        """Free pieces by SKU id, as `available_pieces` gives them."""
        pieces = dict.fromkeys(self.sku_ids, 0)
        for shelf in self.shelves:
            if shelf.sku_id in pieces:
                pieces[shelf.sku_id] += shelf.free
        for sku_id, kit in self.kits.items():
            pieces[sku_id] = routing.units_of(kit, self.shelves)
        return pieces

    def promise(self, wanted: Iterable[tuple[int, int]], at: datetime) -> routing.Promise | None:
        """When ``wanted`` (SKU id, pieces) would arrive if it was ordered and paid at ``at``.

        None without a region, and when the pieces are not there.
        """
        lines = {str(number): line for number, line in enumerate(wanted)}
        if not (self.region_code and lines):
            return None
        kits = {key: self.kits[sku] for key, (sku, _pieces) in lines.items() if sku in self.kits}
        decided = routing.plan(lines, self.shelves, self.region_code, self.policy, kits)
        if not isinstance(decided, routing.Plan):
            return None
        return routing.promise_of(decided, self.region_code, at, self.policy)


def outlook(
    sku_ids: Iterable[int], region_code: str, kits: Mapping[int, routing.Kit] | None = None
) -> Outlook:
    """What is free of these SKUs and how far it is from a region; ``kits`` are the parts of those
    that are bundles. Queries: 1."""
    ids, kits = list(sku_ids), kits or {}
    asked = {*ids, *parts_of(kits.values())}
    rows = _on_shelves(sku_ids=asked, city_code=city_of(region_code))
    return Outlook(region_code, [shelf_of(row) for row in rows], policy_of(rows), ids, kits)


@Prepared
def _on_shelves(*, sku_ids: Collection[int], city_code: str) -> QuerySet[StockItem]:
    return with_terms(StockItem.objects.of_skus(sku_ids).in_use(), city_code)


def promised(order_numbers: Collection[str]) -> dict[str, routing.Promise]:
    """What these orders were promised, by number; of an order's last allocation, and of its
    several parts the last to arrive. Queries: 1."""
    newest: dict[str, list[AllocationLog]] = {}
    rows = AllocationLog.objects.filter(order_number__in=order_numbers).defer("facts")
    for row in rows.order_by("attempt"):
        known = newest.setdefault(row.order_number, [])
        if known and known[0].attempt < row.attempt:
            known.clear()
        known.append(row)
    return {
        number: routing.slowest(promise_in(row) for row in logs) for number, logs in newest.items()
    }


def promise_in(row: AllocationLog) -> routing.Promise:
    """The promise of a log row, as it was made."""
    return routing.Promise(
        row.promise_code, row.at, row.promised_at, row.pay_by, row.later_code, row.later_at
    )


def allocations_of(order_number: str) -> list[AllocationLog]:
    """Every decision for an order, the first one first, with its warehouse. Queries: 1."""
    rows = AllocationLog.objects.filter(order_number=order_number).select_related("warehouse")
    return list(rows.order_by("attempt", "pk"))


def last_attempt(order_number: str) -> int:
    """How many times an order's goods were reserved; 0 for none. Queries: 1."""
    rows = Reservation.objects.of_source(Reservation.Source.ORDER, order_number)
    return rows.aggregate(last=Max("attempt"))["last"] or 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """One province and the warehouses that are asked for its orders, in order."""

    region: regions.Region
    serving: Sequence[Warehouse]
    others: Sequence[Warehouse]


def coverage() -> list[Coverage]:
    """Each province with its ordered warehouses: those that serve it, then the fallback (I-15).

    A warehouse that serves a part of a province is named there too. Queries: 2.
    """
    houses = {house.pk: house for house in Warehouse.objects.routed()}
    saved = RoutingPolicy.objects.filter(pk=1).values(*POLICY_FIELDS).first()
    policy = routing.Policy(**saved) if saved else routing.Policy()
    return [_covered(province, houses, policy) for province in regions.children()]


def _covered(
    province: regions.Region, houses: Mapping[int, Warehouse], policy: routing.Policy
) -> Coverage:
    rows = [house_of(house) for house in houses.values()]
    order = [houses[one.house.id] for one in routing.ranked(rows, province.code, policy)]
    serving = [house for house in order if _touches(house, province.code)]
    return Coverage(province, serving, [house for house in order if house not in serving])


def _touches(house: Warehouse, province: str) -> bool:
    return any(prefix.startswith(province) for prefix in house.served_prefixes)
