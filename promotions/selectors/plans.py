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

PER_MILLE, LEAST_WIDTH = 1_000, 4
MOST_CAMPAIGNS = 100
SHOWN = 10
"""Names of an audience that a dry run lists beside its size."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Where in the month something is on. Units: thousandths of the month."""

    left: int
    width: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A month of Shanghai, half-open."""

    starts_at: datetime
    ends_at: datetime

    def bar(self, starts_at: datetime, ends_at: datetime) -> Bar:
        """What lies within the month, and is wide enough to be seen.

        >>> from datetime import UTC
        >>> april = Frame(datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
        >>> april.bar(datetime(2026, 4, 16, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
        Bar(left=500, width=500)
        """
        whole = self.ends_at - self.starts_at
        left = (max(starts_at, self.starts_at) - self.starts_at) * PER_MILLE // whole
        right = (min(ends_at, self.ends_at) - self.starts_at) * PER_MILLE // whole
        return Bar(left, max(right - left, LEAST_WIDTH))


@dataclass(frozen=True, slots=True)
class EventDays:
    """An event of the year and its days in the month."""

    event: YearlyEvent
    days: Sequence[date]
    frame: Frame

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return localized(self.event, "title")

    @property
    def runs(self) -> list[tuple[date, date]]:
        """Days that follow each other as first and last of them."""
        runs: list[tuple[date, date]] = []
        for day in self.days:
            if runs and day - runs[-1][1] == timedelta(days=1):
                runs[-1] = (runs[-1][0], day)
            else:
                runs.append((day, day))
        return runs

    @property
    def bars(self) -> list[Bar]:
        """Its days as parts of the month."""
        return [
            self.frame.bar(clock.bounds(first)[0], clock.bounds(last)[1])
            for first, last in self.runs
        ]


@dataclass(frozen=True, slots=True)
class PlanStage:
    """A plan in the month, the stage it is in now, and its campaigns by status."""

    plan: CampaignPlan
    stage: str
    campaigns: int
    bar: Bar

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return localized(self.plan, "title")

    @property
    def stage_words(self) -> str:
        """The stage as people call it."""
        return str(CampaignPlan.Stage(self.stage).label)


@dataclass(frozen=True, slots=True)
class CampaignOn:
    """A campaign and the part of the month in which it is on."""

    campaign: Campaign
    bar: Bar

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return localized(self.campaign, "title")


@dataclass(frozen=True, slots=True)
class Month:
    """What the calendar lists; ``today`` is None in another month."""

    first: date
    events: Sequence[EventDays]
    plans: Sequence[PlanStage]
    campaigns: Sequence[CampaignOn]
    today: Bar | None


def month_of(year: int, month: int, at: datetime) -> Month:
    """Events, plans and campaigns that are on in a month of Shanghai. Queries: 3."""
    first = date(year, month, 1)
    following = (first + timedelta(days=32)).replace(day=1)
    frame = Frame(clock.bounds(first)[0], clock.bounds(following)[0])
    plans = (
        CampaignPlan.objects.within(frame.starts_at, frame.ends_at)
        .exclude(status=CampaignPlan.Status.DROPPED)
        .select_related("event", "owner")
        .annotate(campaign_count=Count("campaigns"))
        .order_by("preheat_at")
    )
    campaigns = (
        Campaign.objects.filter(starts_at__lt=frame.ends_at, ends_at__gt=frame.starts_at)
        .exclude(status=Campaign.Status.DRAFT)
        .order_by("starts_at", "pk")[:MOST_CAMPAIGNS]
    )
    return Month(
        first=first,
        events=_events(first, frame),
        plans=[
            PlanStage(
                plan,
                plan.stage_at(at),
                plan.campaign_count,
                frame.bar(plan.preheat_at, plan.ends_at),
            )
            for plan in plans
        ],
        campaigns=[CampaignOn(one, frame.bar(one.starts_at, one.ends_at)) for one in campaigns],
        today=frame.bar(at, at) if frame.starts_at <= at < frame.ends_at else None,
    )


def _events(first: date, frame: Frame) -> list[EventDays]:
    found = []
    for event in YearlyEvent.objects.all():
        occasion = Occasion(event.month, event.day, event.days, event.lunar)
        days = days_in_month(occasion, first.year, first.month)
        if days:
            found.append(EventDays(event, days, frame))
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
