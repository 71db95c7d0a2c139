"""Suppliers answer after-sales of what they sent, by the door or through an operator (I-26)."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from inventory.models import SupplierFact
from inventory.services import grade_suppliers, issue_supplier_key, signature_of
from inventory.testing import make_supplier
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import NotFound
from mall.kernel.outbox import relay_batch
from orders.models import AfterSale, SubOrder
from orders.selectors import silent_senders_of
from orders.services import (
    Report,
    cancel_after_sale,
    note_supplier_answer,
    receive_order,
    report_sub_order,
    watch_sub_orders,
)
from orders.testing import make_order
from orders.tests.cases import ask, clerk, sent_order
from orders.tests.partners import dropped

pytestmark = pytest.mark.django_db
BACKEND = "members.backends.AccountBackend"
LIST = "/api/v1/supplier/after-sales/"


@pytest.fixture
def supplier():
    return make_supplier(house=True)


@pytest.fixture
def asked_at():
    return clock.now().replace(microsecond=0)


@pytest.fixture
def case(supplier, asked_at):
    """A buyer asks about a piece that the supplier has sent."""
    order = make_order(sku=dropped(supplier), quantity=2, paid=True, at=asked_at)
    relay_batch(asked_at)
    sub = SubOrder.objects.get()
    report_sub_order(
        number=sub.number,
        warehouse_id=sub.warehouse_id,
        report=Report("shipped", carrier="sf", tracking_no="SF1"),
        at=asked_at,
    )
    receive_order(number=order.number, at=asked_at)
    return ask(order, kind="return_refund", reason="quality", at=asked_at)


def fact():
    return SupplierFact.objects.get(kind=SupplierFact.Kind.ANSWERED)


@pytest.mark.parametrize(("minutes", "good"), [(120, 1), (121, 0)])
def test_I_26_an_answer_counts_by_its_minutes_and_the_rate_has_a_value(
    supplier, case, asked_at, minutes, good
):
    at = asked_at + timedelta(minutes=minutes)

    assert note_supplier_answer(number=case.number, supplier_id=supplier.pk, at=at, note="sorry")
    assert not note_supplier_answer(number=case.number, supplier_id=supplier.pk, at=at)
    grade_suppliers(at)

    assert (fact().good, fact().reference) == (good, case.number)
    assert not silent_senders_of(case).exists()
    card = supplier.scorecards.get(answered=1)
    assert card.response_bp == good * 10_000


def test_minutes_that_run_out_are_a_miss_once_whatever_is_said_later(supplier, case, asked_at):
    in_time, over = asked_at + timedelta(minutes=120), asked_at + timedelta(minutes=121)
    assert watch_sub_orders(in_time) == 0

    assert watch_sub_orders(over) == 1
    assert watch_sub_orders(over) == 0
    assert note_supplier_answer(number=case.number, supplier_id=supplier.pk, at=over, note="late")

    assert (fact().good, fact().minutes) == (0, None)
    assert case.events.filter(code="supplier_answered", note__endswith="late").exists()


def test_a_case_that_is_over_needs_no_answer(case, asked_at):
    cancel_after_sale(number=case.number, member_id=case.member_id, at=asked_at)

    assert watch_sub_orders(asked_at + timedelta(hours=3)) == 0


def test_a_case_that_is_over_is_no_miss_beside_an_open_one_of_the_same_goods(case, asked_at):
    cancel_after_sale(number=case.number, member_id=case.member_id, at=asked_at)
    again = ask(case.order, kind="return_refund", reason="quality", at=asked_at)

    assert watch_sub_orders(asked_at + timedelta(hours=3)) == 1

    assert fact().reference == again.number


def test_a_word_about_a_case_that_is_over_is_history_and_no_fact(supplier, case, asked_at, client):
    cancel_after_sale(number=case.number, member_id=case.member_id, at=asked_at)
    service = desk(client, "approve_aftersale")
    page = reverse("admin:orders_aftersale_change", args=[case.pk])
    deed = reverse("admin:orders_aftersale_supplier_answered", args=[case.pk])
    late = asked_at + timedelta(days=3)

    assert deed not in service.get(page).content.decode()
    assert note_supplier_answer(number=case.number, supplier_id=supplier.pk, at=late, note="late")

    assert not SupplierFact.objects.filter(kind=SupplierFact.Kind.ANSWERED).exists()
    assert case.events.filter(code="supplier_answered").exists()


def test_what_we_sent_ourselves_is_nobodys_to_answer(supplier):
    case = ask(sent_order(received=True), reason="quality")

    assert not silent_senders_of(case).exists()
    assert watch_sub_orders(case.requested_at + timedelta(hours=3)) == 0
    with pytest.raises(NotFound):
        note_supplier_answer(number=case.number, supplier_id=supplier.pk, at=case.requested_at)


def call(supplier, method, path, body=b""):
    row, secret = issue_supplier_key(supplier_id=supplier.pk, at=clock.now())
    stamp = str(int(clock.now().timestamp()))
    signature = signature_of(secret, method=method, path=path, timestamp=stamp, body=body)
    headers = {
        "X-Supplier-Key": row.key_id,
        "X-Supplier-Timestamp": stamp,
        "X-Supplier-Signature": signature,
    }
    return Client().generic(method, path, body, "application/json", headers=headers)


def test_the_door_lists_what_waits_and_takes_the_answer(supplier, case):
    answer = f"{LIST}{case.number}/answer/"
    sub, line = SubOrder.objects.get(), case.lines.get()

    (asked,) = call(supplier, "GET", LIST).json()["cases"]
    said = json.dumps({"note": "send it back"}).encode()
    first, again = (call(supplier, "POST", answer, said) for _n in range(2))

    assert asked["number"] == case.number
    assert asked["sub_orders"] == [sub.number]
    assert asked["lines"] == [{"code": line.line.sku_code, "pieces": 1}]
    assert first.json() == {"number": case.number, "outcome": "applied"}
    assert again.json()["outcome"] == "repeated"
    assert call(supplier, "GET", LIST).json() == {"cases": []}
    assert fact().good == 1
    assert not AuditEntry.objects.filter(verb="orders.note_supplier_answer").exists()


def test_the_door_hides_cases_of_others_and_needs_a_signature(supplier, case):
    other = make_supplier(house=True)
    answer = f"{LIST}{case.number}/answer/"

    assert call(other, "GET", LIST).json() == {"cases": []}
    assert call(other, "POST", answer, b"{}").status_code == 404
    assert Client().post(answer, b"{}", content_type="application/json").status_code == 401
    assert Client().get(LIST).status_code == 401
    assert not SupplierFact.objects.filter(kind=SupplierFact.Kind.ANSWERED).exists()


def desk(client, *codenames):
    client.cookies["django_language"] = "en"
    client.force_login(clerk("someone", "view_aftersale", *codenames), backend=BACKEND)
    return client


def test_an_operator_notes_what_the_supplier_said(supplier, case, client):
    service = desk(client, "approve_aftersale", "view_aftersaleevent")
    page = reverse("admin:orders_aftersale_change", args=[case.pk])
    deed = reverse("admin:orders_aftersale_supplier_answered", args=[case.pk])
    assert deed in service.get(page).content.decode()

    answer = service.post(deed, {"supplier": supplier.pk, "note": "by phone"})

    assert answer.status_code == 302, answer.content
    event = case.events.get(code="supplier_answered")
    assert (event.note, event.actor.username) == (f"{supplier.code}: by phone", "someone")
    shown = service.get(page).content.decode()
    assert deed not in shown
    assert "The supplier answered" in shown
    trail = AuditEntry.objects.get(verb="orders.note_supplier_answer")
    assert (trail.actor.username, trail.target_id) == ("someone", str(case.pk))
    assert (trail.after, trail.reason) == ({"supplier": supplier.code}, "by phone")


def test_who_may_not_decide_notes_no_answer(supplier, case, client):
    reader = desk(client)
    deed = reverse("admin:orders_aftersale_supplier_answered", args=[case.pk])

    assert reader.post(deed, {"supplier": supplier.pk}).status_code == 403
    assert AfterSale.objects.get().events.count() == 1
