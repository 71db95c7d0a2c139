"""What a campaign, or a whole plan, brought in and cost: the orders that carry its price steps.

Source: requirement P-46. Money is of paid orders, less what was refunded.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from analytics.metrics import ratio_bp, roi_bp
from orders.models import Order, OrderLine, OrderLineStep
from promotions.models import Campaign, CampaignPlan

GIFT = "gift"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignEffect:
    """Orders placed with it and paid, who bought, money, and what it took off."""

    title: str
    placed: int
    orders: int
    members: int
    newcomers: int
    gmv_fen: int
    cost_fen: int
    goods_cost_fen: int

    @property
    def paid_bp(self) -> int | None:
        """Paid orders of those placed with it, in basis points: the conversion."""
        return ratio_bp(self.orders, self.placed)

    @property
    def newcomers_bp(self) -> int | None:
        """Buyers for whom it was the first paid order, of all buyers."""
        return ratio_bp(self.newcomers, self.members)

    @property
    def profit_fen(self) -> int:
        """What was paid less what the goods cost; what it took off is not in what was paid."""
        return self.gmv_fen - self.goods_cost_fen

    @property
    def roi_bp(self) -> int | None:
        """Profit less its cost over its cost, in basis points."""
        return roi_bp(self.profit_fen, self.cost_fen)


@dataclass(frozen=True, slots=True)
class PlanEffect:
    """A plan's campaigns one by one and together, beside its targets."""

    plan: CampaignPlan
    total: CampaignEffect
    campaigns: Sequence[CampaignEffect]

    @property
    def gmv_bp(self) -> int | None:
        """Sales reached of the target."""
        return ratio_bp(self.total.gmv_fen, self.plan.gmv_target_fen)

    @property
    def profit_bp(self) -> int | None:
        """Profit reached of the target."""
        return ratio_bp(self.total.profit_fen, self.plan.profit_target_fen)

    @property
    def budget_bp(self) -> int | None:
        """Cost of the budget."""
        return ratio_bp(self.total.cost_fen, self.plan.budget_fen)


def plan_effect(plan: CampaignPlan) -> PlanEffect:
    """The report of a plan. Queries: 7, and 7 a campaign."""
    campaigns = list(plan.campaigns.order_by("pk"))
    return PlanEffect(
        plan=plan,
        total=_effect(plan.title_zh, campaigns),
        campaigns=[_effect(campaign.title_zh, [campaign]) for campaign in campaigns],
    )


def orders_with(campaigns: Collection[Campaign]) -> QuerySet[Order]:
    """Orders that carry a step of any of these campaigns, on goods, on freight or as a gift."""
    tagged = Exists(_steps(campaigns).filter(line__order=OuterRef("pk")))
    freight = Q(pk__in=[])
    for campaign in campaigns:
        if campaign.kind == Campaign.Kind.FREE_FREIGHT:
            step = {"kind": campaign.kind, "source_id": campaign.pk}
            freight |= Q(
                freight_steps__contains=[step],
                placed_at__gte=campaign.starts_at,
                placed_at__lt=campaign.ends_at,
            )
    return Order.objects.filter(Q(tagged) | freight)


def _effect(title: str, campaigns: Collection[Campaign]) -> CampaignEffect:
    orders = orders_with(campaigns)
    paid = orders.filter(paid_at__isnull=False)
    money = paid.aggregate(fen=Sum(F("paid_fen") - F("refunded_fen")))["fen"]
    buyers = set(paid.values_list("member_id", flat=True))
    earlier = Order.objects.filter(
        member=OuterRef("member"), paid_at__isnull=False, paid_at__lt=OuterRef("paid_at")
    )
    first = paid.filter(~Exists(earlier)).values_list("member_id", flat=True)
    kept = OrderLine.objects.filter(order__in=paid.values("pk"), sku__isnull=False)
    goods = kept.aggregate(fen=Sum((F("quantity") - F("refunded")) * F("sku__cost_fen")))["fen"]
    return CampaignEffect(
        title=title,
        placed=orders.count(),
        orders=paid.count(),
        members=len(buyers),
        newcomers=len(set(first)),
        gmv_fen=money or 0,
        cost_fen=_taken_off(campaigns, paid),
        goods_cost_fen=goods or 0,
    )


def _taken_off(campaigns: Collection[Campaign], paid: QuerySet[Order]) -> int:
    """What the steps of these campaigns took off goods and freight of paid orders."""
    steps = _steps(campaigns).filter(line__order__in=paid.values("pk"))
    goods = steps.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    keys = {(campaign.kind, campaign.pk) for campaign in campaigns}
    kinds = {kind for kind, _pk in keys}
    if Campaign.Kind.FREE_FREIGHT not in kinds:
        return int(goods)
    freight = sum(
        step["amount_fen"]
        for rows in paid.values_list("freight_steps", flat=True)
        for step in rows
        if (step["kind"], step["source_id"]) in keys
    )
    return int(goods + freight)


def _steps(campaigns: Collection[Campaign]) -> QuerySet[OrderLineStep]:
    mine = Q(pk__in=[])
    for campaign in campaigns:
        mine |= Q(kind__in=(campaign.kind, GIFT), source_id=campaign.pk)
    return OrderLineStep.objects.filter(mine)
