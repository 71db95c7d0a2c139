"""Sub-orders in admin: each deed by its right, files both ways, the list within its budget."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inventory.models import Warehouse
from inventory.testing import make_supplier
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.outbox import relay_batch
from mall.kernel.testing.queries import count_queries
from orders.models import DropshipPolicy, ForwardRoute, Shipment, SubOrder
from orders.testing import make_order
from orders.tests.partners import dropped
from orders.tests.test_after_sale_admin import operator

pytestmark = pytest.mark.django_db
State = SubOrder.State


def page(name, row=None, model="suborder"):
    return reverse(f"admin:orders_{model}_{name}", args=[row.pk] if row else [])


def sub_order(supplier=None):
    order = make_order(
        sku=dropped(supplier or make_supplier(house=True)), quantity=2, paid=True, at=clock.now()
    )
    relay_batch(clock.now())
    return SubOrder.objects.get(order=order)


def test_a_sub_order_is_accepted_and_shipped_from_its_page(client):
    sub, keeper = sub_order(), operator(client)

    assert client.get(page("accepted", sub)).status_code == 200
    client.post(page("accepted", sub))
    sub.refresh_from_db()
    assert sub.state == State.ACCEPTED
    client.post(page("parcel", sub), {"carrier": "sf", "tracking_no": "SF77"})

    sub.refresh_from_db()
    assert (sub.state, sub.shipment.actor) == (State.SHIPPED, keeper)
    assert client.get(page("change", sub)).status_code == 200
    refused = client.post(page("refused", sub), {"reason": "no"})
    assert "is over" in refused.content.decode()


def test_looking_does_not_let_one_steer(client):
    sub = sub_order()
    operator(client, "view_suborder")

    assert client.get(page("changelist")).status_code == 200
    for name in ("accepted", "parcel", "refused", "send_again"):
        assert client.post(page(name, sub)).status_code == 403
    sub.refresh_from_db()
    assert (sub.state, Shipment.objects.count()) == (State.PENDING, 0)


def test_a_file_goes_out_and_comes_back(client):
    supplier, keeper = make_supplier(house=True), operator(client)
    house = Warehouse.objects.get(supplier=supplier)
    client.post(page("add", model="forwardroute"), {"warehouse": house.pk, "adapter": "csv"})
    route = ForwardRoute.objects.get()
    sub = sub_order(supplier)

    taken = client.post(page("take_file", route, "forwardroute"))

    lines = taken.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("sub_order,code,sku,title,pieces,receiver,phone,address")
    assert lines[1].startswith(f"{sub.number},")
    assert AuditEntry.objects.get(verb="orders.take_sub_orders").actor == keeper
    filled = lines[0] + "\n" + lines[1].removesuffix(",,") + ",sf,SF88\n" + "D9" + "," * 9 + "sf,S"
    file = SimpleUploadedFile("back.csv", filled.encode())
    back = client.post(page("upload_file", route, "forwardroute"), {"file": file}, follow=True)
    assert "1 of 2 parcels are right." in back.content.decode()
    sub.refresh_from_db()
    assert (sub.state, sub.shipment.tracking_no) == (State.SHIPPED, "SF88")


def test_an_interface_needs_an_address_and_shows_its_secret_once(client):
    supplier = make_supplier(house=True)
    operator(client)
    house = Warehouse.objects.get(supplier=supplier)
    add = page("add", model="forwardroute")

    assert (
        "has an address"
        in client.post(add, {"warehouse": house.pk, "adapter": "api"}).content.decode()
    )
    assert not ForwardRoute.objects.exists()
    client.post(
        add, {"warehouse": house.pk, "adapter": "api", "url": "https://supplier.example/mall"}
    )
    route = ForwardRoute.objects.get()
    shown = client.post(page("issue_key", route, "forwardroute")).content.decode()

    route.refresh_from_db()
    assert route.key_id in shown
    assert route.secret_hash not in shown
    assert len(route.secret_hash) == 64


def test_addresses_leave_only_with_the_right(client):
    supplier = make_supplier(house=True)
    route = ForwardRoute.objects.create(warehouse=Warehouse.objects.get(supplier=supplier))
    operator(client, "view_forwardroute", "view_suborder")

    assert client.post(page("take_file", route, "forwardroute")).status_code == 403
    assert client.post(page("issue_key", route, "forwardroute")).status_code == 403


def test_the_rules_leave_a_trail(client):
    operator(client)

    client.post(page("add", model="dropshippolicy"), {"tries": 3, "answer_hours": 12})

    assert DropshipPolicy.objects.get().tries == 3
    entry = AuditEntry.objects.get(verb="orders.save_dropship_policy")
    assert entry.after == {"tries": 3, "answer_hours": 12}


def test_the_list_costs_the_same_at_2_and_20_rows(client):
    supplier = make_supplier(house=True)
    operator(client)
    for _n in range(2):
        sub_order(supplier)
    client.get(page("changelist"))
    with count_queries() as few:
        client.get(page("changelist"))
    for _n in range(10):
        sub_order(supplier)

    with count_queries(at_most=12) as many:
        client.get(page("changelist"))

    assert len(few) == len(many)
