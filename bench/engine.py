"""How long the price engine takes: 100 lines x 200 live rules, beside the same basket with none.

Run: python bench/engine.py [rounds]. Prints medians of processor time on this machine, so that
neighbours on the same cores count little; asserts nothing.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from promotions.engine import (
    Basket,
    CouponAmount,
    FreightRate,
    FreightTemplate,
    Line,
    MemberPrice,
    Rule,
    Rules,
    Sale,
    Scope,
    SecondHalfPrice,
    Shopper,
    ThresholdOff,
    TierRate,
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
    """What a busy shop has: sales on SKU lists, 满减 by shop, category and brand, tier days."""
    rules: list[Rule] = []
    for n in range(60):
        rules.append(Sale(rule_id=n, rate_bp=9_000, scope=Scope.of(skus=range(n, n + 20))))
    for n in range(60, 80):
        prices = {n: 4_000, n - 40: 4_100}
        rules.append(MemberPrice(rule_id=n, prices=prices, scope=Scope.of(skus=prices)))
    for n in range(80, 110):
        rules.append(SecondHalfPrice(rule_id=n, scope=Scope.of(products=[n - 80, n - 70])))
    for n in range(110, 190):
        scope = (
            Scope(),
            Scope.of(categories=[100 + n % 20]),
            Scope.of(brands=[n % 10]),
            Scope.of(categories=[10 + n % 5], not_products=[n % 50]),
        )[n % 4]
        steps = tuple((10_000 * k, 500 * k + n) for k in range(1, 5))
        rules.append(ThresholdOff(rule_id=n, steps=steps, scope=scope))
    for n in range(190, RULES):
        rules.append(TierRate(rule_id=n, rate_bp=9_300 + n, scope=Scope.of(brands=[n % 10])))
    return tuple(rules)


def shop_wide_rules() -> tuple[Rule, ...]:
    """The worst case: every one of the 200 rules is about every line."""
    steps = ((10_000, 500), (20_000, 1_500), (50_000, 6_000))
    sales: list[Rule] = [Sale(rule_id=n, rate_bp=9_999 - n) for n in range(RULES // 2)]
    offs = [ThresholdOff(rule_id=n, steps=steps) for n in range(RULES // 2, RULES)]
    return (*sales, *offs)


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """Median processor time of ``work`` after one warm-up."""
    work()
    times = []
    for _ in range(rounds):
        started = process_time()
        work()
        times.append(process_time() - started)
    return median(times) * 1000


def main(rounds: int) -> None:
    """Print one line a case, with the ratio to the basket without rules."""
    goods = basket()
    books = {
        "no rules": (),
        "mixed rules": mixed_rules(),
        "shop-wide rules": shop_wide_rules(),
    }
    out = sys.stdout.write
    base = 0.0
    for name, promotions in books.items():
        rules = Rules(promotions=promotions, templates=TEMPLATES)
        took = milliseconds(partial(price, goods, GOLD, rules, NOON), rounds)
        base = base or took
        label = f"price, {LINES} lines x {len(promotions)} {name}"
        out(f"{label:<48}{took:8.2f} ms   x {took / base:.2f}\n")
    settlement = settle(goods, GOLD, Rules(books["mixed rules"], templates=TEMPLATES), NOON)
    extras: dict[str, Callable[[], object]] = {
        "near_offers": partial(near_offers, settlement),
        "why_not": partial(why_not, settlement),
        "judge_coupons, wallet of 12": partial(judge_coupons, settlement, WALLET),
        "quote_hash": partial(quote_hash, settlement.quote),
    }
    for name, work in extras.items():
        out(f"{name + ', mixed rules':<48}{milliseconds(work, rounds):8.2f} ms\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
