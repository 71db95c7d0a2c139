"""The operators' screens of care plans."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import translation

from analytics.models import CarePlan, CareRun
from analytics.services import PROMPT_CARE, run_care, switch_care_plan
from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator
from orders.testing import NOON, make_order, make_stocked_sku
from promotions.models import CouponGrant
from promotions.testing import make_coupon

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def sign_in(client, *codenames):
    operator = make_operator(is_superuser=not codenames)
    operator.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(operator, backend="members.backends.AccountBackend")
    return operator


def page(name, *args):
    return reverse(f"admin:analytics_{name}", args=args)


def form_of(plan, **changes):
    return {
        "kind": plan.kind,
        "title": plan.title,
        "coupon": plan.coupon_id or "",
        "wait_minutes": plan.wait_minutes,
        "from_fen": "0",
        "to_fen": "",
        "category_ids": "",
        **changes,
    }


@pytest.fixture
def plan():
    return CarePlan.objects.get(kind="unpaid")


def test_the_shop_begins_with_five_plans_and_none_is_on():
    assert sorted(CarePlan.objects.values_list("kind", "is_on", "coupon")) == [
        (kind, False, None) for kind in ("birthday", "cart", "dormant", "repurchase", "unpaid")
    ]
    assert run_care(NOON, PROMPT_CARE) == 0


def test_a_plan_gets_its_coupon_is_switched_on_and_its_figures_shown(client, plan):
    boss = sign_in(client)
    coupon = make_coupon(off_fen=500)
    refused = client.post(page("careplan_switch_on", plan.pk))
    assert refused.status_code == 200

    changed = client.post(page("careplan_change", plan.pk), form_of(plan, coupon=coupon.pk))
    assert changed.status_code == 302, changed.context["adminform"].form.errors
    assert client.post(page("careplan_switch_on", plan.pk)).status_code == 302
    plan.refresh_from_db()
    assert plan.is_on

    CarePlan.objects.filter(pk=plan.pk).update(on_since=NOON.replace(year=2020))
    member, sku = make_member(), make_stocked_sku(price_fen=5_000)
    make_order(member=member, sku=sku)
    assert run_care(NOON.replace(minute=10), PROMPT_CARE) == 1
    grant = CouponGrant.objects.get()
    make_order(
        member=member, sku=sku, coupon_grant_ids=(grant.pk,), paid=True, at=NOON.replace(minute=11)
    )
    row = client.get(page("careplan_changelist")).content.decode()
    assert "5.00" in row
    assert client.post(page("careplan_switch_off", plan.pk)).status_code == 302
    verbs = AuditEntry.objects.filter(actor=boss).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "analytics.save_care_plan",
        "analytics.switch_care_plan",
        "analytics.switch_care_plan",
    ]


def test_plans_are_switched_in_the_list_too(client, plan):
    sign_in(client)
    CarePlan.objects.filter(pk=plan.pk).update(coupon=make_coupon())
    chosen = {"_selected_action": list(CarePlan.objects.values_list("pk", flat=True))}

    client.post(page("careplan_changelist"), {"action": "switch_on_selected", **chosen})
    assert list(CarePlan.objects.filter(is_on=True)) == [plan]

    client.post(page("careplan_changelist"), {"action": "switch_off_selected", **chosen})
    assert not CarePlan.objects.filter(is_on=True).exists()


def test_who_may_only_look_switches_nothing(client, plan):
    sign_in(client, "view_careplan")
    CarePlan.objects.filter(pk=plan.pk).update(coupon=make_coupon())

    assert client.get(page("careplan_changelist")).status_code == 200
    assert client.post(page("careplan_switch_on", plan.pk)).status_code == 403
    assert not CarePlan.objects.filter(is_on=True).exists()


@pytest.mark.parametrize("model", ["careplan", "carerun"])
def test_every_list_keeps_its_budget_at_fifty_rows(client, model, plan):
    sign_in(client)
    member = make_member()
    for number in range(50):
        other = CarePlan.objects.create(kind="cart", title=f"{number}", coupon=make_coupon())
        CareRun.objects.create(plan=other, member=member, cause="x", outcome="given", at=NOON)

    with count_queries(at_most=12):
        assert client.get(page(f"{model}_changelist")).status_code == 200


def test_switching_twice_is_one_deed(plan):
    CarePlan.objects.filter(pk=plan.pk).update(coupon=make_coupon())
    for _n in range(2):
        switch_care_plan(plan_id=plan.pk, on=True, at=NOON)

    assert AuditEntry.objects.filter(verb="analytics.switch_care_plan").count() == 1
