"""What may still keep a campaign from going live: one gate a concern, asked in turn.

Floors above add theirs from ``apps.py``; a gate answers with sentences for operators.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext as _

from promotions.errors import CampaignNotReady
from promotions.models import Campaign, CampaignPlan
from promotions.services.finding import blocking_findings
from promotions.services.wording import words_gate

TAKING = (Campaign.Status.LIVE, Campaign.Status.PAUSED)
"""Campaigns in these states have their budget out of the plan's."""
Gate = Callable[[Campaign, datetime], Iterable[str]]


def plan_gate(campaign: Campaign, at: datetime) -> list[str]:
    """A campaign of a plan waits for the plan's approval, and stays within its budget (P-44).

    Queries: 0 without a plan, else 2.
    """
    plan = campaign.plan
    if plan is None:
        return []
    if plan.status != CampaignPlan.Status.APPROVED:
        return [_("its plan %(plan)s is not approved") % {"plan": plan.title_zh}]
    if plan.budget_fen and campaign.budget_fen is None:
        return [_("its plan %(plan)s has a budget, so it needs one") % {"plan": plan.title_zh}]
    budgets = plan.campaigns.filter(status__in=TAKING).exclude(pk=campaign.pk)
    taken_fen = budgets.aggregate(fen=Sum("budget_fen"))["fen"] or 0
    if plan.budget_fen and taken_fen + (campaign.budget_fen or 0) > plan.budget_fen:
        return [_("the budget of its plan %(plan)s is too small") % {"plan": plan.title_zh}]
    return []


def findings_gate(campaign: Campaign, at: datetime) -> list[str]:
    """Red findings of this version, and a rehearsal that is due. Queries: 4 at most."""
    found = len(blocking_findings(campaign, at))
    if not found:
        return []
    return [_("%(count)s red findings block it; see its rehearsal and checks") % {"count": found}]


GATES: list[Gate] = [plan_gate, findings_gate, words_gate]


def add_gate(gate: Gate) -> None:
    """Put a further gate behind the others; once."""
    if gate not in GATES:
        GATES.append(gate)


def reasons_against(campaign: Campaign, at: datetime) -> list[str]:
    """Everything that keeps it from going live now, in words."""
    return [reason for gate in GATES for reason in gate(campaign, at)]


def hold_plan(campaign: Campaign) -> None:
    """Lock its plan, if it has one: campaigns of one plan share its budget out one after another.
    Queries: 0 or 1."""
    if campaign.plan_id is not None:
        CampaignPlan.objects.filter(pk=campaign.plan_id).locked().first()


def check_gates(campaign: Campaign, at: datetime) -> None:
    """Locks: its plan. Raises: CampaignNotReady with every reason there is."""
    hold_plan(campaign)
    reasons = reasons_against(campaign, at)
    if reasons:
        raise CampaignNotReady(title=campaign.title_zh, reason="; ".join(reasons))
