"""Real orders of the past as baskets of the price engine: what a rehearsal replays.

Goods, prices, region, coupons, points and activity are those of the order; the tier is the one the
member's growth reached then. What nobody froze is taken as it is now: category, brand, weight and
freight template of the goods, and what one piece costs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from catalog.selectors import SkuFacts, skus_for_pricing
from mall.kernel.money import FULL_RATE_BP, half_up
from members.models import GrowthEntry, Tier
from orders.models import Order, OrderLine
from orders.services.quoting import engine_line
from orders.services.remembering import FINISHED, asks_history
from promotions import engine
from promotions.loading import past_coupon_rules

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class PastBasket:
    """One paid order as it went to the till. ``points_rate_bp`` is what its tier earned."""

    number: str
    at: datetime
    basket: engine.Basket
    shopper: engine.Shopper
    points_rate_bp: int


@dataclass(frozen=True, slots=True)
class PastChunk:
    """Some past baskets in the order they were placed; ``orders`` counts those that have no goods
    the shop knows, too. ``skus`` are the facts of all their goods."""

    orders: int
    baskets: tuple[PastBasket, ...]
    skus: Mapping[int, SkuFacts]


@dataclass(frozen=True, slots=True)
class PastSpan:
    """How much there is to replay: paid orders, and their lines that name no SKU."""

    orders: int
    lines_without_sku: int


class _Bought(NamedTuple):
    """One order of a shopper: when it was paid, when received, and what it brought."""

    paid_at: datetime
    finished_at: datetime | None
    fen: int


def past_span(since: datetime, until: datetime) -> PastSpan:
    """The size of ``past_baskets(since, until)``. Queries: 2."""
    paid = _paid(since, until)
    lost = OrderLine.objects.filter(order__in=paid, sku__isnull=True)
    return PastSpan(orders=paid.count(), lines_without_sku=lost.count())


def past_baskets(since: datetime, until: datetime, size: int = CHUNK) -> Iterator[PastChunk]:
    """The paid orders placed in ``[since, until)``, oldest first, ``size`` at a time.

    Imported orders are among them with the lines that have a SKU. Queries: 1, and 6 a chunk at
    most, whatever its lines.
    """
    tiers = _Tiers(list(Tier.objects.order_by("-threshold_fen")))
    known: dict[int, SkuFacts] = {}
    rows = _rows(since, until)
    last: tuple[datetime, int] | None = None
    while True:
        orders = list(_after(rows, last)[:size])
        if not orders:
            return
        last = orders[-1].placed_at, orders[-1].pk
        yield _chunk(orders, known, tiers)


def with_history_then(baskets: Sequence[PastBasket], rules: engine.Rules) -> Sequence[PastBasket]:
    """The baskets with what each shopper had bought before, when ``rules`` or a coupon ask for it.

    What came back or was closed since is left out as it is now. Queries: 0 or 1.
    """
    wallet = [coupon for past in baskets for coupon in past.basket.coupons]
    if not asks_history(rules, wallet):
        return baskets
    bought = _bought({past.shopper.member_id for past in baskets}, baskets[-1].at)
    return [
        replace(past, shopper=_remembering(past, bought.get(past.shopper.member_id, ())))
        for past in baskets
    ]


def _bought(
    member_ids: Collection[int | None], before: datetime
) -> dict[int | None, list[_Bought]]:
    orders = Order.objects.filter(member__in=member_ids, paid_at__lt=before)
    kept = orders.exclude(status=Order.Status.CLOSED).order_by("pk")
    bought: dict[int | None, list[_Bought]] = defaultdict(list)
    columns = ("member_id", "status", "paid_at", "received_at", "paid_fen", "refunded_fen")
    for member_id, status, paid_at, received_at, paid_fen, back_fen in kept.values_list(*columns):
        finished_at = received_at if status in FINISHED else None
        bought[member_id].append(_Bought(paid_at, finished_at, paid_fen - back_fen))
    return bought


def _remembering(past: PastBasket, bought: Iterable[_Bought]) -> engine.Shopper:
    paid = [row for row in bought if row.paid_at < past.at]
    finished = [row.fen for row in paid if row.finished_at and row.finished_at < past.at]
    return replace(
        past.shopper,
        spent_fen=sum(finished),
        completed_orders=len(finished),
        paid_orders=len(paid),
    )


def _paid(since: datetime, until: datetime) -> QuerySet[Order]:
    return Order.objects.filter(placed_at__gte=since, placed_at__lt=until, paid_at__isnull=False)


def _rows(since: datetime, until: datetime) -> QuerySet[Any]:
    """Orders with what their member's growth was a moment before."""
    entries = GrowthEntry.objects.filter(member=OuterRef("member_id"), at__lt=OuterRef("placed_at"))
    growth = entries.order_by("-at", "-pk").values("balance_fen")[:1]
    return (
        _paid(since, until)
        .annotate(growth_then_fen=Subquery(growth))
        .order_by("placed_at", "pk")
        .only(
            "number", "member_id", "placed_at", "region_code", "points_used",
            "offer_kind", "offer_id", "offer_reference",
        )
    )  # fmt: skip


def _after(rows: QuerySet[Any], last: tuple[datetime, int] | None) -> QuerySet[Any]:
    if last is None:
        return rows
    at, pk = last
    return rows.filter(placed_at__gte=at).filter(Q(placed_at__gt=at) | Q(pk__gt=pk))


def _chunk(orders: Sequence[Any], known: dict[int, SkuFacts], tiers: "_Tiers") -> PastChunk:
    lines = _lines({order.pk for order in orders})
    missing = {line.sku_id for own in lines.values() for line in own} - known.keys()
    if missing:
        known.update(skus_for_pricing(missing, orders[-1].placed_at))
    coupons = past_coupon_rules([order.number for order in orders])
    baskets = [
        _basket(order, lines[order.pk], coupons.get(order.number, ()), known, tiers)
        for order in orders
        if order.pk in lines
    ]
    return PastChunk(orders=len(orders), baskets=tuple(baskets), skus=known)


def _lines(order_ids: Collection[int]) -> dict[int, list[Any]]:
    """What was bought, by order, with what the shop's ordinary price took off the list price."""
    lines = (
        OrderLine.objects.filter(order__in=order_ids, sku__isnull=False, is_gift=False)
        .annotate(shop_off_fen=Sum("steps__amount_fen", filter=Q(steps__kind="shop_price")))
        .only("order_id", "position", "sku_id", "quantity", "list_fen")
        .order_by("order_id", "position")
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for line in lines:
        found[line.order_id].append(line)
    return dict(found)


def _basket(
    order: Any,
    lines: Iterable[Any],
    coupons: tuple[engine.CouponRule, ...],
    skus: Mapping[int, SkuFacts],
    tiers: "_Tiers",
) -> PastBasket:
    offer = None
    if order.offer_kind:
        offer = engine.Offer(order.offer_kind, order.offer_id, order.offer_reference)
    basket = engine.Basket(
        lines=_one_price_a_sku([_line(line, skus[line.sku_id], offer) for line in lines]),
        region_code=order.region_code or None,
        points=order.points_used,
        coupons=coupons,
    )
    tier = None if order.member_id is None else tiers.at(order.growth_then_fen or 0)
    return PastBasket(
        number=order.number,
        at=order.placed_at,
        basket=basket,
        shopper=_shopper(order, tier),
        points_rate_bp=FULL_RATE_BP if tier is None else tier.points_rate_bp,
    )


def _line(line: Any, facts: SkuFacts, offer: engine.Offer | None) -> engine.Line:
    """The line with the prices of its own day; an imported line is priced by its average piece."""
    list_fen = half_up(line.list_fen, line.quantity)
    off_fen = half_up(line.shop_off_fen or 0, line.quantity)
    return replace(
        engine_line(str(line.position), facts, line.quantity, offer),
        list_fen=list_fen,
        price_fen=max(0, list_fen - off_fen),
    )


def _one_price_a_sku(lines: list[engine.Line]) -> tuple[engine.Line, ...]:
    """Lines of one SKU at several prices (imports have them) as one line at their average."""
    by_sku: dict[int, list[engine.Line]] = defaultdict(list)
    for line in lines:
        by_sku[line.sku_id].append(line)
    return tuple(line for own in by_sku.values() for line in _merged(own))


def _merged(own: list[engine.Line]) -> list[engine.Line]:
    if len({(line.list_fen, line.price_fen) for line in own}) == 1:
        return own
    pieces = sum(line.quantity for line in own)
    list_fen = half_up(sum(line.list_fen * line.quantity for line in own), pieces)
    price_fen = half_up(sum(line.price_fen * line.quantity for line in own), pieces)
    return [replace(own[0], quantity=pieces, list_fen=list_fen, price_fen=price_fen)]


def _shopper(order: Any, tier: Tier | None) -> engine.Shopper:
    """The member as they were: the tier of then, the points they spent."""
    if tier is None:
        return engine.GUEST
    return engine.Shopper(
        member_id=order.member_id,
        tier_code=tier.code,
        tier_rate_bp=tier.rate_bp,
        tier_free_freight_fen=tier.free_freight_fen,
        points=order.points_used,
        tier_title_zh=tier.title_zh,
        tier_title_en=tier.title_en,
    )


@dataclass(frozen=True, slots=True)
class _Tiers:
    """The tiers, highest threshold first."""

    rows: Sequence[Tier]

    def at(self, growth_fen: int) -> Tier | None:
        """The tier that so much growth reaches."""
        return next((tier for tier in self.rows if tier.threshold_fen <= growth_fen), None)
