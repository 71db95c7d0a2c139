"""Reads of members: who it is, what the price engine must know, ledgers, addresses, inbox."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.notify.models import Message
from members.ladder import next_tier, points_due, points_earned, streak_before, week_points
from members.models import (
    Account,
    Address,
    Authenticator,
    GrowthEntry,
    LoyaltyPolicy,
    Member,
    PointsEntry,
    SegmentMember,
    SignIn,
    Ticket,
    Tier,
    Wallet,
    WalletEntry,
    WechatIdentity,
    Withdrawal,
)
from members.services.checking_in import days_checked_in

__all__ = ["points_earned"]  # a sum that orders and the product page need as well


@dataclass(frozen=True, slots=True)
class ShopperFacts:
    """What pricing and pages need of a member, in one query."""

    member_id: int
    account_id: int
    nickname: str
    points: int
    growth_fen: int
    joined_at: datetime
    tier_code: str
    tier_title_zh: str
    tier_title_en: str
    tier_rate_bp: int
    tier_free_freight_fen: int | None
    tier_points_rate_bp: int
    tier_version: int


@dataclass(frozen=True, slots=True)
class Week:
    """Days of check-ins around today: ``days`` are (day, points, done|today|coming)."""

    streak: int
    points: int
    done: bool
    days: tuple[tuple[date, int, str], ...]


@dataclass(frozen=True, slots=True)
class MemberTag:
    """A word about a member that the shop has worked out, and the segment rule that gathers those
    with the same."""

    title_zh: str
    title_en: str
    rule: dict[str, str]


ReadTags = Callable[[int, datetime], Sequence[MemberTag]]
_tag_readers: list[ReadTags] = []


def register_tags(read: ReadTags) -> None:
    """Let ``read(account_id, at)`` say words about a member; called from ``apps.py``."""
    if read not in _tag_readers:
        _tag_readers.append(read)


def tags_of(account_id: int, at: datetime) -> list[MemberTag]:
    """What the shop has worked out about a member. Queries: those of the registered readers."""
    return [tag for read in _tag_readers for tag in read(account_id, at)]


def member_of(account: Account) -> Member:
    """The member of a signed-in shopper, with tier and points.

    Raises: NotFound for an operator. Queries: 1, none when the account was read with it.
    """
    found = account._state.fields_cache.get("member")
    if found is not None and "points_account" in found._state.fields_cache:
        return found  # authenticated with it: no query
    member = _members().filter(account_id=account.pk).first()
    if member is None:
        raise NotFound
    return member


def member(member_id: int) -> Member:
    """A member with account, tier and points. Raises: NotFound. Queries: 1."""
    found = _members().filter(pk=member_id).first()
    if found is None:
        raise NotFound
    return found


def shopper_facts(member_id: int, at: datetime) -> ShopperFacts:
    """Tier, growth and the points that may be spent at ``at``. Raises: NotFound. Queries: 1."""
    row: Any = _members().annotate(**_points_over(at, "pk")).filter(pk=member_id).first()
    if row is None:
        raise NotFound
    return facts_of(row, run_out=points_due(row.past, -row.left))


def reached_at(member_id: int, address_id: int, at: datetime) -> QuerySet[Address]:
    """One address of the member's own, or none, as `shopper_of` takes it."""
    mine = Address.objects.of_member(member_id).filter(pk=address_id)
    whole = mine.select_related("member__tier", "member__points_account")
    return whole.annotate(**_points_over(at, "member_id"))


def shopper_of(address: Address) -> ShopperFacts:
    """What `shopper_facts` says of the member of an address out of `reached_at`. Queries: 0."""
    past, left = address.past, address.left  # type: ignore[attr-defined]
    return facts_of(address.member, run_out=points_due(past, -left))


def _points_over(at: datetime, member: str) -> dict[str, Coalesce]:
    """What a member's points that are over, and those that were spent, come to."""
    entries = PointsEntry.objects.filter(account__member=OuterRef(member)).order_by()
    return {
        "past": _total(entries.filter(delta__gt=0, expires_at__lte=at)),
        "left": _total(entries.filter(delta__lt=0)),
    }


def facts_of(row: Member, *, run_out: int = 0) -> ShopperFacts:
    """The same of a member that was read with tier and points. Queries: 0.

    ``run_out`` points are over their time though no task has booked it yet.
    """
    tier = row.tier
    return ShopperFacts(
        member_id=row.pk,
        account_id=row.account_id,
        nickname=row.nickname,
        points=row.points_account.balance - run_out,
        growth_fen=row.growth_fen,
        joined_at=row.joined_at,
        tier_code=tier.code,
        tier_title_zh=tier.title_zh,
        tier_title_en=tier.title_en,
        tier_rate_bp=tier.rate_bp,
        tier_free_freight_fen=tier.free_freight_fen,
        tier_points_rate_bp=tier.points_rate_bp,
        tier_version=tier.version,
    )


def _total(entries: QuerySet[PointsEntry]) -> Coalesce:
    sums = entries.values("account").annotate(total=Sum("delta")).values("total")
    return Coalesce(Subquery(sums), 0)


def tiers() -> list[Tier]:
    """The ladder from the bottom up. Queries: 1."""
    return list(Tier.objects.order_by("threshold_fen"))


def tier_above(growth_fen: int, ladder: Iterable[Tier]) -> Tier | None:
    """The next tier of a ladder that was read before; None at the top. Queries: 0."""
    return next_tier(growth_fen, ladder)


def has_authenticator(account_id: int) -> bool:
    """True when an app shows codes for this account. Queries: 1."""
    confirmed = Authenticator.objects.filter(confirmed_at__isnull=False)
    return confirmed.filter(account_id=account_id).exists()


def addresses(member_id: int) -> list[Address]:
    """A member's addresses, the default first, then the newest. Queries: 1."""
    return list(Address.objects.of_member(member_id))


def address(member_id: int, address_id: int) -> Address:
    """One address of the member's own. Raises: NotFound. Queries: 1."""
    found = Address.objects.of_member(member_id).filter(pk=address_id).first()
    if found is None:
        raise NotFound
    return found


def default_address(member_id: int) -> Address | None:
    """The address that checkout preselects. Queries: 1."""
    return Address.objects.of_member(member_id).first()


def default_region(member_id: int) -> str:
    """The region of the default address, empty without one. Queries: 1."""
    home = Address.objects.filter(member_id=member_id, is_default=True)
    return home.values_list("region_code", flat=True).first() or ""


def points_entries(member_id: int) -> QuerySet[PointsEntry]:
    """The points ledger, newest first; the reader pages it."""
    return PointsEntry.objects.filter(account__member_id=member_id).order_by("-at", "-pk")


def growth_entries(member_id: int) -> QuerySet[GrowthEntry]:
    """The growth ledger, newest first; the reader pages it."""
    return GrowthEntry.objects.filter(member_id=member_id).order_by("-at", "-pk")


def openid_of(account_id: int, appid: str) -> str:
    """Who an account is to WeChat in one app, empty when it never signed in there. Queries: 1."""
    bound = WechatIdentity.objects.filter(account_id=account_id, appid=appid)
    return bound.values_list("openid", flat=True).first() or ""


def wallet_of(member_id: int) -> Wallet:
    """The member's wallet; an empty one, not saved, when no fen ever came. Queries: 1."""
    found: Wallet | None = Wallet.objects.filter(member_id=member_id).first()
    return found or Wallet(member_id=member_id)


def wallet_entries(member_id: int) -> QuerySet[WalletEntry]:
    """What came into the wallet and went, newest first; the reader pages it."""
    return WalletEntry.objects.filter(wallet__member_id=member_id).order_by("-at", "-pk")


def withdrawals(member_id: int) -> QuerySet[Withdrawal]:
    """What was asked to be paid out, newest first; the reader pages it."""
    return Withdrawal.objects.filter(wallet__member_id=member_id).order_by("-pk")


def points_ending(
    member_id: int, at: datetime, within: timedelta = timedelta(days=30)
) -> tuple[int, datetime] | None:
    """How many points run out within a time, and the last instant of that; None for none.

    Queries: 1.
    """
    rows = list(
        PointsEntry.objects.filter(account__member_id=member_id).values_list("delta", "expires_at")
    )
    gone = -sum(delta for delta, _until in rows if delta < 0)
    soon = [(delta, until) for delta, until in rows if delta > 0 and until and until <= at + within]
    left = sum(delta for delta, _until in soon) - gone
    return (left, max(until for _delta, until in soon)) if left > 0 else None


def check_in_days(points_account_id: int, month: date) -> list[date]:
    """The days of a month that were checked in. Queries: 1."""
    first = month.replace(day=1)
    days = days_checked_in(points_account_id, since=first)
    return sorted(day for day in days if (day.year, day.month) == (first.year, first.month))


def check_in_week(points_account_id: int, at: datetime) -> Week:
    """The running seven days as the member's page shows them. Queries: 2."""
    today = clock.day_of(at)
    ladder = LoyaltyPolicy.objects.get(pk=1).check_in_points
    done = days_checked_in(points_account_id, since=today - timedelta(days=366))
    before, is_done = streak_before(today, done), today in done
    behind = before % len(ladder)
    start = today - timedelta(days=behind)
    days = []
    for step in range(len(ladder)):
        day = start + timedelta(days=step)
        state = "done" if day in done else "today" if day == today else "coming"
        days.append((day, ladder[step], state))
    return Week(
        streak=before + is_done,
        points=week_points(before + 1, ladder),
        done=is_done,
        days=tuple(days),
    )


def inbox(account_id: int | OuterRef) -> QuerySet[Message]:
    """Inbox messages, newest first; the reader pages them and renders by kernel.notify.render()."""
    return Message.objects.filter(account_id=account_id, channel=Message.Channel.INBOX).order_by(
        "-at", "-pk"
    )


def unread_count(account_id: int) -> int:
    """How many inbox messages wait. Queries: 1."""
    return inbox(account_id).filter(read_at=None).count()


def live_sign_ins(account_id: int) -> list[SignIn]:
    """The devices that are signed in, the last used first. Queries: 1."""
    return list(
        SignIn.objects.alive().filter(account_id=account_id).order_by("-seen_at", "-pk")[:100]
    )


def in_segment(member_id: int, segment_id: int) -> bool:
    """True when the member is in the segment. Queries: 1."""
    return SegmentMember.objects.filter(segment_id=segment_id, member_id=member_id).exists()


def segment_member_ids(segment_id: int, after: int = 0, limit: int = 500) -> list[int]:
    """Members of a segment in id order, ``limit`` at a time from ``after`` on. Queries: 1."""
    members = SegmentMember.objects.filter(segment_id=segment_id, member_id__gt=after)
    return list(members.order_by("member_id").values_list("member_id", flat=True)[:limit])


def _members() -> QuerySet[Member]:
    return Member.objects.select_related("account", "tier", "points_account")


def tickets_of(member_id: int) -> QuerySet[Ticket]:
    """A member's talks with the shop, the latest word first; the reader pages them."""
    return Ticket.objects.filter(member_id=member_id).order_by("-spoken_at", "-pk")


def ticket_of(member_id: int, number: str) -> Ticket:
    """One own talk. Queries: 1. Raises: NotFound."""
    found = Ticket.objects.filter(member_id=member_id, number=number).first()
    if found is None:
        raise NotFound
    return found
