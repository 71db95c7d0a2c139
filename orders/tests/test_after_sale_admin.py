"""The after-sales desk in admin: each deed by its right, the queue within its budget."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from inventory.models import StockItem
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from members.models import Wallet
from orders.admin.after_sale import CaseLineInline
from orders.models import AfterSale, AfterSaleLine, Compensation, Order, OrderLine
from orders.services import compensate
from orders.testing import make_order, make_stocked_sku
from orders.tests.cases import ask, clerk, sent_order

pytestmark = pytest.mark.django_db
BACKEND = "members.backends.AccountBackend"
State = AfterSale.State


def operator(client, *codenames, name="keeper"):
    account = get_user_model().objects.create(
        username=name, is_staff=True, is_superuser=not codenames
    )
    account.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(account, backend=BACKEND)
    client.cookies["django_language"] = "en"
    return account


def deed(name, row, model="aftersale"):
    return reverse(f"admin:orders_{model}_{name}", args=[row.pk])


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_return_is_approved_inspected_and_paid_back_from_its_page(client):
    operator(client)
    order = sent_order(received=True, at=clock.now())
    case = ask(order, kind="return_refund", reason="quality", at=clock.now())
    row = case.lines.get()

    shown = client.get(deed("approve", case))
    client.post(deed("approve", case), {f"amount_{row.pk}": row.entitled_fen / 100, "note": ""})
    waits = fresh(case).state
    client.post(
        deed("inspect", case),
        {
            f"graded_{row.pk}_A": 1,
            f"graded_{row.pk}_B": 0,
            f"graded_{row.pk}_C": 0,
            f"graded_{row.pk}_D": 0,
            "warehouse": StockItem.objects.get(sku=row.line.sku).warehouse_id,
            "return_freight_fen": "8.00",
            "note": "",
        },
    )
    inspected = fresh(case).state
    read = client.get(deed("change", case)).content.decode()
    client.post(deed("refund", case), {})

    assert shown.status_code == 200
    assert "A × 1" in read
    assert "null" not in read.partition("field-graded")[2].partition("</table>")[0]
    assert (waits, inspected, fresh(case).state) == (
        State.AWAITING_RETURN,
        State.INSPECTED,
        State.REFUNDING,
    )
    assert Wallet.objects.get(member=order.member).balance_fen == 800
    page = client.get(reverse("admin:orders_aftersale_change", args=[case.pk]))
    assert page.status_code == 200


def test_more_than_the_share_cannot_be_typed(client):
    operator(client)
    case = ask(make_order(paid=True, at=clock.now()), at=clock.now())
    row = case.lines.get()

    answer = client.post(
        deed("approve", case), {f"amount_{row.pk}": row.entitled_fen / 100 + 1, "freight_fen": 0}
    )

    assert answer.status_code == 200
    assert fresh(case).state == State.REQUESTED


def test_grades_of_the_parts_of_a_bundle_are_told_by_their_codes():
    line = OrderLine(parts=[{"sku_id": 7, "code": "SOAP"}, {"sku_id": 8, "code": "TEA"}])
    row = AfterSaleLine(line=line, part_grades={"7": {"C": 1, "A": 3}, "8": {}})
    screen = CaseLineInline(AfterSale, admin.site)

    assert screen.parts_graded(row) == "SOAP: A × 3, C × 1"
    assert (screen.graded(row), screen.parts_graded(AfterSaleLine(line=line))) == (None, None)


@pytest.mark.parametrize("name", ["approve", "refuse", "inspect", "refund", "confirm", "resend"])
def test_ATK_84_who_may_only_look_decides_nothing(client, name):
    operator(client, "view_aftersale")
    case = ask(make_order(paid=True, at=clock.now()), at=clock.now())

    answer = client.post(deed(name, case), {"reason": "no"})

    assert answer.status_code == 403
    assert fresh(case).state == State.REQUESTED


def test_a_refusal_has_a_reason(client):
    operator(client)
    case = ask(make_order(paid=True, at=clock.now()), at=clock.now())

    client.post(deed("refuse", case), {"reason": ""})
    still = fresh(case).state
    client.post(deed("refuse", case), {"reason": "packed already"})

    assert (still, fresh(case).state) == (State.REQUESTED, State.REFUSED)


def test_O_50_a_compensation_from_the_order_and_the_second_yes(client):
    first = clerk("first")
    order = make_order(paid=True, at=clock.now())
    big = compensate(
        order_number=order.number, amount_fen=8_000, reason="late", actor=first, at=clock.now()
    )
    operator(client)

    client.post(
        reverse("admin:orders_order_compensate", args=[order.pk]),
        {"amount_fen": "10.00", "reason": "late"},
    )
    client.post(deed("grant", big, "compensation"), {})

    assert set(Compensation.objects.values_list("state", flat=True)) == {"paid"}
    assert Wallet.objects.get(member=order.member).balance_fen == 9_000


def test_the_queue_asks_the_same_for_two_cases_and_for_fifty(client):
    operator(client)
    sku = make_stocked_sku(on_hand=60)
    order = make_order(paid=True, sku=sku, quantity=50, at=clock.now())
    address = reverse("admin:orders_aftersale_changelist")

    for _n in range(2):
        ask(order, at=clock.now())
    client.get(address)
    with count_queries() as few:
        client.get(address)
    case = AfterSale.objects.first()
    AfterSale.objects.bulk_create(
        AfterSale(
            number=f"A{n}",
            order=Order.objects.get(pk=order.pk),
            member=case.member,
            kind=case.kind,
            reason=case.reason,
            requested_at=case.requested_at,
        )
        for n in range(48)
    )
    with count_queries() as many:
        page = client.get(address)

    assert page.status_code == 200
    assert len(few) == len(many) <= 12
