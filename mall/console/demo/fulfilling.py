"""The floor of the demo: what carriers ask, orders on a pick list, some packed,
tasks for what is late."""

from inventory.models import Warehouse
from mall.console.demo.seeding import Seeding, Tally, operator
from members.models import Account
from orders.models import Carrier, CarrierPrice, OrderTask, PickList
from orders.selectors import packing_queue, shipping_warehouses
from orders.services import make_pick_list, mark_packed, watch_orders

PRICES = (
    ("sf", "", 1_800, 500, 24),
    ("zto", "", 900, 300, 60),
    ("yto", "", 800, 250, 72),
    ("yto", "33", 600, 150, 48),
    ("yunda", "", 850, 250, 72),
    ("jd", "", 1_500, 400, 36),
    ("ems", "", 1_200, 600, 96),
)
"""Carrier, area, first kilogram, each further one, hours to the door."""
ON_LIST, PACKED = 6, 3


def seed_carrier_prices(seeding: Seeding) -> Tally:
    """What each carrier asks, and how long it takes."""
    made = 0
    for code, prefix, first_fen, more_fen, hours in PRICES:
        _row, is_new = CarrierPrice.objects.get_or_create(
            carrier=Carrier.objects.get(code=code),
            region_prefix=prefix,
            defaults={"first_fen": first_fen, "more_fen": more_fen, "promise_hours": hours},
        )
        made += is_new
    return Tally(made, len(PRICES) - made)


def seed_floor(seeding: Seeding) -> Tally:
    """A pick list in the first warehouse where orders wait; half of it is packed. Then the timer
    that finds what is late."""
    if PickList.objects.exists():
        return Tally(0, PickList.objects.count())
    packer = operator("warehouse")
    for warehouse in shipping_warehouses():
        ids = list(packing_queue(warehouse.pk).values_list("pk", flat=True)[:ON_LIST])
        if ids:
            _pick(ids, warehouse, packer, seeding)
            break
    watch_orders(seeding.at)
    return Tally(PickList.objects.count() + OrderTask.objects.count())


def _pick(ids: list[int], warehouse: Warehouse, packer: Account, seeding: Seeding) -> None:
    make_pick_list(order_ids=ids, warehouse=warehouse, actor=packer, at=seeding.at)
    mark_packed(order_ids=ids[:PACKED], warehouse=warehouse, actor=packer, at=seeding.at)
