"""From rows to the engine's objects, in a number of queries that does not grow with the lines.

Source: design.md, section 5.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from catalog.models import FreightRegion, FreightTemplate
from mall.kernel.db import Prepared
from mall.kernel.errors import NotFound
from mall.kernel.money import FULL_RATE_BP
from promotions import engine
from promotions.errors import CouponNotUsable
from promotions.loading_campaigns import campaign_rules, scope_of, tried_rules
from promotions.loading_offers import offered_rules
from promotions.models import Coupon, CouponGrant, PricingSettings

__all__ = [
    "QUOTE_LIFE",
    "EarnsPoints",
    "campaign_rules",
    "coupon_rules",
    "past_coupon_rules",
    "rules_for",
    "tried_rules",
]

QUOTE_LIFE = timedelta(seconds=engine.NO_RULES.quote_life_seconds)
WALLET_LIMIT = 200  # coupons judged against one basket; those that end first
REGION_FIELDS = (
    "region_prefix", "is_delivered", "first_fee_fen", "step_fee_fen", "free_over_fen",
)  # fmt: skip
TEMPLATE_FIELDS = (
    "id", "version", "title_zh", "title_en", "first_grams", "first_fee_fen", "step_grams",
    "step_fee_fen", "free_over_fen", "cm3_per_kilogram",
)  # fmt: skip


class EarnsPoints(Protocol):
    """What the rules need of a shopper: points earned, and bargains of their own."""

    @property
    def member_id(self) -> int: ...

    @property
    def tier_points_rate_bp(self) -> int: ...


def rules_for(
    *,
    lines: Sequence[engine.Line],
    shopper: EarnsPoints | None,
    at: datetime,
    until: datetime | None = None,
) -> engine.Rules:
    """Everything but coupons that may change the price of these lines in ``[at, until)``.

    Without ``until`` it is a quote's life: campaigns that begin within it bound how long it holds.
    Queries: 2, whatever the number of lines and rules; up to 2 more in an activity.
    """
    rate_bp = FULL_RATE_BP if shopper is None else shopper.tier_points_rate_bp
    until = at + QUOTE_LIFE if until is None else until
    member_id = None if shopper is None else shopper.member_id
    offered = offered_rules(lines, at, until, member_id)
    templates = {line.template_id for line in lines if line.template_id}
    settings = _settings.one(template_ids=templates)
    return engine.Rules(
        promotions=(*campaign_rules(lines, at, until), *offered),
        points=_points_rule(settings, rate_bp),
        templates={row["id"]: _template(row) for row in settings.templates or ()},
    )


def coupon_rules(
    *, member_id: int, grant_ids: Collection[int] | None, at: datetime
) -> tuple[engine.CouponRule, ...]:
    """A member's coupons as rules: the chosen ones, or (None) all that are not used or over.

    Queries: 1. Raises: NotFound for a copy that is not the member's, CouponNotUsable for one
    that is used, locked by an order or over.
    """
    grants = CouponGrant.objects.filter(member_id=member_id).select_related("coupon")
    if grant_ids is None:
        usable = grants.filter(state=CouponGrant.State.USABLE, ends_at__gt=at)
        return tuple(
            _coupon_rule(grant) for grant in usable.order_by("ends_at", "pk")[:WALLET_LIMIT]
        )
    found = {grant.pk: grant for grant in grants.filter(pk__in=grant_ids)}
    for grant_id in grant_ids:
        if grant_id not in found:
            raise NotFound
        _check_unused(found[grant_id], at)
    return tuple(_coupon_rule(found[grant_id]) for grant_id in grant_ids)


def past_coupon_rules(
    order_numbers: Collection[str],
) -> dict[str, tuple[engine.CouponRule, ...]]:
    """The coupons that orders of the past were priced with, by order number. Queries: 1."""
    found: dict[str, tuple[engine.CouponRule, ...]] = {}
    grants = CouponGrant.objects.filter(order_number__in=order_numbers).select_related("coupon")
    for grant in grants.order_by("pk"):
        found[grant.order_number] = (*found.get(grant.order_number, ()), _coupon_rule(grant))
    return found


def _check_unused(grant: CouponGrant, at: datetime) -> None:
    if grant.state != CouponGrant.State.USABLE or grant.ends_at <= at:
        reason = "ended" if grant.ends_at <= at else grant.state
        raise CouponNotUsable(grant_id=grant.pk, reason_code=reason)


def _coupon_rule(grant: CouponGrant) -> engine.CouponRule:
    coupon = grant.coupon
    numbers: dict[str, dict[str, Any]] = {
        coupon.Kind.AMOUNT: {"off_fen": coupon.off_fen},
        coupon.Kind.RATE: {"rate_bp": coupon.rate_bp, "cap_fen": coupon.cap_fen},
        coupon.Kind.FREE_FREIGHT: {"cap_fen": coupon.cap_fen},
        coupon.Kind.EXCHANGE: {"price_fen": coupon.exchange_price_fen},
    }
    return engine.COUPON_KINDS[coupon.kind](
        rule_id=grant.pk,
        coupon_id=coupon.pk,
        version=coupon.version,
        scope=_scope_of_coupon(coupon),
        starts_at=grant.starts_at,
        ends_at=grant.ends_at,
        tier_codes=frozenset(coupon.tier_codes),
        region_prefixes=frozenset(coupon.region_prefixes),
        first_order=coupon.is_first_order,
        threshold_fen=coupon.threshold_fen,
        group=coupon.exclusive_group,
        title_zh=coupon.title_zh,
        title_en=coupon.title_en,
        **numbers[coupon.kind],
    )


def _scope_of_coupon(coupon: Coupon) -> engine.Scope:
    """What it covers; an exchange coupon covers the SKU it names."""
    if coupon.exchange_sku_id is not None:
        return engine.Scope.of(skus=(coupon.exchange_sku_id,))
    return scope_of(coupon)


@Prepared
def _settings(*, template_ids: Collection[int]) -> QuerySet[PricingSettings]:
    """The row of pricing settings with these freight templates in hand."""
    regions = FreightRegion.objects.filter(template=OuterRef("pk")).order_by("region_prefix")
    rates = regions.values(rate=JSONObject(**{name: name for name in REGION_FIELDS}))
    rows = FreightTemplate.objects.filter(pk__in=template_ids).values(
        row=JSONObject(**{name: name for name in TEMPLATE_FIELDS}, rates=ArraySubquery(rates))
    )
    return PricingSettings.objects.annotate(templates=ArraySubquery(rows)).filter(pk=1)


def _points_rule(row: PricingSettings, rate_bp: int) -> engine.PointsRule:
    return engine.PointsRule(
        unit=row.points_unit,
        unit_off_fen=row.points_unit_fen,
        cap_bp=row.points_cap_bp,
        earn_bp=rate_bp,
        version=row.version,
    )


def _template(row: Mapping[str, Any]) -> engine.FreightTemplate:
    def rate(fees: Mapping[str, Any]) -> engine.FreightRate:
        return engine.FreightRate(
            first_units=row["first_grams"],
            first_fee_fen=fees["first_fee_fen"],
            further_units=row["step_grams"],
            further_fee_fen=fees["step_fee_fen"],
            free_from_fen=fees["free_over_fen"],
        )

    return engine.FreightTemplate(
        template_id=row["id"],
        default=rate(row),
        regions={
            fees["region_prefix"]: rate(fees) if fees["is_delivered"] else None
            for fees in row["rates"]
        },
        version=row["version"],
        title_zh=row["title_zh"],
        title_en=row["title_en"],
        cm3_per_kilogram=row["cm3_per_kilogram"],
    )
