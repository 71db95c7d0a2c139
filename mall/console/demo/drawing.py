"""From the content files to the plan: what is for sale, who buys, which days were busy."""

from datetime import date, timedelta
from random import Random

from mall.console.demo import contents
from mall.console.demo.contents import Row, read
from mall.console.demo.market import Market, Offer, Shopper, Ware
from mall.console.demo.planning import PlannedOrder, plan
from mall.console.demo.seeding import HISTORY_DAYS

SEED = 20261122
SATURDAY = 5
DEPARTMENTS = {
    "fresh": 18, "tea": 13, "beauty": 13, "pet": 12, "health": 12, "stationery": 10, "baby": 9,
    "home": 8, "fashion": 8, "digital": 8, "sport": 6,
}  # fmt: skip
"""How often people buy in each department."""
USUAL_FEN = 15_000
"""Dearer things are bought less often, in proportion."""


def draw_plan(today: date) -> list[PlannedOrder]:
    """The orders of a demo whose present is ``today``: the same for the same day."""
    rows = read("members.json")
    demo = [row for row in rows if row["target_spend_fen"] is not None]
    market = Market(
        wares=_wares(),
        shoppers=[_shopper(row) for row in rows if row["target_spend_fen"] is None],
        offers=_offers(),
        dice=Random(SEED),  # noqa: S311 - a story, no secret
    )
    return plan(
        market,
        demo=[(_shopper(row), row["target_spend_fen"]) for row in demo],
        praised=[row["product"] for row in read("reviews.json")],
        day_weights={days: _busy(today, days) for days in range(1, HISTORY_DAYS + 1)},
    )


def _busy(today: date, days_ago: int) -> int:
    """The shop grows, and weekends are busier."""
    is_weekend = (today - timedelta(days=days_ago)).weekday() >= SATURDAY
    return (100 + 2 * (HISTORY_DAYS - days_ago)) * (13 if is_weekend else 10)


def _wares() -> list[Ware]:
    paths = contents.paths()
    refused = {row["code"]: _refused(row) for row in read("freight_templates.json")}
    return [
        Ware(
            code=sku["code"],
            product=row["code"],
            categories=paths[row["category"]],
            price_fen=sku["price_fen"],
            pieces=sum(sku["stock"].values()),
            weight=_weight(row, sku, paths[row["category"]][0]),
            listed_days_ago=row["listed_days_ago"],
            refused_regions=refused[row["freight_template"]],
        )
        for row in read("products.jsonl")
        for sku in row["skus"]
    ]


def _weight(row: Row, sku: Row, department: str) -> int:
    """Popular wares of busy departments first; the SKUs of one product share its part."""
    often = row["popularity"] ** 3 * DEPARTMENTS[department]
    return max(1, often * USUAL_FEN // max(sku["price_fen"], USUAL_FEN) // len(row["skus"]))


def _refused(template: Row) -> tuple[str, ...]:
    return tuple(
        prefix
        for rule in template["regions"]
        if not rule["is_delivered"]
        for prefix in rule["prefixes"]
    )


def _shopper(row: Row) -> Shopper:
    """The eager buy far more often than the others, so that every tier has its members."""
    return Shopper(
        phone=row["phone"],
        weight=row["weight"] ** 4,
        joined_days_ago=row["joined_days_ago"],
        regions=tuple(address["region_code"] for address in row["addresses"]),
    )


def _offers() -> list[Offer]:
    """Coupons that can be claimed, those of a few goods before those of the whole shop."""
    rows = [row for row in read("coupons.json") if row["is_claimable"]]
    offers = [
        Offer(row["code"], row["threshold_fen"], frozenset(row["scope"]["refs"])) for row in rows
    ]
    return sorted(offers, key=lambda offer: (not offer.scope, -offer.threshold_fen))
