"""A plan's pages over the whole building: stock before the start, effect after it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from analytics.selectors import orders_with, plan_effect
from catalog.models import Sku
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator
from orders.testing import NOON, make_order, make_stocked_sku
from promotions.errors import CampaignNotReady
from promotions.models import CampaignPlan, PlanForecast, RehearsalPolicy
from promotions.services import publish_campaign
from promotions.testing import make_campaign, make_threshold_off

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def sign_in(client, *codenames):
    operator = make_operator(is_superuser=not codenames)
    operator.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(operator, backend="members.backends.AccountBackend")
    client.cookies["django_language"] = "en"
    return operator


def make_plan(**values):
    burst = datetime(2026, 11, 20, tzinfo=UTC)
    plain = {
        "title_zh": "双 11",
        "title_en": "Double 11",
        "status": CampaignPlan.Status.APPROVED,
        "preheat_at": burst - DAY,
        "burst_at": burst,
        "long_tail_at": burst + 3 * DAY,
        "ends_at": burst + 7 * DAY,
    }
    return CampaignPlan.objects.create(**{**plain, **values})


def expected(plan, sku, pieces):
    return PlanForecast.objects.create(plan=plan, sku=sku, pieces=pieces)


def page(name, plan):
    return reverse(f"admin:{name}", args=[plan.pk])


def test_P_47_a_shortage_of_130_is_listed_and_the_start_asks_for_confirmation(client):
    boss = sign_in(client)
    RehearsalPolicy.objects.update_or_create(pk=1, defaults={"need": "never"})
    plan, sku = make_plan(), make_stocked_sku(on_hand=50)
    expected(plan, sku, 180)
    campaign = make_threshold_off(status="approved", plan=plan)
    with pytest.raises(CampaignNotReady, match="130"):
        publish_campaign(campaign_id=campaign.pk, at=NOON)

    shown = client.get(page("plan_stock", plan)).content.decode()
    assert "130 pieces are missing" in shown
    client.post(page("plan_stock", plan), {"reason": ""})
    plan.refresh_from_db()
    assert plan.stock_confirmed_at is None
    client.post(page("plan_stock", plan), {"reason": "more comes on Monday"})

    plan.refresh_from_db()
    assert plan.stock_confirmed_by == boss
    assert publish_campaign(campaign_id=campaign.pk, at=NOON).status == "live"


def test_enough_stock_asks_nothing(client):
    sign_in(client)
    RehearsalPolicy.objects.update_or_create(pk=1, defaults={"need": "never"})
    plan, sku = make_plan(), make_stocked_sku(on_hand=180)
    expected(plan, sku, 180)
    campaign = make_threshold_off(status="approved", plan=plan)

    assert publish_campaign(campaign_id=campaign.pk, at=NOON).status == "live"


def test_who_may_only_look_confirms_nothing(client):
    sign_in(client, "view_campaignplan")
    plan, sku = make_plan(), make_stocked_sku(on_hand=50)
    expected(plan, sku, 180)

    client.post(page("plan_stock", plan), {"reason": "because"})

    plan.refresh_from_db()
    assert plan.stock_confirmed_at is None
    assert client.get(page("plan_effect", plan)).status_code == 403


def test_P_46_the_report_equals_the_orders_that_carry_the_campaign(client):
    sign_in(client)
    plan = make_plan(gmv_target_fen=100_000, profit_target_fen=30_000, budget_fen=20_000)
    campaign = make_threshold_off(plan=plan)
    sku, small = make_stocked_sku(price_fen=30_000), make_stocked_sku(price_fen=1_000)
    Sku.objects.update(cost_fen=10_000)
    regular = make_member()
    make_order(member=regular, sku=small, paid=True, at=NOON - DAY)
    bought = [
        make_order(member=regular, sku=sku, paid=True),
        make_order(sku=sku, paid=True),
    ]
    unpaid = make_order(sku=sku)

    effect = plan_effect(plan)

    assert set(orders_with([campaign])) == {*bought, unpaid}
    total = effect.total
    assert (total.placed, total.orders, total.members, total.newcomers) == (3, 2, 2, 1)
    assert total.gmv_fen == sum(order.paid_fen for order in bought)
    assert (total.cost_fen, total.goods_cost_fen) == (10_000, 20_000)
    assert total.profit_fen == total.gmv_fen - 20_000
    assert effect.budget_bp == 5_000
    shown = client.get(page("plan_effect", plan)).content.decode()
    assert 'data-figure="cost"' in shown
    assert "budget ¥200.00: 50% used" in shown


def test_profit_is_for_who_may_see_costs(client):
    sign_in(client, "view_campaignplan", "view_dailyreport")
    plan = make_plan()

    assert 'data-figure="profit"' not in client.get(page("plan_effect", plan)).content.decode()


def test_the_report_costs_the_same_for_two_orders_and_for_ten():
    plan = make_plan()
    make_threshold_off(plan=plan)
    make_campaign("free_freight", rule={"threshold_fen": 0}, plan=plan)
    sku = make_stocked_sku(price_fen=30_000)

    def statements(orders):
        for _n in range(orders):
            make_order(sku=sku, paid=True)
        with count_queries() as counted:
            plan_effect(plan)
        return len(counted)

    assert statements(2) == statements(8)
