"""The campaign calendar of a month, and who would hear what of a plan. Source: P-42, P-43."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet

from mall.kernel import clock
from mall.kernel.words import localized
from members.models import Member, SegmentMember, Tier
from promotions.calendar import Occasion, days_in_month
from promotions.models import Campaign, CampaignPlan, PlanPhase, YearlyEvent

SHOWN = 10
"""Names of an audience that a dry run lists beside its size."""


@dataclass(frozen=True, slots=True)
class EventDays:
    """An event of the year and its days in the month."""

    event: YearlyEvent
    days: Sequence[date]

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return localized(self.event, "title")


@dataclass(frozen=True, slots=True)
class PlanStage:
    """A plan in the month, the stage it is in now, and its campaigns by status."""

    plan: CampaignPlan
    stage: str
    campaigns: int

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return localized(self.plan, "title")

    @property
    def stage_words(self) -> str:
        """The stage as people call it."""
        return str(CampaignPlan.Stage(self.stage).label)


@dataclass(frozen=True, slots=True)
class Month:
    """What the calendar lists."""

    first: date
    events: Sequence[EventDays]
    plans: Sequence[PlanStage]
    campaigns: Sequence[Campaign]


def month_of(year: int, month: int, at: datetime) -> Month:
    """Events, plans and campaigns that are on in a month of Shanghai. Queries: 3."""
    first = date(year, month, 1)
    following = (first + timedelta(days=32)).replace(day=1)
    starts_at, ends_at = clock.bounds(first)[0], clock.bounds(following)[0]
    plans = (
        CampaignPlan.objects.within(starts_at, ends_at)
        .exclude(status=CampaignPlan.Status.DROPPED)
        .select_related("event", "owner")
        .annotate(campaign_count=Count("campaigns"))
        .order_by("preheat_at")
    )
    campaigns = Campaign.objects.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    return Month(
        first=first,
        events=_events(first),
        plans=[PlanStage(plan, plan.stage_at(at), plan.campaign_count) for plan in plans],
        campaigns=list(campaigns.exclude(status="draft").order_by("starts_at", "pk")[:100]),
    )


def _events(first: date) -> list[EventDays]:
    found = []
    for event in YearlyEvent.objects.all():
        occasion = Occasion(event.month, event.day, event.days, event.lunar)
        days = days_in_month(occasion, first.year, first.month)
        if days:
            found.append(EventDays(event, days))
    return sorted(found, key=lambda one: (one.days[0], one.event.pk))


@dataclass(frozen=True, slots=True)
class PhaseRun:
    """What one phase would do: who (how many, a few names), what, where and when."""

    phase: PlanPhase
    members: int
    names: Sequence[str]
    tiers: Sequence[Tier]

    @property
    def text(self) -> str:
        """The message in the reader's language."""
        return localized(self.phase, "text")

    @property
    def tier_words(self) -> str:
        """The tiers by name, empty for everybody."""
        return ", ".join(localized(tier, "title") for tier in self.tiers)


def dry_run(plan: CampaignPlan) -> list[PhaseRun]:
    """Who would get which message and when; nothing is sent. Queries: 2, and 2 a phase."""
    tiers = {tier.code: tier for tier in Tier.objects.order_by("rank")}
    phases = plan.phases.select_related("segment", "campaign").order_by("send_at", "pk")
    return [_run(phase, [tiers[code] for code in phase.tier_codes]) for phase in phases]


def audience_of(phase: PlanPhase) -> QuerySet[Member]:
    """The members that a phase speaks to: of its tiers and its segment, all without either."""
    members = Member.objects.filter(account__is_active=True)
    if phase.tier_codes:
        members = members.filter(tier__code__in=phase.tier_codes)
    if phase.segment_id is not None:
        inside = SegmentMember.objects.filter(segment=phase.segment_id).values("member")
        members = members.filter(pk__in=inside)
    return members


def _run(phase: PlanPhase, tiers: Sequence[Tier]) -> PhaseRun:
    members = audience_of(phase)
    names = members.order_by("pk").values_list("nickname", flat=True)[:SHOWN]
    return PhaseRun(phase, members.count(), list(names), tiers)


def default_stages(begins: date) -> dict[str, datetime]:
    """Dates of a new plan around the first day of its event: a week of preheat, three days of
    burst, four of long tail."""

    def midnight(days: int) -> datetime:
        return datetime.combine(begins + timedelta(days=days), time(), clock.SHANGHAI)

    return {
        "preheat_at": midnight(-7),
        "burst_at": midnight(0),
        "long_tail_at": midnight(3),
        "ends_at": midnight(7),
    }
