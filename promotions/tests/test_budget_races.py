"""A budget under contention, on real connections; the race with its control."""

import pytest
from django.db import IntegrityError

from mall.kernel.invariants import audit
from mall.kernel.testing.race import stampede
from promotions.errors import BudgetSpent
from promotions.models import BudgetUse, Campaign
from promotions.models.campaign import CampaignQuerySet
from promotions.services import charge_budgets, return_budgets
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


def test_an_order_closed_by_twenty_at_once_gives_back_once():
    campaign = make_threshold_off(budget_fen=FITTING * OFF_FEN)
    charge(campaign, 1)
    charge(campaign, 2)

    stampede(20, lambda _number: return_budgets(order_number="A1", at=AT))

    assert Campaign.objects.get().spent_fen == OFF_FEN
    assert not broken()
