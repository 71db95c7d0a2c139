"""Anti-abuse: no offer twice by many accounts on one device, network or doorstep (P-65).

A door hands in the `Footprint` of its request; a verb that gives something away calls `guard_deed`
in its own transaction before it gives, and the door wraps the verb in `noting_refusals`, which
keeps the record that a rolled back transaction would take with it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mall.kernel import audit
from mall.kernel.errors import InvalidInput
from members.selectors import default_address
from promotions.errors import DeedRefused, OriginBlocked
from promotions.models import BlockedOrigin, Deed, DeedRecord, DeedRule, Origin

KEEP = timedelta(days=365)
LOCK_SPACE = 0x6465  # "de": advisory locks of deeds, apart from everybody else's


@dataclass(frozen=True, slots=True)
class Footprint:
    """Where a request came from: a digest of the device and the network address."""

    device: str = ""
    ip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One shopper about to do one deed; ``subject`` says what about ("coupon:12")."""

    deed: str
    subject: str
    member_id: int
    at: datetime
    footprint: Footprint
    is_first_order: bool = False


def digest(text: str) -> str:
    """What is kept of a device or a doorstep: enough to meet it again, not to read it."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def guard_deed(attempt: Attempt) -> None:
    """Let the deed be done and record it, or refuse it.

    Deeds of one origin wait for each other, so two at once never pass one limit. Locks: an advisory
    lock for each limited origin, in sorted order. Queries: 4, and 2 a rule. Raises: DeedRefused,
    OriginBlocked.
    """
    keys = _keys(attempt)
    _check_blocked(keys, attempt.at)
    rules = [rule for rule in _rules(attempt) if keys.get(rule.origin)]
    _lock(sorted({f"{rule.origin}:{keys[rule.origin]}" for rule in rules}))
    for rule in rules:
        if _count(rule, attempt, keys[rule.origin]) >= rule.most:
            raise DeedRefused(origin=Origin(rule.origin).label)
    _record(attempt, keys)


def group_attempt(campaign_id: int, member_id: int, footprint: Footprint, at: datetime) -> Attempt:
    """Opening or joining a team, as the limits of deeds see it."""
    return Attempt(
        deed=Deed.GROUP,
        subject=f"group:{campaign_id}",
        member_id=member_id,
        at=at,
        footprint=footprint,
    )


def check_member(member_id: int, at: datetime) -> None:
    """Refuse a member whom an operator has shut out of offers (O-56). Queries: 1. Raises:
    OriginBlocked."""
    _check_blocked({Origin.MEMBER.value: str(member_id)}, at)


@contextmanager
def noting_refusals(attempt: Attempt) -> Iterator[None]:
    """Keep a record of a deed that was refused. Use it around the verb's transaction."""
    try:
        yield
    except DeedRefused as refusal:
        _record(attempt, _keys(attempt), refused=refusal.code.rpartition(".")[2])
        raise


@transaction.atomic
def block_origin(
    *, origin: str, key: str, reason: str, at: datetime, until: datetime | None = None,
    actor: Any = None,
) -> BlockedOrigin:  # fmt: skip
    """Shut an origin out of all offers, or change why and until when. Queries: 3.

    Raises: InvalidInput for a key that is not known.
    """
    if not key:
        raise InvalidInput(field="origin", allowed=_("one that the record knows"))
    values = {"reason": reason, "until": until, "created_by": actor}
    row, _made = BlockedOrigin.objects.update_or_create(origin=origin, key=key, defaults=values)
    facts = {"origin": origin, "key": key, "reason": reason, "until": until}
    audit.record(actor=actor, verb="promotions.block_origin", target=row, after=facts, at=at)
    return row


@transaction.atomic
def unblock_origin(*, blocked_id: int, at: datetime, actor: Any = None) -> bool:
    """Let an origin in again; False when it was not shut out. Queries: 3."""
    row = BlockedOrigin.objects.filter(pk=blocked_id).first()
    if row is None:
        return False
    before = {"origin": row.origin, "key": row.key, "reason": row.reason, "until": row.until}
    audit.record(actor=actor, verb="promotions.unblock_origin", target=row, before=before, at=at)
    row.delete()
    return True


def forget_old_deeds(at: datetime) -> int:
    """Forget records older than a year; returns how many. Queries: 1."""
    return DeedRecord.objects.filter(at__lt=at - KEEP).delete()[0]


def _keys(attempt: Attempt) -> Mapping[str, str]:
    """Origin -> key, for the origins that are known."""
    address = default_address(attempt.member_id)
    doorstep = "" if address is None else f"{address.region_code}|{address.detail}".casefold()
    keys = {
        Origin.DEVICE: attempt.footprint.device,
        Origin.IP: attempt.footprint.ip,
        Origin.ADDRESS: digest("".join(doorstep.split())) if doorstep else "",
        Origin.MEMBER: str(attempt.member_id),
    }
    return {origin.value: key for origin, key in keys.items() if key}


def _check_blocked(keys: Mapping[str, str], at: datetime) -> None:
    wanted = Q(pk=None)
    for origin, key in keys.items():
        wanted |= Q(origin=origin, key=key)
    still = Q(until=None) | Q(until__gt=at)
    if BlockedOrigin.objects.filter(wanted).filter(still).exists():
        raise OriginBlocked


def _rules(attempt: Attempt) -> list[DeedRule]:
    rules = DeedRule.objects.filter(deed=attempt.deed, is_on=True)
    if not attempt.is_first_order:
        rules = rules.filter(first_order_only=False)
    return list(rules.order_by("pk"))


def _lock(names: list[str]) -> None:
    with connection.cursor() as cursor:
        for name in names:
            number = int.from_bytes(sha256(name.encode()).digest()[:4], signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, number])


def _count(rule: DeedRule, attempt: Attempt, key: str) -> int:
    """Deeds that the rule counts; counting members, the others only: one's own do not add up.

    Offers for new buyers count together, by whatever deed they were taken.
    """
    column = "member_id" if rule.origin == Origin.MEMBER else rule.origin
    done = DeedRecord.objects.filter(**{column: key}, refused="")
    if rule.first_order_only:
        done = done.filter(is_first_order=True)
    else:
        done = done.filter(deed=attempt.deed)
    if rule.within_minutes:
        done = done.filter(at__gt=attempt.at - timedelta(minutes=rule.within_minutes))
    if rule.counts == DeedRule.Counts.MEMBERS:
        others = done.exclude(member_id=attempt.member_id)
        return others.order_by().values("member_id").distinct().count()
    return done.count()


def _record(attempt: Attempt, keys: Mapping[str, str], refused: str = "") -> None:
    DeedRecord.objects.create(
        deed=attempt.deed,
        subject=attempt.subject,
        member_id=attempt.member_id,
        device=keys.get(Origin.DEVICE, ""),
        ip=keys.get(Origin.IP, ""),
        address=keys.get(Origin.ADDRESS, ""),
        is_first_order=attempt.is_first_order,
        refused=refused,
        at=attempt.at,
    )
