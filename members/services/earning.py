"""Points: one ledger, one balance, each cause once (INV-19, INV-20). Source: M-23, M-24, M-30.

The account row is locked before it is read; entries are never changed. What a claw-back cannot
take becomes debt, and the next points pay it first, so the balance is never negative.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Aggregate, Count, F, Q, Sum
from django.db.models.functions import Coalesce

from mall.kernel.notify import notify
from members.errors import NotEnoughPoints
from members.ladder import points_due
from members.messages import POINTS_ARRIVED
from members.models import LoyaltyPolicy, PointsAccount, PointsEntry

Kind = PointsEntry.Kind


@transaction.atomic
def earn_points(
    *,
    member_id: int,
    points: int,
    source_type: str,
    source_id: str,
    at: datetime,
    kind: str = Kind.EARN,
) -> PointsEntry | None:
    """Credit points for a cause, once; a debt is paid from them. None when there are none.

    Locks: the points account. Queries: 6.
    """
    account, known = _open(member_id, kind, points, source_type, source_id)
    if known is not None or points == 0:
        return known
    entry = _credit(account, points, kind, source_type, source_id, at)
    notify(
        [account.member.account_id],
        POINTS_ARRIVED,
        {"points": points, "balance": account.balance},
        at=at,
        route=("storefront:points", ()),
        source=f"{source_type}:{source_id}",
    )
    return entry


@transaction.atomic
def spend_points(
    *,
    member_id: int,
    points: int,
    source_type: str,
    source_id: str,
    at: datetime,
    kind: str = Kind.SPEND,
) -> PointsEntry | None:
    """Take points for a cause, once.

    Locks: the points account. Raises: NotEnoughPoints. Queries: 4.
    """
    account = _locked(member_id, points)
    cause = Q(kind=kind, source_type=source_type, source_id=str(source_id))
    sums = _sums(account, at, known=Count("pk", filter=cause))
    if sums["known"] or points == 0:
        return account.entries.filter(cause).first()
    _let_run_out(account, sums, at)
    if account.balance < points:
        raise NotEnoughPoints(available=account.balance)
    return _post(account, -points, kind, source_type, source_id, at)


@transaction.atomic
def return_points(
    *, member_id: int, points: int, source_type: str, source_id: str, at: datetime
) -> PointsEntry | None:
    """Give spent points back for a cause, once; they last as long as new ones.

    Locks: the points account. Queries: 5.
    """
    account, known = _open(member_id, Kind.RETURN, points, source_type, source_id)
    if known is not None or points == 0:
        return known
    return _credit(account, points, Kind.RETURN, source_type, source_id, at)


@transaction.atomic
def reverse_points(
    *, member_id: int, points: int, source_type: str, source_id: str, at: datetime
) -> PointsEntry | None:
    """Take earned points back after a refund, once; what is not there becomes debt.

    Locks: the points account. Queries: 4.
    """
    account, known = _open(member_id, Kind.REVERSE, points, source_type, source_id)
    if known is not None or points == 0:
        return known
    taken = min(points, account.balance)
    account.debt += points - taken
    return _post(account, -taken, Kind.REVERSE, source_type, source_id, at)


def expire_points(*, at: datetime, limit: int = 500) -> int:
    """Let points run out whose time has come; returns how many accounts lost some.

    One transaction an account. Validity does not wait for it: spending looks at the clock itself.
    """
    over = PointsAccount.objects.annotate(
        past=Sum("entries__delta", filter=Q(entries__delta__gt=0, entries__expires_at__lte=at)),
        gone=Coalesce(-Sum("entries__delta", filter=Q(entries__delta__lt=0)), 0),
    ).filter(balance__gt=0, past__gt=F("gone"))
    return sum(
        _expire_one(pk, at) for pk in list(over.order_by("pk").values_list("pk", flat=True)[:limit])
    )


@transaction.atomic
def _expire_one(account_id: int, at: datetime) -> bool:
    account = PointsAccount.objects.locked().get(pk=account_id)
    return _let_run_out(account, _sums(account, at), at)


def _sums(account: PointsAccount, at: datetime, **more: Aggregate) -> dict[str, int]:
    """Points whose time is over and points that are gone, and ``more`` of the ledger. Queries:
    1."""
    found: dict[str, int] = account.entries.aggregate(
        past=Coalesce(Sum("delta", filter=Q(delta__gt=0, expires_at__lte=at)), 0),
        gone=Coalesce(-Sum("delta", filter=Q(delta__lt=0)), 0),
        **more,
    )
    return found


def _let_run_out(account: PointsAccount, sums: Mapping[str, int], at: datetime) -> bool:
    """Post what has run out by the clock, whether or not the task came by. Queries: 0, or 2."""
    due = points_due(sums["past"], sums["gone"])
    if due:
        _post(account, -due, Kind.EXPIRE, "clock", at.isoformat(), at)
    return due > 0


def _open(
    member_id: int, kind: str, points: int, source_type: str, source_id: str
) -> tuple[PointsAccount, PointsEntry | None]:
    """The locked account, and the entry of this cause when it was booked before."""
    account = _locked(member_id, points)
    known = account.entries.filter(
        kind=kind, source_type=source_type, source_id=str(source_id)
    ).first()
    return account, known


def _locked(member_id: int, points: int) -> PointsAccount:
    if points < 0:
        raise ValueError("points are counted from zero; the verb says which way they go")
    account: PointsAccount = (
        PointsAccount.objects.select_related("member").locked().get(member_id=member_id)
    )
    return account


def _credit(
    account: PointsAccount, points: int, kind: str, source_type: str, source_id: str, at: datetime
) -> PointsEntry:
    policy = LoyaltyPolicy.objects.get(pk=1)
    expires_at = at + timedelta(days=policy.points_last_days)
    entry = _post(account, points, kind, source_type, source_id, at, expires_at)
    owed = min(account.debt, points)
    if owed:
        account.debt -= owed
        _post(account, -owed, Kind.DEBT, "points_entry", str(entry.pk), at)
    return entry


def _post(
    account: PointsAccount,
    delta: int,
    kind: str,
    source_type: str,
    source_id: str,
    at: datetime,
    expires_at: datetime | None = None,
) -> PointsEntry:
    account.balance += delta
    account.save(update_fields=["balance", "debt"])
    return PointsEntry.objects.create(
        account=account,
        kind=kind,
        delta=delta,
        balance=account.balance,
        source_type=source_type,
        source_id=str(source_id),
        at=at,
        expires_at=expires_at,
    )
