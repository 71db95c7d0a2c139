"""The invariants page: every law, checked when asked, the broken ones first and named."""

import pytest
from django.urls import reverse

from catalog.testing import make_sku
from inventory.models import StockItem
from inventory.testing import make_stock
from mall.console.broken_rows import link_of
from mall.console.testing import client_of, make_clerk
from mall.kernel import clock
from mall.kernel.balances import balances
from mall.kernel.invariants import invariants
from mall.kernel.invariants.models import AuditFinding, AuditRun
from mall.kernel.invariants.telling import AUDIT_RED
from mall.kernel.notify.models import Message
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.tasks import audit_invariants
from members.testing import make_operator

pytestmark = pytest.mark.django_db

PAGE = "/admin/invariants/"


def page(client, **query):
    client.cookies["django_language"] = "en"
    answer = client.get(reverse("admin:invariants"), query)
    assert answer.status_code == 200
    return answer


def make_dead_event():
    return OutboxEvent.objects.create(
        name="orders.order_paid",
        payload={},
        at=clock.now(),
        next_at=clock.now(),
        dead_at=clock.now(),
    )


def test_looking_lists_every_law_and_balance_and_checks_nothing():
    answer = page(client_of(make_operator()))

    codes = [row["code"] for row in answer.context["rows"]]
    assert codes == [law.code for law in invariants()] + [one.code for one in balances()]
    assert "not checked" in answer.content.decode()
    assert not AuditRun.objects.exists()


def test_a_sound_shop_is_all_green_and_the_run_is_kept():
    client = client_of(make_operator())

    assert client.post(PAGE).status_code == 302

    answer = page(client)
    laws = len(invariants()) + len(balances())
    assert f"{laws} laws checked, all hold" in answer.content.decode()
    run = AuditRun.objects.get()
    assert (run.checked, run.broken) == (len(invariants()), 0)
    assert (run.compared, run.differing) == (len(balances()), 0)


def test_a_broken_law_comes_first_names_the_row_and_stays_in_the_history():
    client = client_of(make_operator())
    dead = make_dead_event()
    client.post(PAGE)
    OutboxEvent.objects.all().delete()
    client.post(PAGE)
    red = AuditRun.objects.order_by("pk")[0]

    assert page(client).context["broken"] == 0
    answer = page(client, run=red.pk)

    first = answer.context["rows"][0]
    assert (first["code"], answer.context["broken"]) == ("INV-31", 1)
    assert f"event orders.order_paid, {dead.pk}" in answer.content.decode()
    assert "newly broken" in answer.content.decode()


def test_a_law_opens_the_rows_that_break_it_now_with_the_way_to_their_screens():
    client = client_of(make_operator())
    item = make_stock(sku=make_sku(), on_hand=5)
    StockItem.objects.update(on_hand=6)

    answer = client.get(reverse("admin:invariant", args=["INV-03a"]))

    (row,) = answer.context["rows"]
    assert row["name"].startswith(f"stock {item.pk} ")
    assert client.get(row["link"]).status_code == 200
    assert client.get(reverse("admin:invariant", args=["INV-99"])).status_code == 404


@pytest.mark.parametrize(
    ("name", "screen"),
    [
        ("order 2026X", "/admin/orders/order/?q=2026X"),
        ("line 4 of order 9", ""),
        ("points of member 7", "/admin/members/member/7/change/"),
        ("coupon new-10, member 7", "/admin/promotions/coupon/?q=new-10"),
        ("donations", ""),
    ],
)
def test_a_named_row_leads_to_its_screen(rf, name, screen):
    request = rf.get(PAGE)
    request.user = make_operator()

    assert link_of(request, name) == screen


def test_what_is_newly_red_is_told_once_and_the_task_fails():
    boss = make_operator()
    make_clerk("warehouse")
    make_dead_event()
    for _night in range(2):
        with pytest.raises(AssertionError, match="INV-31"):
            audit_invariants()

    (message,) = Message.objects.filter(template=AUDIT_RED, channel="inbox")
    assert (message.account_id, message.params) == (boss.pk, {"count": 1, "codes": "INV-31"})
    assert list(AuditFinding.objects.order_by("pk").values_list("is_new", flat=True)) == [
        True,
        False,
    ]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ["service", "marketing", "warehouse", "finance"])
def test_other_roles_are_refused(role, method):
    assert getattr(client_of(make_clerk(role)), method)(PAGE).status_code == 403
