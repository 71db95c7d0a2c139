"""An invoice that is asked for after the order, and one that the desk corrects. Source: O-12."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput, NotFound
from members.testing import make_operator
from orders.errors import IllegalMove, InvoiceAsked
from orders.models import Order, OrderHistory
from orders.presenting import deeds_open
from orders.selectors import Sight, export_header, export_rows, invoiced_in
from orders.services import ask_invoice, change_invoice
from orders.testing import NOON, make_order, make_received_order

pytestmark = pytest.mark.django_db
OURS = {"kind": "personal", "title": "林小满", "email": "lin@example.com"}
COMPANY = {"kind": "company", "title": "杭州集市有限公司", "tax_no": "91350100M000100Y43"}
LATER = NOON + timedelta(days=40)


def asked_order(invoice=OURS, at=LATER):
    order = make_order(paid=True)
    ask_invoice(number=order.number, member_id=order.member_id, invoice=invoice, at=at)
    return order


def correct(order, invoice=COMPANY, **values):
    given = {"reason": "wrong name", "actor": make_operator(), "at": LATER, **values}
    return change_invoice(order_number=order.number, invoice=invoice, **given)


def invoice_of(order):
    return Order.objects.get(pk=order.pk).invoice


def test_asking_later_stands_in_the_history_once():
    order = asked_order()

    ask_invoice(number=order.number, member_id=order.member_id, invoice=OURS, at=LATER)
    with pytest.raises(InvoiceAsked):
        ask_invoice(number=order.number, member_id=order.member_id, invoice=COMPANY, at=LATER)

    row = OrderHistory.objects.get(order=order, code="invoice_asked")
    assert (row.at, row.from_status, row.to_status) == (LATER, "paid", "paid")
    assert invoice_of(order) == OURS


def test_an_order_paid_back_whole_has_no_invoice_of_nothing():
    order = make_received_order(at=NOON)
    Order.objects.filter(pk=order.pk).update(refunded_fen=order.payable_fen - 1)
    assert "invoice" in deeds_open(Order.objects.get(pk=order.pk), LATER)

    Order.objects.filter(pk=order.pk).update(refunded_fen=order.payable_fen)

    assert "invoice" not in deeds_open(Order.objects.get(pk=order.pk), LATER)
    with pytest.raises(IllegalMove):
        ask_invoice(number=order.number, member_id=order.member_id, invoice=OURS, at=LATER)
    assert invoice_of(order) is None
    assert not OrderHistory.objects.filter(code="invoice_asked").exists()


def test_the_desk_corrects_an_invoice_and_leaves_its_trail():
    order = asked_order()

    correct(order)

    row = OrderHistory.objects.get(order=order, code="invoice_changed")
    trail = AuditEntry.objects.get(verb="orders.change_invoice")
    assert invoice_of(order) == COMPANY
    assert (row.note, trail.reason) == ("wrong name", "wrong name")
    assert trail.before == {"invoice": "林小满 · l***@example.com"}
    assert trail.after == {"invoice": f"{COMPANY['title']} · {COMPANY['tax_no']}"}


def test_the_same_invoice_again_changes_nothing():
    order = asked_order()

    correct(order, OURS)

    assert not OrderHistory.objects.filter(code="invoice_changed").exists()
    assert not AuditEntry.objects.filter(verb="orders.change_invoice").exists()


@pytest.mark.parametrize(
    ("invoice", "refusal"),
    [
        ({}, InvalidInput),
        ({"kind": "personal"}, InvalidInput),
        ({"kind": "company", "title": "店", "tax_no": "123"}, InvalidInput),
    ],
)
def test_an_invoice_that_is_none_corrects_nothing(invoice, refusal):
    order = asked_order()

    with pytest.raises(refusal):
        correct(order, invoice)

    assert invoice_of(order) == OURS


def test_only_an_invoice_that_was_asked_for_and_has_something_to_bill_is_corrected():
    plain, closed = make_order(), asked_order()
    Order.objects.filter(pk=closed.pk).update(status=Order.Status.CLOSED)

    for order in (plain, closed):
        with pytest.raises(IllegalMove):
            correct(order)
    with pytest.raises(NotFound):
        change_invoice(
            order_number="none", invoice=OURS, reason="x", actor=make_operator(), at=LATER
        )
    assert (invoice_of(plain), invoice_of(closed)) == (None, OURS)


def test_an_invoice_is_found_by_the_day_it_was_asked_for():
    with_order = make_order(invoice=OURS)
    later = asked_order()
    make_order()
    hour = timedelta(hours=1)

    first = invoiced_in(start=NOON, end=NOON + hour)
    then = invoiced_in(start=LATER, end=LATER + hour)

    assert list(first) == [with_order]
    assert list(then) == [later]
    assert list(invoiced_in(start=LATER, end=LATER + hour, status="paid")) == [later]
    assert not invoiced_in(start=LATER, end=LATER + hour, status="unpaid").exists()


def test_the_file_says_when_the_invoice_was_asked_for(django_assert_num_queries):
    make_order(invoice=OURS)
    later = asked_order()
    make_order()
    sight = Sight()
    with translation.override("en"):
        head = [str(title) for title in export_header(sight)]

    with django_assert_num_queries(1):
        rows = [
            dict(zip(head, row, strict=True)) for row in export_rows(Order.objects.all(), sight)
        ]

    told = {row["number"]: row["invoice asked for at"] for row in rows}
    assert told[later.number] == "2027-01-01 12:00:00"
    assert sorted(told.values()) == ["", "2026-11-22 12:00:00", told[later.number]]


@pytest.fixture
def desk(client):
    client.force_login(make_operator(), backend="members.backends.AccountBackend")
    client.cookies["django_language"] = "en"
    return client


def page_of(order):
    return reverse("admin:orders_order_change_invoice", args=[order.pk])


def test_the_invoice_is_corrected_on_the_page_of_the_order(desk):
    order = asked_order()
    typed = {"kind": "company", "title": COMPANY["title"], "tax_no": "1", "reason": "wrong"}

    shown = desk.get(page_of(order)).content.decode()
    refused = desk.post(page_of(order), typed).content.decode()
    done = desk.post(page_of(order), {**typed, "tax_no": COMPANY["tax_no"]}, follow=True)

    assert "林小满" in shown
    assert "This is no tax number of a company." in refused
    assert "The invoice is corrected" in done.content.decode()
    assert "The shop corrected the invoice" in done.content.decode()
    assert invoice_of(order) == COMPANY


def test_the_deed_is_there_where_an_invoice_can_be_corrected(desk):
    plain, asked, closed = make_order(), asked_order(), asked_order()
    Order.objects.filter(pk=closed.pk).update(status=Order.Status.CLOSED)

    pages = {
        order: desk.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
        for order in (plain, asked, closed)
    }

    assert [page_of(order) in page for order, page in pages.items()] == [False, True, False]
    assert desk.get(page_of(plain)).status_code == 403


def test_only_who_changes_orders_corrects_an_invoice(client):
    order = asked_order()
    client.force_login(make_operator(is_superuser=False))

    assert client.post(page_of(order), {}).status_code == 403
    assert invoice_of(order) == OURS


def test_the_list_tells_who_asked_for_an_invoice(desk):
    plain, asked = make_order(), asked_order()
    url = reverse("admin:orders_order_changelist")

    with_one = desk.get(url, {"invoice__isempty": "0"}).content.decode()
    without = desk.get(url, {"invoice__isempty": "1"}).content.decode()

    assert (asked.number in with_one, plain.number in with_one) == (True, False)
    assert (asked.number in without, plain.number in without) == (False, True)
    assert "not asked for" in with_one
