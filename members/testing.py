"""Builders of members for tests: minimal valid rows, through the verbs where one exists."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any

from django.utils.crypto import get_random_string

from mall.kernel import clock
from members import services
from members.models import Account, Address, Authenticator, Member, Segment, Tier
from members.totp import code_of, new_secret, seal, step_at, unseal

PASSWORD = "long-Enough-2026"
HANGZHOU = "330106002"  # 浙江省 杭州市 西湖区 西溪街道
_numbers = count(1)


def make_tiers() -> dict[str, Tier]:
    """The four tiers that come with the shop, by code: normal, silver, gold, diamond."""
    return {tier.code: tier for tier in Tier.objects.all()}


def make_account(
    *, phone: str | None = None, username: str | None = None, **fields: Any
) -> Account:
    """An account without a member."""
    account = Account(phone=phone or (None if username else _phone()), username=username, **fields)
    account.set_password(PASSWORD)
    account.save()
    return account


def make_member(
    *,
    nickname: str = "测试会员",
    tier: str = "normal",
    phone: str | None = None,
    points: int = 0,
    password: str | None = None,
    at: datetime | None = None,
) -> Member:
    """A shopper who joined by the verb; tier and points come from ledger entries."""
    at = at or clock.now()
    member = services.join(
        phone=phone or _phone(), nickname=nickname, password=password, consent_version="1", at=at
    )
    source_id = get_random_string(12)
    if points:
        services.earn_points(
            member_id=member.pk, points=points, source_type="test", source_id=source_id, at=at
        )
    threshold_fen = Tier.objects.get(code=tier).threshold_fen
    if threshold_fen:
        services.add_growth(
            member_id=member.pk,
            delta_fen=threshold_fen,
            kind="manual",
            source_type="test",
            source_id=source_id,
            at=at,
        )
    return Member.objects.select_related("account", "tier", "points_account").get(pk=member.pk)


def make_operator(*, username: str | None = None, is_superuser: bool = True) -> Account:
    """Somebody who may enter admin, without a member."""
    return make_account(
        username=username or f"operator-{get_random_string(8)}",
        is_staff=True,
        is_superuser=is_superuser,
    )


def make_address(
    *, member: Member, is_default: bool = True, region_code: str = HANGZHOU
) -> Address:
    """An address in Hangzhou."""
    return services.save_address(
        member=member,
        name="张三",
        phone="13912345678",
        region_code=region_code,
        detail="北山街 1 号",
        is_default=is_default,
        at=clock.now(),
    )


def make_segment(*, members: Sequence[Member] = (), rule: dict[str, Any] | None = None) -> Segment:
    """A segment holding these members."""
    code = f"segment-{get_random_string(8).lower()}"
    segment = Segment.objects.create(
        code=code, title_zh="测试人群", title_en="Test segment", rule=rule or {}
    )
    services.fill_segment(
        segment=segment, member_ids=[member.pk for member in members], at=clock.now()
    )
    return segment


def _phone() -> str:
    """Unlike any demo phone, and unlike each other across test processes that share nothing."""
    return f"139{next(_numbers):08d}"


def app_code(secret: bytes, at: datetime) -> str:
    """What an authenticator with this secret shows."""
    return code_of(secret, step_at(at))


def make_app(account: Account) -> Authenticator:
    """An authenticator app that is set up; its last code was used a minute ago."""
    at = clock.now()
    return Authenticator.objects.create(
        account=account,
        sealed_secret=seal(new_secret()),
        added_at=at,
        confirmed_at=at,
        last_step=step_at(at) - 2,
    )


def code_shown_by(account: Account) -> str:
    """What the account's app shows now, set up or waiting for its first code."""
    app = Authenticator.objects.get(account=account)
    return app_code(unseal(app.sealed_secret), clock.now())
