"""How long the price engine takes: 100 lines x 200 live rules, beside the same basket with none.

Run: python bench/engine.py [rounds]. Prints the median and the least of processor time on this
machine; neighbours on the same cores and caches double the median, the least shows the work.
Asserts nothing.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from promotions.engine import (
    Basket,
    BundlePrice,
    CouponAmount,
    EveryOff,
    FreeFreight,
    FreightRate,
    FreightTemplate,
    GiftWithPurchase,
    Line,
    LoyalRate,
    MemberDay,
    MemberPrice,
    PiecesRate,
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
    best_coupons,
    conflicts,
    judge_coupons,
    near_offers,
    price,
    quote_hash,
    settle,
    why_not,
)

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
GOLD = Shopper(3, "gold", 9_500, 9_900, 100_000, tier_id=3)
LINES, RULES, ROUNDS = 100, 200, 50
TEMPLATES = {
    1: FreightTemplate(1, FreightRate(1000, 500, 1000, 100), {"65": None}),
    2: FreightTemplate(2, FreightRate(1, 300, 1, 100), by_pieces=True),
}
WALLET = tuple(
    CouponAmount(rule_id=n, coupon_id=n, off_fen=100 * n, threshold_fen=5_000 * n)
    for n in range(1, 13)
)

GROUPS = tuple(
    replace(coupon, group=f"g{n}", scope=Scope.of(brands=[n % 10, n * 3 % 10]))
    for n, coupon in enumerate(WALLET)
)


def basket() -> Basket:
    """100 SKUs of 50 products in 20 leaf categories and 10 brands, some with a struck price."""
    lines = tuple(
        Line(
            key=str(n),
            sku_id=n,
            product_id=n // 2,
            category_path=(1, 10 + n % 5, 100 + n % 20),
            brand_id=n % 10,
            quantity=1 + n % 3,
            list_fen=5_000 + 37 * n,
            price_fen=5_000 + 37 * n - (n % 4) * 100,
            weight_grams=250 + n,
            template_id=1 + n % 2,
        )
        for n in range(LINES)
    )
    return Basket(lines, "440305", points=1_000, coupons=WALLET[:1])


def mixed_rules() -> tuple[Rule, ...]:
    """What a busy shop has, of every kind: 200 rules on SKU lists, products, brands, categories
    and the whole shop."""
    return (*unit_rules(), *item_rules(), *order_rules(), *member_rules())


def unit_rules() -> Iterator[Rule]:
    """60 rules of lane 1: sales, ladders, member prices."""
    for n in range(40):
        yield Sale(rule_id=n, rate_bp=9_000, scope=Scope.of(skus=range(n, n + 20)))
    for n in range(40, 50):
        ladder = ((1, 4_900), (2, 4_500), (10, 4_000))
        yield QuantityPrice(rule_id=n, ladders={n: ladder, n - 7: ladder}, scope=skus(n, n - 7))
    for n in range(50, 60):
        yield MemberPrice(rule_id=n, prices={n: 4_000, n - 40: 4_100}, scope=skus(n, n - 40))


def item_rules() -> Iterator[Rule]:
    """50 rules of lane 2: second pieces, pieces at a rate, bundles, gifts."""
    for n in range(60, 80):
        yield SecondHalfPrice(rule_id=n, scope=Scope.of(products=[n - 60, n - 50]))
    for n in range(80, 90):
        steps = ((3, 9_000), (5, 8_500))
        yield PiecesRate(rule_id=n, steps=steps, scope=Scope.of(brands=[n % 10]))
    for n in range(90, 100):
        yield BundlePrice(
            rule_id=n, pieces={n: 1, n - 80: 1}, price_fen=8_000, scope=skus(n, n - 80)
        )
    for n in range(100, 110):
        scope = Scope.of(categories=[100 + n])
        yield GiftWithPurchase(rule_id=n, options=((n, 900),), threshold_fen=20_000, scope=scope)


def order_rules() -> Iterator[Rule]:
    """70 rules of lane 3: 满减, 满折 and 每满减 by shop, category and brand."""
    for n in range(110, 180):
        scope = (
            Scope(),
            Scope.of(categories=[100 + n % 20]),
            Scope.of(brands=[n % 10]),
            Scope.of(categories=[10 + n % 5], not_products=[n % 50]),
        )[n % 4]
        if n < 150:
            off_steps = tuple((10_000 * k, 500 * k + n) for k in range(1, 5))
            yield ThresholdOff(rule_id=n, steps=off_steps, scope=scope)
        elif n < 165:
            yield ThresholdRate(rule_id=n, steps=((10_000, 9_500), (50_000, 9_000)), scope=scope)
        else:
            yield EveryOff(rule_id=n, every_fen=20_000, off_fen=900 + n, scope=scope)


def member_rules() -> Iterator[Rule]:
    """20 rules of lanes 4 and 7: rates for tiers, days and regulars, free freight."""
    for n in range(180, 190):
        yield TierRate(rule_id=n, rate_bp=9_300 + n, scope=Scope.of(brands=[n % 10]))
    for n in range(190, 194):
        yield MemberDay(rule_id=n, rate_bp=9_400 + n, days=frozenset({22}))
    for n in range(194, 197):
        yield LoyalRate(rule_id=n, rate_bp=9_700, threshold_fen=10_000 * n)
    for n in range(197, RULES):
        yield FreeFreight(rule_id=n, threshold_fen=10_000 * n)


def skus(*ids: int) -> Scope:
    """A scope of just these SKUs."""
    return Scope.of(skus=ids)


def shop_wide_rules() -> tuple[Rule, ...]:
    """The worst case: every one of the 200 rules is about every line."""
    steps = ((10_000, 500), (20_000, 1_500), (50_000, 6_000))
    sales: list[Rule] = [Sale(rule_id=n, rate_bp=9_999 - n) for n in range(RULES // 2)]
    offs = [ThresholdOff(rule_id=n, steps=steps) for n in range(RULES // 2, RULES)]
    return (*sales, *offs)


def milliseconds(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median and least processor time of ``work`` after one warm-up."""
    work()
    times = []
    for _ in range(rounds):
        started = process_time()
        work()
        times.append((process_time() - started) * 1000)
    return median(times), min(times)


def main(rounds: int) -> None:
    """Print one line a case; prices with their ratio to the basket without rules, by the least."""
    goods = basket()
    books = {
        "no rules": (),
        "mixed rules": mixed_rules(),
        "shop-wide rules": shop_wide_rules(),
    }
    base_ms = 0.0
    for name, promotions in books.items():
        rules = Rules(promotions=promotions, templates=TEMPLATES)
        median_ms, least_ms = milliseconds(partial(price, goods, GOLD, rules, NOON), rounds)
        base_ms = base_ms or least_ms
        label = f"price, {LINES} lines x {len(promotions)} {name}"
        tell(label, median_ms, least_ms, f"   x {least_ms / base_ms:.2f}")
    settlement = settle(goods, GOLD, Rules(books["mixed rules"], templates=TEMPLATES), NOON)
    extras: dict[str, Callable[[], object]] = {
        "near_offers": partial(near_offers, settlement),
        "why_not": partial(why_not, settlement),
        "judge_coupons, wallet of 12": partial(judge_coupons, settlement, WALLET),
        "best_coupons, 12 groups": partial(best_coupons, settlement, GROUPS),
        "conflicts, 200 rules": partial(conflicts, books["mixed rules"]),
        "quote_hash": partial(quote_hash, settlement.quote),
    }
    for name, work in extras.items():
        tell(f"{name}, mixed rules", *milliseconds(work, rounds))


def tell(label: str, median_ms: float, least_ms: float, ratio: str = "") -> None:
    """One line of the report."""
    sys.stdout.write(f"{label:<44}{median_ms:8.2f} ms   least{least_ms:8.2f} ms{ratio}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
