"""A budget under contention, on real connections; the race with its control."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from mall.kernel.invariants import audit
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from promotions.errors import BudgetSpent, CampaignNotReady
from promotions.models import BudgetUse, Campaign, CampaignPlan, RehearsalPolicy
from promotions.models.campaign import CampaignQuerySet
from promotions.services import charge_budgets, publish_campaign, return_budgets
from promotions.testing import AT, make_threshold_off

pytestmark = pytest.mark.django_db(transaction=True)
CONTENDERS, FITTING, OFF_FEN = 50, 20, 5_000


def charge(campaign, number):
    charge_budgets(order_number=f"A{number}", amounts={campaign.pk: OFF_FEN}, at=AT)
    return number


def broken():
    return [found for invariant, found in audit() if found and invariant.code == "INV-18f"]


def test_P_45_of_fifty_orders_exactly_as_many_as_the_budget_pays_for_get_through():
    campaign = make_threshold_off(budget_fen=FITTING * OFF_FEN)

    outcomes = stampede(CONTENDERS, lambda number: charge(campaign, number))

    assert len(outcomes.results) == FITTING == BudgetUse.objects.count()
    assert outcomes.only(BudgetSpent)
    assert Campaign.objects.get().spent_fen == FITTING * OFF_FEN
    assert not broken()


def test_control_without_the_condition_only_the_constraint_stops_the_counter(monkeypatch):
    campaign = make_threshold_off(budget_fen=FITTING * OFF_FEN)
    monkeypatch.setattr(CampaignQuerySet, "with_budget_for", lambda self, _fen: self)

    outcomes = stampede(CONTENDERS, lambda number: charge(campaign, number))

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)
    assert Campaign.objects.get().spent_fen == FITTING * OFF_FEN


def publish_both(of_one_plan):
    return stampede(2, lambda number: publish_campaign(campaign_id=of_one_plan[number].pk, at=AT))


@pytest.fixture
def of_one_plan():
    """Two drafts of a plan whose budget is enough for one of them."""
    stages = ("preheat_at", "burst_at", "long_tail_at", "ends_at")
    plan = CampaignPlan.objects.create(
        title_zh="双 11",
        title_en="Double 11",
        status="approved",
        budget_fen=OFF_FEN,
        **{name: AT + timedelta(days=day) for day, name in enumerate(stages)},
    )
    RehearsalPolicy.objects.update_or_create(pk=1, defaults={"need": "never"})
    return [make_threshold_off(status="draft", budget_fen=OFF_FEN, plan=plan) for _n in range(2)]


def test_two_campaigns_at_once_do_not_share_the_same_budget_of_their_plan(of_one_plan):
    outcomes = publish_both(of_one_plan)

    assert len(outcomes.results) == 1
    assert outcomes.only(CampaignNotReady)
    assert Campaign.objects.live().count() == 1


def test_control_without_the_lock_both_take_the_budget_of_their_plan(of_one_plan):
    gate = "promotions.services.gates.blocking_findings"
    with without_locks(), all_read_before_any_writes(gate, 2):
        publish_both(of_one_plan)

    assert Campaign.objects.live().count() == 2


def test_an_order_closed_by_twenty_at_once_gives_back_once():
    campaign = make_threshold_off(budget_fen=FITTING * OFF_FEN)
    charge(campaign, 1)
    charge(campaign, 2)

    stampede(20, lambda _number: return_budgets(order_number="A1", at=AT))

    assert Campaign.objects.get().spent_fen == OFF_FEN
    assert not broken()
