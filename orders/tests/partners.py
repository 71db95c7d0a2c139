"""A partner that ships for us, simulated: real HTTP both ways, and orders that it has a part in."""

import pytest
from django.test import Client

from catalog.testing import make_sku
from inventory.models import Warehouse
from inventory.testing import make_goods, make_stock
from mall.kernel import clock
from mall.kernel.invariants import audit
from mall.kernel.outbox import relay_batch
from members.testing import make_operator
from orders.models import ForwardRoute
from orders.services import Wanted, issue_route_key, save_route
from orders.simulator import partner_running
from orders.testing import make_order, make_stocked_sku

TRACKING = "SF1402003310"
SHIPPED = {"state": "shipped", "carrier": "sf", "tracking_no": TRACKING}


@pytest.fixture(scope="module")
def door():
    """A partner's interface, over real HTTP."""
    with partner_running() as partner:
        yield partner


@pytest.fixture
def partner(door):
    """The same, with nothing to remember."""
    for memory in (door.orders, door.recalled, door.shipped, door.troubles, door.heard):
        memory.clear()
    return door


def dropped(supplier, *, on_hand=40, **values):
    """A SKU that lies with a supplier only."""
    sku = make_sku(price_fen=10_000)
    make_goods(supplier, sku, cost_fen=3_000, **values)
    make_stock(sku=sku, on_hand=on_hand, warehouse=Warehouse.objects.get(supplier=supplier))
    return sku


def connect(warehouse, door, adapter="api"):
    """A way to the partner over its interface, with a key that both have."""
    operator = make_operator()
    route = ForwardRoute(warehouse=warehouse, adapter=adapter, url=door.url)
    save_route(route=route, actor=operator, at=clock.now())
    door.key_id, door.secret = issue_route_key(route_id=route.pk, actor=operator, at=clock.now())
    return route


def mixed_order(supplier, **values):
    """Paid: 2 pieces from the supplier, 1 from our own house; split over both."""
    ours, theirs = make_stocked_sku(), dropped(supplier)
    wanted = (Wanted(ours.pk, 1), Wanted(theirs.pk, 2))
    order = make_order(wanted=wanted, paid=True, at=clock.now(), **values)
    relay_batch(clock.now())
    return order


def hear(door, number, facts):
    """The mall's answer to a partner's call-back."""
    path = f"/api/v1/supplier/orders/{number}/shipped/"
    message = door.report(path, facts)
    headers = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in message.headers.items()}
    return Client().post(
        path, message.body, content_type="application/json", HTTP_ACCEPT_LANGUAGE="en", **headers
    )


def lawful():
    """No law of the house is broken."""
    broken = [law.code for law, found in audit() if found]
    assert broken == [], broken
