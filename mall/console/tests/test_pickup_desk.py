"""The desk of a store: who works there hands over, others do not; channels are reported. Source:
O-34, X-55, X-56."""

import pytest
from django.urls import reverse

from inventory.models import Store, Warehouse
from inventory.testing import make_stock, make_store
from mall.console.testing import client_of, make_clerk
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.notify.models import Message
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator
from orders.models import Channel, Order, Pickup
from orders.services import Collect, Journey, Submission, Wanted, code_of, place_order
from orders.testing import NOON, make_order, make_stocked_sku, pay

pytestmark = pytest.mark.django_db(transaction=True)
DESK, VERIFY, READY = (f"admin:pickup_{name}" for name in ("desk", "verify", "ready"))


@pytest.fixture
def store():
    return make_store(code="west-lake")


@pytest.fixture
def clerk(store):
    account = make_clerk("store")
    store.staff.add(account)
    return english(client_of(account))


def english(client):
    client.cookies["django_language"] = "en"
    return client


def waiting(store, sku=None):
    sku = sku or make_stocked_sku(on_hand=0)
    make_stock(sku=sku, on_hand=1, warehouse=store.warehouse)
    submission = Submission(
        wanted=(Wanted(sku.pk, 1),), collect=Collect(store.pk, "王芳", "13912345678")
    )
    order = place_order(member_id=make_member().pk, submission=submission, at=NOON)
    pay(order)
    return Order.objects.select_related("pickup__store").get(pk=order.pk)


def verify(client, store, code):
    page = client.post(reverse(VERIFY), {"store": store.pk, "code": code}, follow=True)
    return [str(message) for message in page.context["messages"]]


def test_a_clerk_hands_an_order_over_for_its_code_once(clerk, store):
    order = waiting(store)
    code = code_of(order.pickup)
    assert order.number in clerk.get(reverse(DESK)).content.decode()

    first = verify(clerk, store, f"{code[:5]} {code[5:]}")
    second = verify(clerk, store, code)

    assert first == [f"Order {order.number} is handed over."]
    assert second[0].startswith("This code has been used")
    order.refresh_from_db()
    assert order.status == Order.Status.RECEIVED
    assert order.number not in clerk.get(reverse(DESK)).content.decode()


def test_the_desk_of_another_store_is_not_mine(clerk, store):
    other = make_store(code="east")
    order = waiting(other)

    assert order.number not in clerk.get(reverse(DESK)).content.decode()
    assert verify(clerk, other, code_of(order.pickup)) == ["Choose one of your stores."]
    clerk.post(reverse(READY), {"number": order.number})
    assert Pickup.objects.get(order=order).ready_at is None


def test_saying_that_it_is_ready_tells_the_buyer(clerk, store):
    order = waiting(store)

    clerk.post(reverse(READY), {"number": order.number})

    assert Pickup.objects.get(order=order).ready_at is not None
    told = Message.objects.filter(template="orders.pickup_ready")
    assert set(told.values_list("account__member", flat=True)) == {order.member_id}


def test_five_wrong_codes_lock_the_desk(clerk, store):
    for _n in range(5):
        assert verify(clerk, store, "1") == ["This code belongs to no order."]

    assert verify(clerk, store, "1")[0].startswith("Too many wrong codes")


@pytest.mark.parametrize("role", ["marketing", "finance", "warehouse"])
def test_others_have_no_desk(role, store):
    client = client_of(make_clerk(role))

    assert client.get(reverse(DESK)).status_code == 403
    assert client.post(reverse(VERIFY), {"store": store.pk, "code": "1"}).status_code == 403


def test_the_desk_costs_the_same_for_two_orders_and_for_ten(clerk, store):
    def cost():
        with count_queries() as statements:
            assert clerk.get(reverse(DESK)).status_code == 200
        return len(statements)

    for _n in range(2):
        waiting(store)
    cost()
    two = cost()
    for _n in range(8):
        waiting(store)

    assert cost() == two


def test_X_56_a_new_store_gets_a_warehouse_that_ships_nothing_and_a_trail():
    boss = english(client_of(make_operator()))
    values = {
        "code": "north",
        "title_zh": "北店",
        "region_code": "330106",
        "address_zh": "文三路 2 号",
        "latitude": "30.27",
        "longitude": "120.13",
        "hours_zh": "10:00-21:00",
        "phone": "0571-1",
        "offers_pickup": "on",
        "is_active": "on",
    }

    answer = boss.post(reverse("admin:inventory_store_add"), values)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    store = Store.objects.get(code="north")
    assert store.warehouse.kind == Warehouse.Kind.STORE
    assert AuditEntry.objects.filter(verb="inventory.save_store").exists()


def test_X_55_the_report_of_channels_shows_share_money_and_conversion():
    boss = english(client_of(make_operator()))

    at = clock.now()
    for channel in ("web", "web", "web", "miniprogram"):
        order = make_order(journey=Journey(channel=channel), at=at)
    pay(order, at=at)

    page = boss.get(reverse("admin:channel_report"), {"span": "today"})

    rows = {row["figures"].code: row for row in page.context["channels"]}
    assert (rows["web"]["share"], rows["miniprogram"]["share"]) == ("75%", "25%")
    assert (rows["web"]["conversion"], rows["miniprogram"]["conversion"]) == ("0%", "100%")
    assert rows["miniprogram"]["figures"].gmv_fen == order.payable_fen


def test_a_channel_is_entered_with_a_trail():
    boss = english(client_of(make_operator()))
    values = {"code": "radio", "kind": "partner", "title_zh": "电台", "is_active": "on"}

    answer = boss.post(reverse("admin:orders_channel_add"), values)

    assert answer.status_code == 302
    assert Channel.objects.get(code="radio").kind == Channel.Kind.PARTNER
    assert AuditEntry.objects.filter(verb="orders.save_channel").exists()
