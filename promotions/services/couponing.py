"""Coupon templates: written as drafts, made live, paused. Copies already given stay good."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mall.kernel import audit
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.money import FULL_RATE_BP
from promotions.errors import CampaignNotReady
from promotions.models import Coupon, ScopeKind
from promotions.services.coupon_checks import check_coupon
from promotions.services.scoping import set_scope
from promotions.services.wording import check_wording

LIVE, PAUSED = Coupon.Status.LIVE, Coupon.Status.PAUSED
FIELDS = (
    "code", "title_zh", "title_en", "kind", "threshold_fen", "off_fen", "rate_bp", "cap_fen",
    "exchange_sku_id", "exchange_price_fen", "total", "per_member", "valid_days", "valid_minutes",
    "starts_at", "ends_at", "exclusive_group", "is_claimable", "is_first_order", "tier_codes",
    "region_prefixes", "budget_fen", "returns_on_cancel", "returns_on_refund", "live_session_id",
    "near_latitude", "near_longitude", "near_metres", "scope_kind", "scope_ids", "scope_text_zh",
    "scope_text_en",
)  # fmt: skip
LISTS = ("scope_ids", "tier_codes", "region_prefixes")


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponValues:
    """What an operator says of a coupon; amounts in fen, the rate in basis points."""

    code: str
    title_zh: str
    title_en: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    total: int
    threshold_fen: int = 0
    off_fen: int = 0
    rate_bp: int = FULL_RATE_BP
    cap_fen: int | None = None
    exchange_sku_id: int | None = None
    exchange_price_fen: int = 0
    per_member: int = 1
    valid_days: int | None = None
    valid_minutes: int | None = None
    exclusive_group: str = ""
    is_claimable: bool = True
    is_first_order: bool = False
    tier_codes: tuple[str, ...] = ()
    region_prefixes: tuple[str, ...] = ()
    budget_fen: int | None = None
    returns_on_cancel: bool = True
    returns_on_refund: bool = True
    live_session_id: int | None = None
    near_latitude: Decimal | None = None
    near_longitude: Decimal | None = None
    near_metres: int | None = None
    scope_kind: str = ScopeKind.SHOP
    scope_ids: tuple[int, ...] = ()
    scope_text_zh: str = ""
    scope_text_en: str = ""


@transaction.atomic
def save_coupon(
    *, values: CouponValues, at: datetime, actor: Any = None, coupon_id: int | None = None
) -> Coupon:
    """Write a draft, or change a coupon: copies follow its new face, never its new validity.

    Locks: the coupon. Raises: NotFound, InvalidInput; TextsRefused when a live one says what is
    forbidden.
    """
    coupon = Coupon() if coupon_id is None else _locked(coupon_id)
    before = {} if coupon_id is None else _facts(coupon)
    _check_budget(coupon, values.budget_fen)
    for name in FIELDS:
        setattr(coupon, name, getattr(values, name))
    for name in LISTS:
        setattr(coupon, name, list(getattr(values, name)))
    check_coupon(coupon)
    set_scope(coupon)
    if coupon.status == LIVE:
        check_wording(coupon)
    if coupon_id is not None:
        coupon.version += 1
    coupon.save()
    audit.record(
        actor=actor,
        verb="promotions.save_coupon",
        target=coupon,
        before=before,
        after=_facts(coupon),
        at=at,
    )
    return coupon


@transaction.atomic
def publish_coupon(*, coupon_id: int, at: datetime, actor: Any = None) -> Coupon:
    """Let it be claimed and issued.

    Locks: the coupon. Raises: NotFound, CampaignNotReady, TextsRefused.
    """
    coupon = _locked(coupon_id)
    if coupon.ends_at <= at:
        raise CampaignNotReady(title=coupon.title_zh, reason=_("it is already over"))
    check_wording(coupon)
    return _turn(coupon, LIVE, "promotions.publish_coupon", actor, at)


@transaction.atomic
def pause_coupon(*, coupon_id: int, at: datetime, actor: Any = None) -> Coupon:
    """Give out no more copies; those given stay good. Locks: the coupon. Raises: NotFound."""
    return _turn(_locked(coupon_id), PAUSED, "promotions.pause_coupon", actor, at)


def _locked(coupon_id: int) -> Coupon:
    coupon = Coupon.objects.filter(pk=coupon_id).locked().first()
    if coupon is None:
        raise NotFound
    return coupon


def _turn(coupon: Coupon, status: str, verb: str, actor: Any, at: datetime) -> Coupon:
    before = coupon.status
    if before == status:
        return coupon
    coupon.status = status
    coupon.save(update_fields=["status"])
    audit.record(
        actor=actor,
        verb=verb,
        target=coupon,
        before={"status": before},
        after={"status": status},
        at=at,
    )
    return coupon


def _check_budget(coupon: Coupon, budget_fen: int | None) -> None:
    """A budget is counted from the first copy on: none begins later, none ends below what is
    spent."""
    if budget_fen is None:
        return
    if coupon.budget_fen is None and coupon.issued:
        raise InvalidInput(field="budget_fen", allowed=_("before the first copy is given out"))
    if budget_fen < max(coupon.spent_fen, 1):
        raise InvalidInput(field="budget_fen", allowed=_("at least what has been spent"))


def _facts(coupon: Coupon) -> dict[str, Any]:
    return {**{name: getattr(coupon, name) for name in FIELDS}, "version": coupon.version}
