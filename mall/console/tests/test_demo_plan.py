"""The demo's weeks on paper: the same every time, and nothing in them that could not have been."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest

from mall.console.demo.contents import read
from mall.console.demo.diary import Kind, diary
from mall.console.demo.drawing import draw_plan
from mall.console.demo.market import LOW_PIECES
from mall.console.demo.planning import Fate, Since

TODAY = date(2026, 11, 22)
MIDNIGHT = datetime(2026, 11, 21, 16, tzinfo=UTC)
NOW = MIDNIGHT + timedelta(hours=15)
PRODUCTS = {row["code"]: row for row in read("products.jsonl")}
SKUS = {sku["code"]: sku for row in PRODUCTS.values() for sku in row["skus"]}
PRODUCT_OF = {sku["code"]: row["code"] for row in PRODUCTS.values() for sku in row["skus"]}
MEMBERS = {row["phone"]: row for row in read("members.json")}


@pytest.fixture(scope="module")
def orders():
    return draw_plan(TODAY)


def write_diary(orders):
    remarks = defaultdict(list)
    for row in read("reviews.json"):
        remarks[row["product"]].append({"rating": row["rating"], "text": row["text_zh"]})
    return diary(orders, midnight=MIDNIGHT, now=NOW, remarks=remarks, products=PRODUCT_OF)


def test_the_same_day_draws_the_same_orders_and_the_same_deeds(orders):
    again = draw_plan(TODAY)

    assert again == orders
    assert write_diary(again) == write_diary(orders)


def test_there_are_as_many_orders_as_asked_for_with_keys_of_their_own(orders):
    assert 250 <= len(orders) <= 400
    assert len({order.key for order in orders}) == len(orders)
    assert set(Counter(order.fate for order in orders)) == set(Fate)
    assert all(order.lines for order in orders)


def test_nobody_buys_before_joining_nor_anything_before_it_was_on_sale(orders):
    for order in orders:
        assert MEMBERS[order.phone]["joined_days_ago"] > order.placed.days_ago, order.key
        for code, _pieces in order.lines:
            assert PRODUCTS[PRODUCT_OF[code]]["listed_days_ago"] > order.placed.days_ago, order.key


def test_nothing_is_sent_where_it_is_not_delivered(orders):
    refused = {
        template["code"]: tuple(
            prefix
            for rule in template["regions"]
            if not rule["is_delivered"]
            for prefix in rule["prefixes"]
        )
        for template in read("freight_templates.json")
    }
    for order in orders:
        region = MEMBERS[order.phone]["addresses"][order.address]["region_code"]
        for code, _pieces in order.lines:
            template = PRODUCTS[PRODUCT_OF[code]]["freight_template"]
            assert not region.startswith(refused[template]), order.key


def test_half_the_stock_stays_and_what_is_low_on_purpose_is_not_touched(orders):
    sold = Counter()
    for order in orders:
        for code, pieces in order.lines:
            sold[code] += pieces

    for code, pieces in sold.items():
        stock = sum(SKUS[code]["stock"].values())
        assert stock >= LOW_PIECES
        assert 2 * pieces <= stock, code


@pytest.mark.parametrize("phone", [f"1380000000{n}" for n in range(1, 5)])
def test_a_demo_shopper_receives_nearly_what_the_tier_needs_and_never_more(orders, phone):
    target_fen = MEMBERS[phone]["target_spend_fen"]
    received_fen = sum(
        SKUS[code]["price_fen"] * pieces
        for order in orders
        if order.phone == phone and order.fate == Fate.DELIVERED
        for code, pieces in order.lines
    )

    assert target_fen * 9 // 10 <= received_fen <= target_fen


def test_a_coupon_is_taken_once_a_member(orders):
    claims = [(order.phone, order.claims) for order in orders if order.claims]

    assert len(claims) > 30
    assert len(set(claims)) == len(claims)


def test_every_order_is_lived_in_the_order_of_an_order_and_the_past_ends_at_midnight(orders):
    deeds = write_diary(orders)
    lives = defaultdict(list)
    for deed in deeds:
        lives[deed.order.key].append(deed)

    assert [deed.at for deed in deeds] == sorted(deed.at for deed in deeds)
    for order in orders:
        kinds = [deed.kind for deed in lives[order.key] if deed.kind not in (Kind.CLAIM, Kind.SCAN)]
        whole = [Kind.PLACE, Kind.PAY, Kind.SHIP, Kind.RECEIVE, Kind.COMPLETE]
        if order.fate == Fate.DELIVERED:
            steps = [kind for kind in kinds if kind != Kind.REVIEW]
            assert steps == whole[: len(steps)], order.key
        if order.placed.since == Since.MIDNIGHT:
            assert lives[order.key][-1].at < MIDNIGHT


def test_words_of_a_review_are_said_once_and_by_somebody_who_received_the_product(orders):
    deeds = write_diary(orders)
    received = {deed.order.key: deed.at for deed in deeds if deed.kind == Kind.RECEIVE}
    reviews = [deed for deed in deeds if deed.kind == Kind.REVIEW]
    written = {row["text_zh"]: row["product"] for row in read("reviews.json")}

    assert len(reviews) >= 180
    assert len({deed.facts["text"] for deed in reviews}) == len(reviews)
    for deed in reviews:
        assert deed.at > received[deed.order.key]
        assert PRODUCT_OF[deed.facts["sku"]] == written[deed.facts["text"]]
        assert deed.facts["sku"] in dict(deed.order.lines)


@pytest.mark.parametrize(("hours", "minutes"), [(0, 1), (23, 59)])
def test_a_seed_at_any_time_of_day_has_the_same_orders(orders, hours, minutes):
    now = MIDNIGHT + timedelta(hours=hours, minutes=minutes)
    deeds = diary(orders, midnight=MIDNIGHT, now=now, remarks={}, products=PRODUCT_OF)

    placed = [deed.order.key for deed in deeds if deed.kind == Kind.PLACE]
    assert sorted(placed) == sorted(order.key for order in orders)
    assert all(deed.at <= now for deed in deeds if deed.kind == Kind.PLACE)
