"""Operators, tiers and members of the demo, with addresses and the one password they share.

The password is hashed once: sixty slow hashes would take longer than the rest of the seed.
"""

from datetime import date
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from mall.console.demo.contents import Row, read
from mall.console.demo.seeding import HISTORY_DAYS, Seeding, Tally, deliver_events, operator
from mall.console.roles import ROLES, ensure_roles
from members.models import Account, Member, Tier
from members.services import (
    CONSENT_VERSION,
    change_tier,
    edit_profile,
    join,
    save_address,
    save_operator,
)

PASSWORD = "demo-mall-2026"  # noqa: S105 - printed by `make run`; the accounts exist in the demo only
ADMIN = "admin"
SHOPPERS = tuple(row["phone"] for row in read("members.json")[:4])
"""Phones of the members that can be signed in as, one a tier."""
TIER_COLUMNS = (
    "title_zh", "title_en", "threshold_fen", "rate_bp", "points_rate_bp", "free_freight_fen",
    "perks",
)  # fmt: skip


def operators() -> list[str]:
    """Sign-in names, one a role and called so; ``admin`` may do everything."""
    return sorted((role.name for role in ROLES), key=lambda name: name != ADMIN)


def seed_operators(seeding: Seeding) -> Tally:
    """The operators, each in the group of its role."""
    ensure_roles()
    names = operators()
    there = set(Account.objects.filter(username__in=names).values_list("username", flat=True))
    fresh = [name for name in names if name not in there]
    for name in fresh:
        _hire(name, seeding)
    return Tally(len(fresh), len(there))


@transaction.atomic
def _hire(name: str, seeding: Seeding) -> None:
    is_first = name == ADMIN
    account = Account(username=name, is_superuser=is_first, password=_hashed_password())
    save_operator(
        account=account,
        changes={"username": name, "groups": [name]},
        actor=None if is_first else operator(),
        at=seeding.ago(HISTORY_DAYS + 1, hour=7),
    )
    account.groups.add(Group.objects.get(name=name))


def seed_tiers(seeding: Seeding) -> Tally:
    """The shop's own numbers and words on the ladder that comes with every shop."""
    rows = {row["code"]: row for row in read("tiers.json")}
    changed = 0
    for tier in Tier.objects.order_by("rank"):
        wanted = {name: rows[tier.code][name] for name in TIER_COLUMNS}
        changes = {name: value for name, value in wanted.items() if getattr(tier, name) != value}
        if changes and tier.version == 1:
            change_tier(
                tier=tier,
                changes=changes,
                actor=operator(),
                at=seeding.ago(HISTORY_DAYS + 1, hour=7),
            )
            changed += 1
    return Tally(changed, len(rows) - changed)


def seed_members(seeding: Seeding) -> Tally:
    """Members who joined at their time, with addresses; the newcomer's coupon reaches them."""
    rows = read("members.json")
    there = set(Account.objects.filter(phone__isnull=False).values_list("phone", flat=True))
    fresh = [row for row in rows if row["phone"] not in there]
    for row in sorted(fresh, key=lambda row: -row["joined_days_ago"]):
        _join(row, seeding)
    deliver_events(seeding.at)
    return Tally(len(fresh), len(rows) - len(fresh))


@transaction.atomic
def _join(row: Row, seeding: Seeding) -> None:
    at = seeding.ago(row["joined_days_ago"], hour=20)
    member = join(
        phone=row["phone"], nickname=row["nickname"], consent_version=CONSENT_VERSION, at=at
    )
    edit_profile(member=member, birthday=date.fromisoformat(row["birthday"]), at=at)
    for address in row["addresses"]:
        _write_address(member, address, at)
    if row["phone"] in SHOPPERS:
        Account.objects.filter(pk=member.account_id).update(password=_hashed_password())


def _write_address(member: Member, row: Row, at: Any) -> None:
    save_address(member=member, at=at, **row)


@cache
def _hashed_password() -> str:
    return make_password(PASSWORD)
