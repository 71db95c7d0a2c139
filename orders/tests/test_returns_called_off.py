"""What a warehouse waits for ends with its case, and goods that are here keep their case (I-22)."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from inventory.models import ReturnIntake
from inventory.services import arrive_return
from inventory.testing import make_warehouse
from members.testing import make_operator
from orders.errors import GoodsAreHere
from orders.models import AfterSale
from orders.presenting import after_sale_dict
from orders.selectors import after_sale
from orders.services import cancel_after_sale, expire_after_sales, refuse_after_sale
from orders.tests.cases import LATER, ask, clerk, fresh, granted, sent_order

pytestmark = pytest.mark.django_db
State, Intake = AfterSale.State, ReturnIntake.Status
BACKEND = "members.backends.AccountBackend"
OVER = LATER + timedelta(days=8)


@pytest.fixture
def case():
    """Granted: its goods are awaited."""
    make_warehouse()
    return granted(sent_order(received=True), kind="return_refund")


def intake():
    return ReturnIntake.objects.get()


def test_a_case_that_is_taken_back_ends_the_waiting(case):
    cancel_after_sale(number=case.number, member_id=case.member_id, at=LATER)

    assert intake().status == Intake.CALLED_OFF


def test_a_case_whose_goods_never_came_ends_the_waiting(case):
    assert expire_after_sales(OVER) == 1

    assert (fresh(case).state, intake().status) == (State.CANCELLED, Intake.CALLED_OFF)


def test_goods_that_are_here_do_not_let_their_case_run_out_or_be_taken_back(case):
    arrive_return(after_sale_number=case.number, at=LATER)

    assert expire_after_sales(OVER) == 0
    with pytest.raises(GoodsAreHere) as refusal:
        cancel_after_sale(number=case.number, member_id=case.member_id, at=LATER)

    assert (fresh(case).state, intake().status) == (State.AWAITING_RETURN, Intake.ARRIVED)
    with translation.override("en"):
        assert "The goods are here already" in str(refusal.value)


def test_who_has_sent_the_goods_is_not_offered_to_take_it_back(case):
    def offered():
        return after_sale_dict(after_sale(case.member_id, case.number))["can"]

    assert offered() == ["cancel", "send_back"]

    arrive_return(after_sale_number=case.number, at=LATER)

    assert offered() == ["send_back"]


def test_a_parcel_that_comes_after_its_case_is_noted_all_the_same(case, client):
    assert expire_after_sales(OVER) == 1
    desk, row = enter(client, "inspect_aftersale"), intake()
    assert deed(row) in shown(desk, row)

    assert desk.post(deed(row)).status_code == 302

    assert (fresh(case).state, intake().status) == (State.CANCELLED, Intake.ARRIVED)
    assert intake().arrived_at is not None
    assert not arrive_return(after_sale_number=case.number, at=OVER)


@pytest.mark.parametrize("ended", [State.CANCELLED, State.REFUSED])
def test_what_older_code_left_awaited_is_called_off_with_its_case(case, ended):
    """Older code ended cases without a word to the warehouse."""
    other = granted(sent_order(received=True), kind="return_refund")
    AfterSale.objects.filter(pk=case.pk).update(state=ended, closed_at=LATER, due_at=None)
    mend = import_module("orders.migrations.0038_owed_and_counted_before").CALLED_OFF

    with connection.cursor() as cursor:
        cursor.execute(mend)

    by_case = dict(ReturnIntake.objects.values_list("after_sale_number", "status"))
    assert by_case == {case.number: Intake.CALLED_OFF, other.number: Intake.EXPECTED}


def test_a_case_without_goods_to_come_ends_as_ever():
    case = ask(sent_order(received=True), reason="quality")

    refuse_after_sale(number=case.number, reason="no", actor=make_operator(), at=LATER)

    assert (fresh(case).state, ReturnIntake.objects.count()) == (State.REFUSED, 0)


def deed(row):
    return reverse("admin:inventory_returnintake_arrive", args=[row.pk])


def shown(client, row):
    page = client.get(reverse("admin:inventory_returnintake_change", args=[row.pk]))
    assert page.status_code == 200
    return page.content.decode()


def enter(client, *codenames):
    client.cookies["django_language"] = "en"
    client.force_login(clerk("someone", "view_returnintake", *codenames), backend=BACKEND)
    return client


def test_I_22_who_inspects_says_that_the_goods_are_here(case, client):
    desk, row = enter(client, "inspect_aftersale"), intake()
    assert deed(row) in shown(desk, row)

    answer = desk.post(deed(row))

    assert answer.status_code == 302
    assert intake().status == Intake.ARRIVED
    assert deed(row) not in shown(desk, row)


def test_who_only_reads_does_not(case, client):
    desk, row = enter(client), intake()

    assert deed(row) not in shown(desk, row)
    assert desk.post(deed(row)).status_code == 403
    assert intake().status == Intake.EXPECTED
