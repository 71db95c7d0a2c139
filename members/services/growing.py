"""Growth and the tier it reaches, in one transaction (M-07 to M-09, INV-19).

A member's growth is what was received within the window (a year, by policy) less what went back;
a refund counts from the day of its order, so both leave the window together.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce, Greatest

from mall.kernel.db import advisory_lock
from mall.kernel.notify import notify
from mall.kernel.outbox import publish
from members.events import TierChanged
from members.ladder import tier_for
from members.messages import TIER_FALLEN, TIER_RISEN
from members.models import GrowthEntry, LoyaltyPolicy, Member, Tier

Kind = GrowthEntry.Kind
LADDER = "members.ladder"
"""The advisory lock of the thresholds: whoever posts growth shares it, whoever changes them has it
alone."""


@transaction.atomic
def add_growth(
    *,
    member_id: int,
    delta_fen: int,
    kind: str = Kind.ORDER,
    source_type: str,
    source_id: str,
    at: datetime,
) -> GrowthEntry | None:
    """Add growth for a cause, once, and move the member to the tier it reaches.

    Locks: the ladder (shared), the member. Emits: TierChanged. Queries: 5, and 4 more when the
    tier changes.
    """
    if delta_fen < 0:
        raise ValueError("add_growth() adds; take_back_growth() takes")
    hold_ladder()
    member = Member.objects.locked().get(pk=member_id)
    known = _entry(member, kind, source_type, source_id)
    if known is not None or delta_fen == 0:
        return known
    return _post(member, delta_fen, kind, source_type, source_id, at=at)


@transaction.atomic
def take_back_growth(
    *,
    member_id: int,
    amount_fen: int,
    source_type: str,
    source_id: str,
    order_number: str,
    at: datetime,
) -> GrowthEntry | None:
    """Take back what a refunded order brought, once per refund, and never more than it brought.

    Locks: the ladder (shared), the member. Emits: TierChanged. Queries: 6, and 4 more when the
    tier changes.
    """
    hold_ladder()
    member = Member.objects.locked().get(pk=member_id)
    known = _entry(member, Kind.REFUND, source_type, source_id)
    origin = _entry(member, Kind.ORDER, "order", order_number)
    if known is not None or origin is None:
        return known
    left_fen = origin.delta_fen + _taken_fen(origin)
    taken_fen = min(amount_fen, left_fen, member.growth_fen)
    if origin.counts_from <= _window_start(at):
        taken_fen = 0  # it has left the window, and its growth with it
    return _post(member, -taken_fen, Kind.REFUND, source_type, source_id, at=at, origin=origin)


def expire_growth(*, at: datetime, limit: int = 500) -> int:
    """Let growth older than the window go, and tiers with it; returns how many members lost some.

    One transaction a member; running it again on the same day finds nothing more to do.
    """
    start = _window_start(at)
    counting = Q(growth_entries__counts_from__gt=start) & ~Q(growth_entries__kind=Kind.EXPIRY)
    stale = Member.objects.annotate(
        rightful_fen=Greatest(Coalesce(Sum("growth_entries__delta_fen", filter=counting), 0), 0)
    ).filter(growth_fen__gt=F("rightful_fen"))
    return sum(
        _expire_one(pk, start, at)
        for pk in list(stale.order_by("pk").values_list("pk", flat=True)[:limit])
    )


@transaction.atomic
def _expire_one(member_id: int, start: datetime, at: datetime) -> bool:
    hold_ladder()
    member = Member.objects.locked().get(pk=member_id)
    inside = member.growth_entries.filter(counts_from__gt=start).exclude(kind=Kind.EXPIRY)
    rightful_fen = max(0, inside.aggregate(total=Coalesce(Sum("delta_fen"), 0))["total"])
    gone_fen = member.growth_fen - rightful_fen
    if gone_fen > 0:
        _post(member, -gone_fen, Kind.EXPIRY, "clock", at.isoformat(), at=at)
    return gone_fen > 0


def hold_ladder() -> None:
    """Keep the thresholds as they are until the transaction ends; taken before the member."""
    advisory_lock(LADDER, shared=True)


def _window_start(at: datetime) -> datetime:
    return at - timedelta(days=LoyaltyPolicy.objects.get(pk=1).growth_window_days)


def _entry(member: Member, kind: str, source_type: str, source_id: str) -> GrowthEntry | None:
    return member.growth_entries.filter(
        kind=kind, source_type=source_type, source_id=str(source_id)
    ).first()


def _taken_fen(origin: GrowthEntry) -> int:
    """What refunds of the same order have taken so far. Not positive."""
    return int(origin.refunds.aggregate(total=Coalesce(Sum("delta_fen"), 0))["total"])


def _post(
    member: Member,
    delta_fen: int,
    kind: str,
    source_type: str,
    source_id: str,
    *,
    at: datetime,
    origin: GrowthEntry | None = None,
) -> GrowthEntry:
    member.growth_fen += delta_fen
    tiers = {tier.pk: tier for tier in Tier.objects.all()}
    before, after = tiers[member.tier_id], tier_for(member.growth_fen, tiers.values())
    member.tier = after
    member.save(update_fields=["growth_fen", "tier"])
    entry = GrowthEntry.objects.create(
        member=member,
        kind=kind,
        delta_fen=delta_fen,
        balance_fen=member.growth_fen,
        source_type=source_type,
        source_id=str(source_id),
        at=at,
        counts_from=origin.counts_from if origin else at,
        origin=origin,
    )
    if before != after:
        _announce(member, before, after, at)
    return entry


def _announce(member: Member, before: Tier, after: Tier, at: datetime) -> None:
    is_rise = after.threshold_fen > before.threshold_fen
    notify(
        [member.account_id],
        TIER_RISEN if is_rise else TIER_FALLEN,
        {
            "tier_title_zh": after.title_zh,
            "tier_title_en": after.title_en,
            "growth_fen": member.growth_fen,
        },
        at=at,
        route=("storefront:tier", ()),
    )
    publish(
        TierChanged(
            at=at, member_id=member.pk, before=before.code, after=after.code, is_rise=is_rise
        )
    )
