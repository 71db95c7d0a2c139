"""Papers of stock that the demo's warehouses have on their desks: a transfer on its way, a
stocktake and a disposal that wait for a second person; and the first forecast."""

from django.db.models import F

from inventory.models import Disposal, StockForecast, StockItem, Stocktake, Transfer
from inventory.services import (
    draft_transfer,
    enter_counts,
    forecast_demand,
    open_stocktake,
    propose_disposal,
    send_transfer,
    set_defective,
    submit_stocktake,
)
from mall.console.demo.seeding import Seeding, Tally, operator

KEEPER = "warehouse"
MOVED, COUNTED, BROKEN = 6, 5, 2
PLENTY = 40


def seed_papers(seeding: Seeding) -> Tally:
    """One of each kind, in the two houses with the most goods; once."""
    steps = (_transfer, _stocktake, _disposal)
    made = sum(step(seeding) for step in steps)
    return Tally(made, len(steps) - made)


def seed_forecast(seeding: Seeding) -> Tally:
    """What the orders of the past say of the days to come."""
    if StockForecast.objects.exists():
        return Tally(0, 1)
    forecast_demand(seeding.at)
    return Tally(1, 0)


def _rich_rows() -> list[StockItem]:
    """Rows with plenty of free pieces, the fullest first."""
    rows = StockItem.objects.in_use().filter(on_hand__gte=F("reserved") + PLENTY)
    return list(rows.select_related("warehouse").order_by("-on_hand", "pk")[:COUNTED])


def _transfer(seeding: Seeding) -> bool:
    rows = _rich_rows()
    if Transfer.objects.exists() or not rows:
        return False
    origin = rows[0]
    others = StockItem.objects.in_use().exclude(warehouse=origin.warehouse_id)
    target = others.order_by("warehouse__priority", "pk").first()
    if target is None:
        return False
    paper = draft_transfer(
        origin_id=origin.warehouse_id,
        target_id=target.warehouse_id,
        pieces={origin.sku_id: MOVED},
        note="双11 备货",
        at=seeding.at,
        actor=operator(KEEPER),
    )
    send_transfer(transfer_id=paper.pk, at=seeding.at, actor=operator(KEEPER))
    return True


def _stocktake(seeding: Seeding) -> bool:
    rows = _rich_rows()
    if Stocktake.objects.exists() or not rows:
        return False
    house = rows[0].warehouse_id
    items = [row for row in rows if row.warehouse_id == house]
    keeper = operator(KEEPER)
    paper = open_stocktake(
        warehouse_id=house,
        item_ids=[item.pk for item in items],
        note="月度盘点",
        at=seeding.at,
        actor=keeper,
    )
    counted = {item.pk: item.on_hand for item in items} | {items[0].pk: items[0].on_hand - 2}
    enter_counts(
        stocktake_id=paper.pk,
        counted=counted,
        reasons={items[0].pk: "货架上少两件"},
        at=seeding.at,
        actor=keeper,
    )
    submit_stocktake(stocktake_id=paper.pk, at=seeding.at, actor=keeper)
    return True


def _disposal(seeding: Seeding) -> bool:
    rows = _rich_rows()
    if Disposal.objects.exists() or not rows:
        return False
    item, keeper = rows[-1], operator(KEEPER)
    set_defective(
        item_id=item.pk,
        pieces=BROKEN,
        reason="外包装破损",
        source_id="demo-defects",
        at=seeding.at,
        actor=keeper,
    )
    propose_disposal(
        item_id=item.pk,
        way=Disposal.Way.SCRAP,
        pieces=BROKEN,
        reason="外包装破损，内液渗漏",
        at=seeding.at,
        actor=keeper,
    )
    return True
