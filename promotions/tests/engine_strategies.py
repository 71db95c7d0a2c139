"""Any basket, any rules, any shopper: what the laws of the engine are tried on (hypothesis)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from promotions.engine import (
    BargainPrice,
    Basket,
    BundlePrice,
    CouponAmount,
    CouponExchange,
    CouponFreight,
    CouponRate,
    EveryOff,
    FlashPrice,
    FreeFreight,
    FreightRate,
    FreightTemplate,
    GiftWithPurchase,
    GroupPrice,
    Lane,
    Line,
    LoyalRate,
    MemberDay,
    MemberPrice,
    Offer,
    PiecesRate,
    PointsRule,
    PresalePrice,
    QuantityPrice,
    Rule,
    Rules,
    Sale,
    Scope,
    SecondHalfPrice,
    Shopper,
    ThresholdOff,
    ThresholdRate,
    TierRate,
    judge_coupons,
    price,
    settle,
)
from promotions.tests.engine_builders import NOON

SKUS = 8
ids = st.integers(1, SKUS)
amounts = st.integers(0, 60_000)
rates = st.integers(0, 10_000)
pieces = st.integers(1, 12)
id_sets = st.frozensets(st.integers(1, 5), max_size=2)
lanes = st.frozensets(st.sampled_from(list(Lane)), max_size=2)
gift_ids = st.integers(901, 903)


@st.composite
def shop_lines(draw: st.DrawFn) -> list[Line]:
    """Lines of a small shop where each SKU's facts follow from its id, SKUs may repeat."""
    bought = draw(st.lists(st.tuples(ids, st.integers(1, 9)), max_size=12))
    prices = draw(st.lists(st.tuples(amounts, amounts), min_size=SKUS, max_size=SKUS))
    return [
        shop_line(f"k{place:02}", sku_id, quantity, prices[sku_id - 1])
        for place, (sku_id, quantity) in enumerate(bought)
    ]


def shop_line(key: str, sku_id: int, quantity: int, prices: tuple[int, int]) -> Line:
    """A line of the small shop; the larger of the two prices is struck through."""
    return Line(
        key=key,
        sku_id=sku_id,
        product_id=sku_id % 5,
        category_path=(1, 2 + sku_id % 3),
        brand_id=sku_id % 4 or None,
        quantity=quantity,
        list_fen=max(prices),
        price_fen=min(prices),
        weight_grams=sku_id * 370,
        template_id=sku_id % 3 or None,
        volume_cm3=sku_id * 2_100,
        shop_id=sku_id % 2,
    )


scopes = st.builds(Scope, id_sets, id_sets, id_sets, id_sets, id_sets, id_sets)
named_scopes = st.builds(lambda skus: Scope.of(skus=skus), st.frozensets(ids, min_size=1))
moments = st.none() | st.integers(-2, 2).map(lambda hours: NOON + timedelta(hours=hours))
audience: dict[str, Any] = {
    "rule_id": st.integers(1, 99),
    "scope": scopes | st.just(Scope()),
    "starts_at": moments,
    "ends_at": moments,
    "tier_codes": st.sampled_from([frozenset(), frozenset({"gold"}), frozenset({"silver"})]),
    "region_prefixes": st.sampled_from([frozenset(), frozenset({"11"}), frozenset({"44"})]),
}
stacking: dict[str, Any] = {
    "priority": st.integers(1, 3),
    "excludes": lanes,
    "exclusive_group": st.sampled_from(["", "", "g"]),
}
tables = st.dictionaries(ids, amounts, max_size=4)
steps = st.lists(st.tuples(amounts, amounts), max_size=3).map(tuple)
rate_steps = st.lists(st.tuples(amounts, rates), max_size=3).map(tuple)
piece_rates = st.lists(st.tuples(pieces, rates), max_size=3).map(tuple)
ladders = st.lists(st.tuples(pieces, amounts), max_size=3).map(tuple)
days = st.sampled_from([frozenset(), frozenset({22}), frozenset({8}), frozenset({1, 22, 31})])
caps = st.none() | amounts
gifts = {
    "options": st.lists(st.tuples(gift_ids, st.integers(0, 9_000)), min_size=1, max_size=3).map(
        tuple
    ),
    "threshold_fen": amounts,
    "pieces": st.integers(0, 6),
    "quantity": st.integers(1, 2),
    "per": st.booleans(),
    "most": st.none() | st.integers(1, 3),
    "min_orders": st.integers(0, 1),
}


def rules_of_all_kinds(**facts: Any) -> dict[str, st.SearchStrategy[Rule]]:
    """A strategy for each promotion kind that works on lines without an offer, by kind."""
    drawn: dict[type[Rule], dict[str, Any]] = {
        Sale: {"rate_bp": rates, "prices": tables},
        QuantityPrice: {"ladders": st.dictionaries(ids, ladders, max_size=3), "rates": piece_rates},
        MemberPrice: {"prices": tables},
        SecondHalfPrice: {"second_rate_bp": rates},
        PiecesRate: {"steps": piece_rates},
        BundlePrice: {
            "pieces": st.dictionaries(ids, st.integers(1, 3), min_size=1, max_size=3),
            "price_fen": amounts,
            "most": st.none() | st.integers(1, 2),
        },
        GiftWithPurchase: gifts,
        ThresholdOff: {"steps": steps},
        ThresholdRate: {"steps": rate_steps, "cap_fen": caps},
        EveryOff: {"every_fen": st.integers(1, 60_000), "off_fen": amounts, "cap_fen": caps},
        TierRate: {"rate_bp": rates},
        MemberDay: {"rate_bp": rates, "days": days},
        LoyalRate: {"rate_bp": rates, "days": days, "threshold_fen": amounts},
        FreeFreight: {"threshold_fen": amounts},
    }
    return {kind.kind: st.builds(kind, **numbers, **facts) for kind, numbers in drawn.items()}


def rule_lists(
    kinds: dict[str, st.SearchStrategy[Rule]], most: int = 8
) -> st.SearchStrategy[tuple[Rule, ...]]:
    """Several rules of any of these kinds."""
    return st.lists(st.one_of(*kinds.values()), max_size=most).map(tuple)


@st.composite
def activities(draw: st.DrawFn) -> tuple[Rule, ...]:
    """One activity of each kind, for all SKUs, with some of its lanes open."""
    prices = {sku_id: draw(amounts) for sku_id in range(1, SKUS + 1)}
    deposits = {}
    for sku_id in draw(st.frozensets(ids)):
        worth_fen = draw(st.integers(0, prices[sku_id]))
        deposits[sku_id] = (draw(st.integers(0, worth_fen)), worth_fen)
    shuts = [draw(lanes) for _ in range(4)]
    return (
        FlashPrice(rule_id=900, prices=prices, excludes=shuts[0]),
        GroupPrice(rule_id=901, prices=prices, excludes=shuts[1]),
        BargainPrice(rule_id=902, prices_by_reference={"B1": prices[1]}, excludes=shuts[2]),
        PresalePrice(rule_id=903, prices=prices, deposits=deposits, excludes=shuts[3]),
    )


offers = st.none() | st.sampled_from(
    [Offer("flash", 900), Offer("group", 901, "T1"), Offer("bargain", 902, "B1")]
    + [Offer("presale", 903)]
)
freight_rates = st.builds(
    FreightRate,
    st.integers(1, 3_000),
    st.integers(0, 2_000),
    st.integers(1, 2_000),
    st.integers(0, 900),
    caps,
)
points_rules = st.builds(
    PointsRule,
    unit=st.integers(1, 100),
    unit_off_fen=st.integers(1, 100),
    cap_bp=rates,
    scope=audience["scope"],
)
templates = st.fixed_dictionaries(
    {
        1: st.builds(FreightTemplate, st.just(1), freight_rates),
        2: st.builds(
            FreightTemplate,
            st.just(2),
            freight_rates,
            by_pieces=st.booleans(),
            cm3_per_kilogram=st.sampled_from([0, 6_000]),
        ),
    }
)
gift_stocks = st.none() | st.dictionaries(gift_ids, st.integers(0, 4))
books = st.builds(
    Rules,
    rule_lists(rules_of_all_kinds(**audience, **stacking)),
    points_rules,
    templates,
    gift_stock=gift_stocks,
)
shoppers = st.builds(
    Shopper,
    st.just(1),
    st.sampled_from(["ordinary", "gold"]),
    rates,
    caps,
    st.integers(0, 50_000),
    spent_fen=amounts,
    completed_orders=st.integers(0, 2),
    paid_orders=st.integers(0, 2),
)
grants = {
    "coupon_id": st.just(1),
    "threshold_fen": amounts,
    "first_order": st.booleans(),
    **audience,
    **stacking,
}
coupons = st.one_of(
    st.builds(CouponAmount, off_fen=amounts, **grants),
    st.builds(CouponRate, rate_bp=rates, cap_fen=caps, **grants),
    st.builds(CouponExchange, price_fen=amounts, **{**grants, "scope": named_scopes}),
    st.builds(CouponFreight, cap_fen=caps, **grants),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Basket, Shopper, Rules]:
    """A basket that can be priced: a coupon only if usable, points only within the cap."""
    lines = tuple(draw(shop_lines()))
    shopper, rules = draw(shoppers), draw(books)
    if draw(st.booleans()):
        rules = replace(rules, promotions=rules.promotions + draw(activities()))
        lines = tuple(replace(line, offer=draw(offers)) for line in lines)
    wishes = draw(st.dictionaries(st.integers(1, 99), gift_ids, max_size=2))
    region_code = draw(st.sampled_from([None, "110101"]))
    basket = Basket(lines, region_code, gift_choices=wishes)
    coupon = draw(st.none() | coupons)
    if coupon and judge_coupons(settle(basket, shopper, rules, NOON), [coupon])[0].usable:
        basket = replace(basket, coupons=(coupon,))
    cap = price(basket, shopper, rules, NOON).points.max
    units = draw(st.integers(0, cap // rules.points.unit))
    return replace(basket, points=units * rules.points.unit), shopper, rules
