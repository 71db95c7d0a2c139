"""What was found about a version of a campaign, and who answers for it.

Red findings of the version at hand block its publication, and so does a rehearsal that the policy
asks for and nobody held; a second operator may answer for both with a reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from mall.kernel import audit
from mall.kernel.errors import InvalidInput
from promotions.errors import NothingToOverride, OverrideByMaker
from promotions.models import (
    Campaign,
    CampaignFinding,
    FindingOverride,
    Level,
    Rehearsal,
    RehearsalPolicy,
    RehearsedCampaign,
    ScopeKind,
)
from promotions.services.campaigning_rows import locked_campaign
from promotions.services.second_person import wrote_at

REHEARSAL_NEEDED = "rehearsal_needed"
SAVED = "promotions.save_campaign"
POLICY_FIELDS = (
    "need", "large_budget_fen", "least_sales", "least_quality", "low_price_level", "sales_level",
    "stock_level", "listing_level",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, before it is written down; ``facts`` are plain JSON."""

    level: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def blocking_findings(campaign: Campaign, at: datetime) -> list[CampaignFinding]:
    """What stands between this version and its publication; empty when nothing does.

    The red findings that nobody answers for; a rehearsal that is missing is one of them, unsaved.
    Queries: 4 at most.
    """
    version = {"campaign": campaign, "version": campaign.version}
    answered = FindingOverride.objects.filter(**version).order_by("-at").first()
    red = CampaignFinding.objects.filter(**version, level=Level.RED).order_by("pk")
    blocking = [row for row in red if answered is None or row.found_at > answered.at]
    if answered is None and rehearsal_needed(campaign) and not is_rehearsed(campaign):
        missing = CampaignFinding(
            **version,
            kind=CampaignFinding.Kind.REHEARSAL,
            level=Level.RED,
            code=REHEARSAL_NEEDED,
            found_at=at,
        )
        blocking.insert(0, missing)
    return blocking


def rehearsal_policy() -> RehearsalPolicy:
    """The shop's rules of rehearsal. Queries: 1."""
    return RehearsalPolicy.objects.filter(pk=1).first() or RehearsalPolicy(pk=1)


def rehearsal_needed(campaign: Campaign) -> bool:
    """True when the policy asks for a rehearsal of this campaign. Queries: 1."""
    policy = rehearsal_policy()
    match policy.need:
        case RehearsalPolicy.Need.NEVER:
            return False
        case RehearsalPolicy.Need.ALWAYS:
            return True
    return _covers_shop(campaign) or (campaign.budget_fen or 0) >= policy.large_budget_fen


def _covers_shop(campaign: Campaign) -> bool:
    """Every product may change its price; activities and plain sales have goods of their own."""
    own_goods = campaign.is_activity or (
        campaign.kind == Campaign.Kind.SALE and "rate_bp" not in campaign.rule
    )
    return campaign.scope_kind == ScopeKind.SHOP and not own_goods


def is_rehearsed(campaign: Campaign) -> bool:
    """True when a rehearsal of this very version has ended well. Queries: 1."""
    return RehearsedCampaign.objects.filter(
        campaign=campaign, version=campaign.version, rehearsal__state=Rehearsal.State.DONE
    ).exists()


def record_findings(
    *,
    campaign_id: int,
    version: int,
    kind: str,
    findings: Iterable[Finding],
    at: datetime,
    rehearsal: Rehearsal | None = None,
) -> list[CampaignFinding]:
    """Write what one check found in place of what it found of this version before.

    What a second operator answered for earlier does not cover what is found now. Queries: 2.
    """
    CampaignFinding.objects.filter(campaign_id=campaign_id, version=version, kind=kind).delete()
    return CampaignFinding.objects.bulk_create(
        [
            CampaignFinding(
                campaign_id=campaign_id,
                version=version,
                kind=kind,
                level=finding.level,
                code=finding.code,
                facts=dict(finding.facts),
                rehearsal=rehearsal,
                found_at=at,
            )
            for finding in findings
        ]
    )


@transaction.atomic
def record_goods_check(
    *, campaign_id: int, findings: Iterable[Finding], at: datetime, actor: Any = None
) -> list[CampaignFinding]:
    """Write the result list of a check of a campaign's goods (C-49), for its version as it stands.

    Locks: the campaign. Raises: NotFound.
    """
    campaign = locked_campaign(campaign_id)
    written = record_findings(
        campaign_id=campaign.pk,
        version=campaign.version,
        kind=CampaignFinding.Kind.GOODS,
        findings=findings,
        at=at,
    )
    audit.record(
        actor=actor,
        verb="promotions.check_goods",
        target=campaign,
        after={"version": campaign.version, "found": _counts(written)},
        at=at,
    )
    return written


@transaction.atomic
def override_findings(
    *, campaign_id: int, reason: str, at: datetime, actor: Any
) -> FindingOverride:
    """Answer, as a second operator, for all that blocks the version as it stands now.

    The door asks for the right to; the verb holds that nobody answers for their own campaign.
    Locks: the campaign. Raises: NotFound, InvalidInput without a reason, OverrideByMaker,
    NothingToOverride.
    """
    campaign = locked_campaign(campaign_id)
    if not reason.strip():
        raise InvalidInput(field="reason", allowed="1-200")
    if actor is None or actor.pk == campaign.maker_id or wrote_at(campaign, SAVED, actor):
        raise OverrideByMaker
    blocking = blocking_findings(campaign, at)
    if not blocking:
        raise NothingToOverride(title=campaign.title_zh)
    override = FindingOverride.objects.create(
        campaign=campaign,
        version=campaign.version,
        reason=reason.strip(),
        codes=sorted({finding.code for finding in blocking}),
        actor=actor,
        at=at,
    )
    audit.record(
        actor=actor,
        verb="promotions.override_findings",
        target=campaign,
        after={"version": campaign.version, "codes": override.codes},
        reason=override.reason,
        at=at,
    )
    return override


@transaction.atomic
def save_rehearsal_policy(
    *, values: Mapping[str, Any], at: datetime, actor: Any = None
) -> RehearsalPolicy:
    """Say when a rehearsal is needed and how strict the check of goods is. Raises: InvalidInput."""
    unknown = values.keys() - set(POLICY_FIELDS)
    if unknown:
        raise InvalidInput(field=", ".join(sorted(unknown)), allowed=", ".join(POLICY_FIELDS))
    levels = [value for name, value in values.items() if name.endswith("_level")]
    if values.get("need", RehearsalPolicy.Need.NEVER) not in RehearsalPolicy.Need.values:
        raise InvalidInput(field="need", allowed=", ".join(RehearsalPolicy.Need.values))
    if any(level not in Level.values for level in levels):
        raise InvalidInput(field="level", allowed=", ".join(Level.values))
    policy, _made = RehearsalPolicy.objects.get_or_create(pk=1)
    before = {name: getattr(policy, name) for name in POLICY_FIELDS}
    for name, value in values.items():
        setattr(policy, name, value)
    policy.version += 1
    policy.save()
    audit.record(
        actor=actor,
        verb="promotions.save_rehearsal_policy",
        target=policy,
        before=before,
        after={name: getattr(policy, name) for name in POLICY_FIELDS},
        at=at,
    )
    return policy


def _counts(findings: Iterable[CampaignFinding]) -> dict[str, int]:
    levels = [str(finding.level) for finding in findings]
    return {level: levels.count(level) for level in sorted(set(levels))}
