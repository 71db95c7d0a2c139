"""From what a shopper wants to a price with reasons: gather the facts, ask the engine, translate
its refusals.

The one way to a price: product page, cart, checkout, order and API all come through here. Source:
O-06.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from catalog.selectors import SkuFacts, skus_for_pricing
from mall.kernel import regions
from mall.kernel.errors import NotFound
from mall.kernel.words import localized
from members.selectors import ShopperFacts, shopper_facts
from orders import errors
from orders.services.budgets import budget_amounts
from orders.services.gifting import gift_choices, gift_lines, with_gift_stock
from orders.services.limiting import check_all_limits
from orders.services.new_buyers import check_new_buyer
from orders.services.remembering import with_history
from promotions import engine
from promotions.errors import CouponNotUsable
from promotions.loading import coupon_rules, rules_for, tried_rules
from promotions.models import CouponGrant

WHY_NOT, NEAR_OFFERS, COUPONS = "why_not", "near_offers", "coupons"
EXPLANATIONS = (WHY_NOT, NEAR_OFFERS, COUPONS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Pieces of one SKU; with ``offer``, in an activity and at its price. ``source`` is what led to
    them (O-55)."""

    sku_id: int
    quantity: int
    offer: engine.Offer | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be priced: the goods, where to, and what the shopper wants to spend on them.

    ``auto_coupons`` lets the best coupons be chosen; ``explain`` names what else is asked for;
    ``gift_skus`` are the SKUs wanted where an offer lets one choose its gift. What ``is_collected``
    in a store costs no freight; ``region_code`` is the store's then. ``beside`` is not bought: what
    its tags say is told along.
    """

    wanted: tuple[Wanted, ...]
    region_code: str | None = None
    coupon_grant_ids: tuple[int, ...] = ()
    auto_coupons: bool = False
    points: int = 0
    explain: frozenset[str] = frozenset()
    gift_skus: frozenset[int] = frozenset()
    is_collected: bool = False
    beside: tuple[Wanted, ...] = ()


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote with what pages and orders need beside it; ``None`` where it was not asked for.

    ``budget_amounts`` is what it costs each campaign with a budget, in fen by campaign id;
    ``beside_fen`` what the tags of ``Ask.beside`` say, each of all its pieces.
    """

    quote: engine.Quote
    gift_lines: Sequence[engine.QuoteLine]
    quote_hash: str
    skus: Mapping[int, SkuFacts]
    shopper: ShopperFacts | None
    why_not: Mapping[str, Sequence[engine.WhyNot]] | None = None
    near_offers: Sequence[engine.NearOffer] | None = None
    verdicts: Sequence[engine.CouponVerdict] | None = None
    grants: Mapping[int, CouponGrant] | None = None
    points_worth_fen: int = 0
    budget_amounts: Mapping[int, int] = field(default_factory=dict)
    beside_fen: Sequence[int] = ()

    @property
    def lines(self) -> tuple[engine.QuoteLine, ...]:
        """What was asked for, then the gifts that come with it."""
        return (*self.quote.lines, *self.gift_lines)

    @property
    def gifts_fen(self) -> int:
        """The declared value of the gifts: on the receipt, and taken off again."""
        return sum(line.list_fen for line in self.gift_lines)


def quote(
    *,
    ask: Ask,
    member_id: int | None,
    at: datetime,
    skus: Mapping[int, SkuFacts] | None = None,
    shopper: ShopperFacts | None = None,
    tried_campaign_ids: Collection[int] = (),
) -> Quoted:
    """Price ``ask`` for a member or a guest (None) at ``at``.

    A page that has just read ``skus`` (those beside too) or ``shopper`` hands them in; a rehearsal
    hands in a ``shopper`` who is nobody yet, and the campaigns to price as if they were live.
    Queries: 6 at most, whatever the number of lines; 2 fewer with both in hand, 3 more with a gift,
    2 more in a group buy, 1 more with tried campaigns, 1 more when a rule asks for earlier orders.
    Raises: NotFound, NotBuyable, NewBuyersOnly, Undeliverable, NotSoldThere, PointsOverCap,
    PointsNotInUnits, CouponNotUsable, OfferAlone, OfferRefused, PickupNotOffered, what
    `check_limits` raises.
    """
    _check_alone(ask)
    check_new_buyer(ask.wanted[0].offer if ask.wanted else None, member_id)
    skus = _buyable(ask.wanted, skus, at)
    _check_region(skus, ask)
    check_all_limits(((line.sku_id, line.quantity) for line in ask.wanted), skus)
    facts = shopper or (None if member_id is None else shopper_facts(member_id, at))
    lines, beside = _engine_lines(ask, skus), _beside_lines(ask, skus)
    rules = with_gift_stock(_rules((*lines, *beside), facts, tried_campaign_ids, at))
    wallet = _wallet(ask, member_id, at)
    with _refusals_as_errors(lines):
        known = with_history(_shopper(facts), rules, wallet)
        settlement = _settle(ask, lines, known, rules, wallet, at)
    gifts = gift_lines(settlement.quote)
    if gifts:
        offered = {option.sku_id for gift in settlement.quote.gifts for option in gift.choices}
        skus = {**skus_for_pricing(offered, at), **skus}
    return Quoted(
        quote=settlement.quote,
        gift_lines=gifts,
        quote_hash=engine.quote_hash(settlement.quote),
        skus=skus,
        shopper=facts,
        points_worth_fen=rules.points.worth_fen(settlement.quote.points.max),
        budget_amounts=budget_amounts(
            rules, (*settlement.quote.lines, *gifts), settlement.quote.freight
        ),
        beside_fen=_tags(beside, facts, rules, at),
        **_explained(ask.explain, settlement, wallet),
    )


def _engine_lines(ask: Ask, skus: Mapping[int, SkuFacts]) -> tuple[engine.Line, ...]:
    """What is collected belongs to no freight template: nothing is sent."""
    lines = [
        engine_line(str(position), skus[wanted.sku_id], wanted.quantity, wanted.offer)
        for position, wanted in enumerate(ask.wanted, 1)
    ]
    if ask.is_collected:
        lines = [replace(line, template_id=None) for line in lines]
    return tuple(lines)


def _beside_lines(ask: Ask, skus: Mapping[int, SkuFacts]) -> tuple[engine.Line, ...]:
    return tuple(
        [
            engine_line(f"beside {position}", skus[one.sku_id], one.quantity)
            for position, one in enumerate(ask.beside, 1)
        ]
    )


def _tags(
    lines: Sequence[engine.Line], facts: ShopperFacts | None, rules: engine.Rules, at: datetime
) -> list[int]:
    """Lane 1 alone, in which no line looks at another one."""
    pieces = engine.piece_prices(lines, _shopper(facts), rules, at) if lines else {}
    return [pieces[line.key] * line.quantity for line in lines]


def _rules(
    lines: tuple[engine.Line, ...],
    facts: ShopperFacts | None,
    tried_campaign_ids: Collection[int],
    at: datetime,
) -> engine.Rules:
    rules = rules_for(lines=lines, shopper=facts, at=at)
    if not tried_campaign_ids:
        return rules
    return with_tried(rules, tried_rules(tried_campaign_ids, lines))


def with_tried(rules: engine.Rules, tried: Sequence[engine.Rule]) -> engine.Rules:
    """``rules`` with those of tried campaigns in place of what is live of the same campaigns."""
    ids = {(rule.kind, rule.rule_id) for rule in tried}
    live = [rule for rule in rules.promotions if (rule.kind, rule.rule_id) not in ids]
    return replace(rules, promotions=(*live, *tried))


def _settle(
    ask: Ask,
    lines: tuple[engine.Line, ...],
    shopper: engine.Shopper,
    rules: engine.Rules,
    wallet: Sequence[engine.CouponRule],
    at: datetime,
) -> engine.Settlement:
    chosen = tuple(coupon for coupon in wallet if coupon.grant_id in ask.coupon_grant_ids)
    choices = gift_choices(rules, ask.gift_skus)
    basket = engine.Basket(lines, ask.region_code, ask.points, chosen, gift_choices=choices)
    if not ask.auto_coupons:
        return engine.settle(basket, shopper, rules, at)
    plain = replace(basket, points=0, coupons=())
    settlement = engine.settle(plain, shopper, rules, at)
    best = engine.best_coupons(settlement, wallet).coupons
    if not best and not ask.points:
        return settlement
    return engine.settle(replace(basket, coupons=best), shopper, rules, at)


def _wallet(ask: Ask, member_id: int | None, at: datetime) -> Sequence[engine.CouponRule]:
    """The coupons to choose from: all usable ones when the choice or the reasons are asked for."""
    chosen = set(ask.coupon_grant_ids)
    if member_id is None:
        if chosen:
            raise NotFound
        return ()
    if not (chosen or ask.auto_coupons or COUPONS in ask.explain):
        return ()
    if not (ask.auto_coupons or COUPONS in ask.explain):
        return coupon_rules(member_id=member_id, grant_ids=sorted(chosen), at=at)
    wallet = coupon_rules(member_id=member_id, grant_ids=None, at=at)
    missing = chosen - {coupon.grant_id for coupon in wallet}
    if not missing:
        return wallet
    return (*wallet, *coupon_rules(member_id=member_id, grant_ids=sorted(missing), at=at))


def _explained(
    explain: Collection[str], settlement: engine.Settlement, wallet: Sequence[engine.CouponRule]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if WHY_NOT in explain:
        found["why_not"] = engine.by_line(engine.why_not(settlement))
    if NEAR_OFFERS in explain:
        found["near_offers"] = engine.near_offers(settlement)
    if COUPONS in explain:
        found["verdicts"] = engine.judge_coupons(settlement, wallet)
        found["grants"] = grants_by_id([coupon.grant_id for coupon in wallet])
    return found


def grants_by_id(grant_ids: Collection[int]) -> dict[int, CouponGrant]:
    """Grants with their coupons, to be shown. Queries: 1."""
    return CouponGrant.objects.select_related("coupon").in_bulk(list(grant_ids))


def _check_alone(ask: Ask) -> None:
    """An activity has terms of its own for the whole order: its goods come alone, and by post."""
    if not any(line.offer for line in ask.wanted):
        return
    if len(ask.wanted) > 1:
        raise errors.OfferAlone
    if ask.is_collected:
        raise errors.PickupNotOffered


def _buyable(
    wanted: Sequence[Wanted], in_hand: Mapping[int, SkuFacts] | None, at: datetime
) -> Mapping[int, SkuFacts]:
    if not wanted:
        raise errors.NothingSelected
    skus = in_hand
    if skus is None:
        skus = skus_for_pricing({line.sku_id for line in wanted}, at)
    for line in wanted:
        if line.sku_id not in skus:
            raise NotFound
        facts = skus[line.sku_id]
        if facts.is_gift_only:
            raise errors.GiftOnly(title=localized(facts, "title"), sku=facts.code)
        if not facts.is_buyable:
            raise errors.NotBuyable(title=localized(facts, "title"), sku=facts.code)
    return skus


def _check_region(skus: Mapping[int, SkuFacts], ask: Ask) -> None:
    """Goods of a region set are sold to no other region (C-71)."""
    code = ask.region_code
    if not code:
        return
    refused = [skus[line.sku_id] for line in ask.wanted if not skus[line.sku_id].is_sold_to(code)]
    if refused:
        raise errors.NotSoldThere(
            title=localized(refused[0], "title"),
            region="".join(regions.full_name(code)[:2]) or code,
            sku_ids=sorted({facts.id for facts in refused}),
        )


def engine_line(
    key: str, facts: SkuFacts, quantity: int, offer: engine.Offer | None = None
) -> engine.Line:
    """One SKU as a line of the price engine."""
    return engine.Line(
        key=key,
        sku_id=facts.id,
        product_id=facts.product_id,
        category_path=facts.category_path,
        brand_id=facts.brand_id,
        quantity=quantity,
        list_fen=facts.list_price_fen,
        price_fen=facts.price_fen,
        weight_grams=facts.weight_grams,
        template_id=facts.template_id,
        offer=offer,
        volume_cm3=facts.volume_cm3,
        shop_id=facts.shop.id,
    )


def _shopper(facts: ShopperFacts | None) -> engine.Shopper:
    if facts is None:
        return engine.GUEST
    return engine.Shopper(
        member_id=facts.member_id,
        tier_code=facts.tier_code,
        tier_rate_bp=facts.tier_rate_bp,
        tier_free_freight_fen=facts.tier_free_freight_fen,
        points=facts.points,
        tier_title_zh=facts.tier_title_zh,
        tier_title_en=facts.tier_title_en,
    )


@contextmanager
def _refusals_as_errors(lines: Sequence[engine.Line]) -> Iterator[None]:
    """Let the engine's refusals out as errors of the shop."""
    try:
        yield
    except engine.PointsOverCap as refusal:
        raise errors.PointsOverCap(
            asked=refusal.facts["asked"], max_points=refusal.max_points
        ) from None
    except engine.PointsNotInUnits as refusal:
        raise errors.PointsNotInUnits(asked=refusal.facts["asked"], unit=refusal.unit) from None
    except engine.CouponRefused as refusal:
        raise CouponNotUsable(**refusal.facts) from None
    except engine.Undeliverable as refusal:
        raise errors.Undeliverable(sku_ids=_sku_ids(lines, refusal.line_keys)) from None
    except engine.OfferRefused as refusal:
        raise errors.OfferRefused(sku_ids=_sku_ids(lines, refusal.line_keys)) from None


def _sku_ids(lines: Sequence[engine.Line], keys: Collection[str]) -> list[int]:
    return sorted({line.sku_id for line in lines if line.key in keys})
