"""How long a rehearsal takes: 30,000 paid orders of 30 days replayed with and without three drafts.

Run: python bench/rehearsal.py [orders]. Fills a database of its own (dropped at the end) on the
servers the tests use, holds one rehearsal through the verb the worker calls, and prints its time on
this machine beside the time of pricing the same baskets once. Asserts nothing.
"""

# ruff: noqa: E402 - the settings are named before what reads them is imported
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings_test")
os.environ.setdefault("LOG_LEVEL", "WARNING")

import django

django.setup()

from django.db import connections

from analytics.services import ask_rehearsal, run_rehearsals
from catalog.models import Sku
from catalog.testing import make_sku
from mall.kernel import clock
from mall.kernel.testing.database import TestDatabase
from members.models import Member
from members.testing import make_member
from orders.models import Order, OrderLine
from orders.selectors import PastBasket, past_baskets
from promotions import engine
from promotions.loading import rules_for
from promotions.models import Campaign, Rehearsal
from promotions.testing import make_sale, make_threshold_off

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
DAYS, ORDERS, SKUS, MEMBERS, LIVE = 30, 30_000, 300, 60, 40
CHANCE = Random(20_261_122)  # noqa: S311 - the same orders every time, no secret


def goods() -> list[Sku]:
    """SKUs from ¥10 to ¥300 that cost three fifths of it."""
    skus = [make_sku(price_fen=1_000 + 97 * number) for number in range(SKUS)]
    for sku in skus:
        sku.cost_fen = sku.price_fen * 3 // 5
    Sku.objects.bulk_update(skus, ["cost_fen"])
    return skus


def campaigns(skus: list[Sku]) -> list[Campaign]:
    """Forty live campaigns, sales and steps by product; the three drafts that come back."""
    for number in range(LIVE):
        some = CHANCE.sample(skus, 20)
        if number % 2:
            make_sale(prices={sku.pk: sku.price_fen * 9 // 10 for sku in some})
        else:
            ids = [sku.product_id for sku in some]
            make_threshold_off(scope_kind="products", scope_ids=ids, steps=((20_000, 1_500),))
    draft = {"status": Campaign.Status.DRAFT}
    return [
        make_threshold_off(steps=((30_000, 5_000), (50_000, 9_000)), **draft),
        make_sale(prices={sku.pk: sku.price_fen * 4 // 5 for sku in skus[:50]}, **draft),
        make_threshold_off(scope_kind="products", scope_ids=[skus[0].product_id], **draft),
    ]


def fill(number: int, skus: list[Sku], members: list[Member]) -> None:
    """``number`` paid orders of 1 to 5 lines, spread over the days before ``AT``."""
    orders = [_order(place, number, CHANCE.choice(members)) for place in range(number)]
    Order.objects.bulk_create(orders, batch_size=2_000)
    lines = [line for order in orders for line in _lines(order, skus)]
    OrderLine.objects.bulk_create(lines, batch_size=5_000)


def _order(place: int, number: int, member: Member) -> Order:
    placed_at = AT - timedelta(days=DAYS) * (place + 1) / (number + 1)
    return Order(
        number=f"B{place}",
        member=member,
        status=Order.Status.PAID,
        placed_at=placed_at,
        paid_at=placed_at,
        goods_fen=0,
        payable_fen=0,
        region_code="330106002",
    )


def _lines(order: Order, skus: list[Sku]) -> Iterator[OrderLine]:
    for position, sku in enumerate(CHANCE.sample(skus, CHANCE.choice((1, 1, 2, 2, 3, 5))), 1):
        quantity = CHANCE.choice((1, 1, 1, 2, 3))
        fen = sku.list_price_fen * quantity
        yield OrderLine(
            order=order,
            position=position,
            sku=sku,
            product_id=sku.product_id,
            sku_code=sku.code,
            title_zh=sku.code,
            quantity=quantity,
            list_fen=fen,
            payable_fen=fen,
        )


def price_once() -> tuple[int, float]:
    """Price the same baskets with the live rules, loaded as a rehearsal loads them: how many, and
    seconds in the engine alone."""
    seconds, priced = 0.0, 0
    for chunk in past_baskets(AT - timedelta(days=DAYS), AT):
        rules = _rules(chunk.baskets)
        begun = process_time()
        for past in chunk.baskets:
            engine.price(past.basket, past.shopper, rules, past.at)
        seconds += process_time() - begun
        priced += len(chunk.baskets)
    return priced, seconds


def _rules(baskets: tuple[PastBasket, ...]) -> engine.Rules:
    lines = [line for past in baskets for line in past.basket.lines]
    return rules_for(lines=lines, shopper=None, at=baskets[0].at, until=baskets[-1].at)


def main(number: int) -> None:
    """Fill, rehearse, price once, print."""
    skus = goods()
    members = [make_member(at=AT - timedelta(days=60)) for _n in range(MEMBERS)]
    drafts = campaigns(skus)
    fill(number, skus, members)
    ask_rehearsal(campaign_ids=[draft.pk for draft in drafts], at=AT, days=DAYS)
    begun, worked = perf_counter(), process_time()
    run_rehearsals(clock.now)
    whole, worked = perf_counter() - begun, process_time() - worked
    rehearsal = Rehearsal.objects.get()
    priced, once = price_once()
    figures = rehearsal.figures
    print(  # noqa: T201 - a bench prints
        f"rehearsal: {figures['orders']} orders, {figures['affected']} affected,"
        f" {OrderLine.objects.count()} lines, {LIVE} live rules, {len(drafts)} drafts:"
        f" {whole:.1f} s, {worked:.1f} s of it this process's own"
        f" ({number / whole:.0f} orders/s), state {rehearsal.state}"
    )
    print(  # noqa: T201 - a bench prints
        f"pricing the {priced} baskets once: {once:.1f} s in the engine"
        f" ({once / max(1, priced) * 1e6:.0f} us a basket); rehearsal is {worked / once:.2f} times"
    )


if __name__ == "__main__":
    database = TestDatabase(connections["default"])
    database.create(rebuild=False)
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS)
    finally:
        connections.close_all()
        database.drop()
