"""Coupon templates: written as drafts, made live, paused. Copies already given stay good."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mall.kernel import audit
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.money import FULL_RATE_BP
from promotions.errors import CampaignNotReady
from promotions.models import Coupon, ScopeKind
from promotions.services.scoping import set_scope

LIVE, PAUSED = Coupon.Status.LIVE, Coupon.Status.PAUSED
FIELDS = (
    "code", "title_zh", "title_en", "kind", "threshold_fen", "off_fen", "rate_bp", "cap_fen",
    "total", "per_member", "valid_days", "starts_at", "ends_at", "exclusive_group", "is_claimable",
    "scope_kind", "scope_ids", "scope_text_zh", "scope_text_en",
)  # fmt: skip


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
    per_member: int = 1
    valid_days: int | None = None
    exclusive_group: str = ""
    is_claimable: bool = True
    scope_kind: str = ScopeKind.SHOP
    scope_ids: tuple[int, ...] = ()
    scope_text_zh: str = ""
    scope_text_en: str = ""


@transaction.atomic
def save_coupon(
    *, values: CouponValues, at: datetime, actor: Any = None, coupon_id: int | None = None
) -> Coupon:
    """Write a draft, or change a coupon: copies follow its new face, never its new validity.

    Locks: the coupon. Raises: NotFound, InvalidInput.
    """
    coupon = Coupon() if coupon_id is None else _locked(coupon_id)
    before = {} if coupon_id is None else _facts(coupon)
    for name in FIELDS:
        setattr(coupon, name, getattr(values, name))
    coupon.scope_ids = list(values.scope_ids)
    _check(coupon)
    set_scope(coupon)
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
    """Let it be claimed and issued. Locks: the coupon. Raises: NotFound, CampaignNotReady."""
    coupon = _locked(coupon_id)
    if coupon.ends_at <= at:
        raise CampaignNotReady(title=coupon.title_zh, reason=_("it is already over"))
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


def _check(coupon: Coupon) -> None:
    """Raises: InvalidInput, naming the field, for a coupon that could give goods away (F-57)."""
    if coupon.kind not in Coupon.Kind.values:
        raise InvalidInput(field="kind", allowed=", ".join(Coupon.Kind.values))
    if coupon.kind == Coupon.Kind.AMOUNT:
        _check_amount(coupon)
    if coupon.kind == Coupon.Kind.RATE and not 0 < coupon.rate_bp < FULL_RATE_BP:
        raise InvalidInput(field="rate_bp", allowed=_("a rate between 1 and 9999 basis points"))
    if coupon.cap_fen is not None and coupon.cap_fen < 1:
        raise InvalidInput(field="cap_fen", allowed=_("an amount above zero"))
    if coupon.total < max(coupon.issued, 1):
        raise InvalidInput(field="total", allowed=_("at least the pieces given out"))
    if coupon.per_member < 1:
        raise InvalidInput(field="per_member", allowed=_("at least one"))
    if coupon.ends_at <= coupon.starts_at:
        raise InvalidInput(field="ends_at", allowed=_("an end after the beginning"))


def _check_amount(coupon: Coupon) -> None:
    if coupon.off_fen < 1:
        raise InvalidInput(field="off_fen", allowed=_("an amount above zero"))
    if coupon.threshold_fen and coupon.off_fen >= coupon.threshold_fen:
        raise InvalidInput(field="off_fen", allowed=_("less off than its threshold"))


def _facts(coupon: Coupon) -> dict[str, Any]:
    return {**{name: getattr(coupon, name) for name in FIELDS}, "version": coupon.version}
