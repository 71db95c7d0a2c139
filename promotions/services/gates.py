"""What may still keep a campaign from going live: one gate a concern, asked in turn.

Floors above add theirs from ``apps.py``; a gate answers with sentences for operators.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from promotions.errors import CampaignNotReady
from promotions.models import Campaign, CampaignPlan
from promotions.services.finding import blocking_findings

Gate = Callable[[Campaign, datetime], Iterable[str]]


def plan_gate(campaign: Campaign, at: datetime) -> list[str]:
    """A campaign of a plan waits for the plan's approval (P-44). Queries: 1 with a plan, else 0."""
    if campaign.plan is None or campaign.plan.status == CampaignPlan.Status.APPROVED:
        return []
    return [_("its plan %(plan)s is not approved") % {"plan": campaign.plan.title_zh}]


def findings_gate(campaign: Campaign, at: datetime) -> list[str]:
    """Red findings of this version, and a rehearsal that is due. Queries: 4 at most."""
    found = len(blocking_findings(campaign, at))
    if not found:
        return []
    return [_("%(count)s red findings block it; see its rehearsal and checks") % {"count": found}]


GATES: list[Gate] = [plan_gate, findings_gate]


def add_gate(gate: Gate) -> None:
    """Put a further gate behind the others; once."""
    if gate not in GATES:
        GATES.append(gate)


def reasons_against(campaign: Campaign, at: datetime) -> list[str]:
    """Everything that keeps it from going live now, in words."""
    return [reason for gate in GATES for reason in gate(campaign, at)]


def check_gates(campaign: Campaign, at: datetime) -> None:
    """Raises: CampaignNotReady with every reason there is."""
    reasons = reasons_against(campaign, at)
    if reasons:
        raise CampaignNotReady(title=campaign.title_zh, reason="; ".join(reasons))
