"""What a rule's JSON may say, kind by kind; refusals name the field."""

import pytest

from catalog.testing import make_sku
from mall.kernel.errors import InvalidInput
from promotions import engine
from promotions.models import Campaign
from promotions.rulebook import READERS, numbers_of, read_rule
from promotions.services import save_campaign
from promotions.testing import AT
from promotions.tests.test_campaigning import values

OPTIONS = [{"sku_id": 7, "value_fen": 2_900}]


def test_every_kind_of_campaign_has_a_reader():
    assert {*READERS, *Campaign.ACTIVITIES} == set(Campaign.Kind)


def test_steps_are_read_lowest_first():
    rule = {"steps": [{"pieces": 5, "rate_bp": 7_000}, {"pieces": 3, "rate_bp": 8_000}]}

    assert read_rule("pieces_rate", rule) == {"steps": ((3, 8_000), (5, 7_000))}


def test_a_threshold_brings_its_gift_from_its_first_step_on():
    steps = [
        {"threshold_fen": 60_000, "off_fen": 12_000},
        {"threshold_fen": 30_000, "off_fen": 5_000},
    ]
    read = read_rule("threshold_off", {"steps": steps, "gift": {"options": OPTIONS}})

    assert read["gift"] == {"options": ((7, 2_900),), "quantity": 1, "threshold_fen": 30_000}


@pytest.mark.parametrize(
    ("kind", "rule", "field"),
    [
        ("raffle", {}, "kind"),
        ("sale", {"rate_bp": 10_000}, "rate_bp"),
        ("quantity_price", {}, "steps"),
        ("quantity_price", {"steps": [{"pieces": 0, "rate_bp": 9_000}]}, "pieces"),
        ("quantity_price", {"ladders": [{"sku_id": 7, "pieces": 5, "price_fen": 0}]}, "price_fen"),
        (
            "quantity_price",
            {"ladders": [{"sku_id": 7, "pieces": n, "price_fen": 900} for n in (5, 9)]},
            "ladders",
        ),
        ("pieces_rate", {"steps": [7]}, "steps"),
        ("pieces_rate", {"steps": [{"pieces": True, "rate_bp": 9_000}]}, "pieces"),
        ("bundle_price", {"bundle": [{"sku_id": 7}], "price_fen": 100}, "bundle"),
        ("bundle_price", {"bundle": [{"sku_id": 7, "pieces": 2}]}, "price_fen"),
        ("bundle_price", {"bundle": [{"sku_id": 7}, {"sku_id": 7}], "price_fen": 1}, "bundle"),
        ("gift", {"options": []}, "options"),
        ("gift", {"options": OPTIONS * 2}, "options"),
        ("gift", {"options": OPTIONS, "per": 1}, "per"),
        ("gift", {"options": OPTIONS, "threshold_fen": -1}, "threshold_fen"),
        ("threshold_off", {"steps": [{"threshold_fen": 9, "off_fen": 9}]}, "off_fen"),
        ("threshold_rate", {"steps": [{"threshold_fen": 9, "rate_bp": 0}]}, "rate_bp"),
        ("every_off", {"every_fen": 100}, "off_fen"),
        ("every_off", {"every_fen": 100, "off_fen": 10, "cap_fen": 0}, "cap_fen"),
        ("member_day", {"days": [], "rate_bp": 9_000}, "days"),
        ("member_day", {"days": [0], "rate_bp": 9_000}, "days"),
        ("member_day", {"days": "8", "rate_bp": 9_000}, "days"),
        ("loyal_rate", {"rate_bp": 9_000}, "threshold_fen"),
        ("free_freight", {}, "threshold_fen"),
        ("group", {"size": 1}, "size"),
    ],
)
def test_a_refusal_names_the_field(kind, rule, field):
    with pytest.raises(InvalidInput) as refusal:
        read_rule(kind, rule)

    assert refusal.value.facts["field"] == field


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("price_fen", "sku_id", "field"), [(20_000, None, "price_fen"), (9_900, 10**9, "sku_id")]
)
def test_a_bundle_names_goods_of_the_shop_and_costs_less_than_they_do(price_fen, sku_id, field):
    bundle = [{"sku_id": sku_id or make_sku(price_fen=10_000).pk, "pieces": 2}]
    rule = {"bundle": bundle, "price_fen": price_fen}

    with pytest.raises(InvalidInput) as refusal:
        save_campaign(values=values(kind="bundle_price", rule=rule), at=AT)

    assert refusal.value.facts["field"] == field
    assert not Campaign.objects.exists()


def test_the_way_back_gives_words_what_they_need():
    rule = engine.ThresholdRate(rule_id=1, steps=((30_000, 9_000),))

    assert numbers_of(rule) == {"steps": [{"threshold_fen": 30_000, "rate_bp": 9_000}]}
