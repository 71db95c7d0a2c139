"""Warehouses, what sending costs, and the stock that lies there when the history begins."""

from datetime import time

from catalog.models import FreightRegion, FreightTemplate, Sku
from inventory.models import StockItem, Warehouse
from inventory.services import receive_delivery, set_next_day_cities, set_safety_stock
from mall.console.demo.contents import Row, read
from mall.console.demo.seeding import HISTORY_DAYS, Seeding, Tally, operator

OPENING = ("opening", "demo")
WATCHED, SAFETY_PIECES = 20, 8
"""So many of the best known SKUs raise an alert when fewer free pieces are left in one house."""
SHORT, SHORT_SAFETY_PIECES = 2, 12
"""So many of the SKUs that are low on purpose raise theirs at once."""
FEW_PIECES = 10


def seed_freight(seeding: Seeding) -> Tally:
    """Freight templates with what holds in some regions instead."""
    made = 0
    for row in read("freight_templates.json"):
        columns = {name: value for name, value in row.items() if name not in ("code", "regions")}
        template, is_new = FreightTemplate.objects.get_or_create(code=row["code"], defaults=columns)
        if is_new:
            FreightRegion.objects.bulk_create(_regions(template, row["regions"]))
        made += is_new
    return Tally(made, len(read("freight_templates.json")) - made)


def seed_warehouses(seeding: Seeding) -> Tally:
    """Three houses with the cities they reach the next day; each province is served by one."""
    made = 0
    for row in read("warehouses.json"):
        columns = {name: row[name] for name in row if name not in ("code", "next_day")}
        house, is_new = Warehouse.objects.get_or_create(code=row["code"], defaults=columns)
        if is_new:
            cities = [(code, time.fromisoformat(until)) for code, until in row["next_day"].items()]
            set_next_day_cities(
                warehouse=house,
                cities=cities,
                at=seeding.ago(HISTORY_DAYS + 1, hour=8),
                actor=operator(),
            )
        made += is_new
    return Tally(made, len(read("warehouses.json")) - made)


def seed_stock(seeding: Seeding) -> Tally:
    """The opening stock of each house, as one delivery; SKUs that are there get no second one."""
    before = StockItem.objects.count()
    sku_ids = dict(Sku.objects.values_list("code", "pk"))
    source_type, source_id = OPENING
    for house in Warehouse.objects.routed().order_by("priority", "pk"):
        pieces = {
            sku_ids[sku["code"]]: sku["stock"][house.code]
            for row in read("products.jsonl")
            for sku in row["skus"]
            if sku["stock"].get(house.code)
        }
        receive_delivery(
            warehouse=house,
            pieces=pieces,
            source_type=source_type,
            source_id=source_id,
            at=seeding.ago(HISTORY_DAYS + 1, hour=8),
            actor=operator(),
        )
    _watch(seeding)
    return Tally(StockItem.objects.count() - before, before)


def short_skus() -> list[str]:
    """Codes of the SKUs that are low on purpose and have an alert, the best known first."""
    low = [code for code, pieces in _by_popularity() if 0 < pieces < FEW_PIECES]
    return low[:SHORT]


def _watch(seeding: Seeding) -> None:
    """Give safety stocks where there are none yet."""
    plenty = [code for code, pieces in _by_popularity() if pieces >= FEW_PIECES]
    wanted = dict.fromkeys(plenty[:WATCHED], SAFETY_PIECES)
    wanted |= dict.fromkeys(short_skus(), SHORT_SAFETY_PIECES)
    first_house = min(read("warehouses.json"), key=lambda row: row["priority"])["code"]
    items = StockItem.objects.filter(warehouse__code=first_house, sku__code__in=wanted)
    for pk, code in items.filter(safety_stock=0).values_list("pk", "sku__code"):
        set_safety_stock(
            item_id=pk,
            safety_stock=wanted[code],
            at=seeding.ago(HISTORY_DAYS, hour=9),
            actor=operator(),
        )


def _by_popularity() -> list[tuple[str, int]]:
    """(SKU code, pieces in all houses), the most popular products first."""
    rows = sorted(read("products.jsonl"), key=lambda row: (-row["popularity"], row["code"]))
    return [(sku["code"], sum(sku["stock"].values())) for row in rows for sku in row["skus"]]


def _regions(template: FreightTemplate, rows: list[Row]) -> list[FreightRegion]:
    return [
        FreightRegion(
            template=template,
            region_prefix=prefix,
            **{name: value for name, value in row.items() if name != "prefixes"},
        )
        for row in rows
        for prefix in row["prefixes"]
    ]
