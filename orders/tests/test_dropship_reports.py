"""What a partner calls back: applied once; forged and wrong words change nothing.

Source: O-28, I-28.
"""

import pytest

from inventory.models import SupplierCharge, SupplierFact, Warehouse
from inventory.services import issue_supplier_key
from inventory.testing import make_supplier
from mall.kernel import clock
from orders.models import OrderTask, PartnerReport, Shipment, SubOrder
from orders.tests.partners import SHIPPED, connect, door, hear, mixed_order, partner

__all__ = ["door", "partner"]
pytestmark = pytest.mark.django_db(transaction=True)
State = SubOrder.State


def test_what_a_parcel_cost_is_on_the_statement_and_its_hours_on_the_scorecard(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    mixed_order(supplier)
    sub = SubOrder.objects.get()

    hear(partner, sub.number, SHIPPED)

    charge = SupplierCharge.objects.get(kind=SupplierCharge.Kind.DROPSHIP)
    assert (charge.supplier_id, charge.reference, charge.amount_fen) == (
        supplier.pk, sub.number, 6_000,
    )  # fmt: skip
    fact = SupplierFact.objects.get()
    assert (fact.kind, fact.reference, fact.good, fact.total) == ("shipped", sub.number, 1, 1)


def test_reports_come_twice_and_out_of_order(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    mixed_order(supplier)
    number = SubOrder.objects.get().number

    answers = [
        hear(partner, number, facts)
        for facts in (SHIPPED, SHIPPED, {"state": "accepted"}, {"state": "refused"})
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 409]
    assert answers[-1].json()["code"] == "orders.sub_order_over"
    assert Shipment.objects.count() == 1
    outcomes = PartnerReport.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["applied", "repeated", "repeated", "refused"]
    other = {**SHIPPED, "tracking_no": "SF2"}
    assert hear(partner, number, other).status_code == 409
    assert Shipment.objects.count() == 1


def test_another_supplier_finds_nothing(partner):
    supplier, stranger = make_supplier(house=True), make_supplier(house=True)
    mixed_order(supplier)
    key, secret = issue_supplier_key(supplier_id=stranger.pk, at=clock.now())
    partner.key_id, partner.secret = key.key_id, secret

    answer = hear(partner, SubOrder.objects.get().number, SHIPPED)

    assert answer.status_code == 404
    assert not Shipment.objects.exists()
    assert SubOrder.objects.get().state == State.PENDING


def test_a_supplier_reports_with_the_key_of_its_stock_door(partner):
    supplier = make_supplier(house=True)
    mixed_order(supplier)
    key, secret = issue_supplier_key(supplier_id=supplier.pk, at=clock.now())
    partner.key_id, partner.secret = key.key_id, secret

    assert hear(partner, SubOrder.objects.get().number, SHIPPED).status_code == 200


def test_a_wrong_signature_is_a_401_and_changes_nothing(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    mixed_order(supplier)
    partner.secret = "0" * 64

    answer = hear(partner, SubOrder.objects.get().number, SHIPPED)

    assert answer.status_code == 401
    assert not PartnerReport.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "lost"},
        {"state": "shipped", "carrier": "sf"},
        {"state": "accepted", "cost_fen": 1},
        {"state": "shipped", "carrier": "sf", "tracking_no": "x" * 41},
    ],
)
def test_a_wrong_body_is_a_400_and_changes_nothing(partner, facts):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    mixed_order(supplier)

    assert hear(partner, SubOrder.objects.get().number, facts).status_code == 400
    assert SubOrder.objects.get().state == State.PENDING


def test_an_unknown_carrier_is_a_refusal_that_somebody_sees(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    mixed_order(supplier)
    number = SubOrder.objects.get().number

    answer = hear(partner, number, {**SHIPPED, "carrier": "pigeon"})

    assert (answer.status_code, answer.json()["code"]) == (409, "orders.carrier_unknown")
    assert not Shipment.objects.exists()
    assert OrderTask.objects.get().facts["reason"] == "parcel_not_booked"
