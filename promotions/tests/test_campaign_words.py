"""What operators read of a campaign: what it covers, and when, without a doubt about the day."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from promotions.models import Campaign
from promotions.previewing import previews
from promotions.testing import make_campaign
from promotions.words import covers_text

pytestmark = pytest.mark.django_db
Kind = Campaign.Kind


@pytest.mark.parametrize(
    ("kind", "rule", "words"),
    [
        (Kind.SALE, {}, "Goods of its own"),
        (Kind.SALE, {"rate_bp": 8_000}, "Whole shop"),
        (Kind.FLASH, {}, "Goods of its own"),
        (Kind.FREE_FREIGHT, {"threshold_fen": 0}, "Whole shop"),
    ],
)
def test_the_scope_is_told_only_where_goods_are_not_named(kind, rule, words):
    with translation.override("en"):
        assert covers_text(make_campaign(kind, rule=rule)) == words


def test_free_freight_without_a_threshold_names_no_zero_and_the_month_by_its_name():
    campaign = make_campaign(
        Kind.FREE_FREIGHT,
        rule={"threshold_fen": 0},
        starts_at=datetime(2026, 11, 22, 4, tzinfo=UTC),
        ends_at=datetime(2026, 11, 24, 4, tzinfo=UTC),
        tier_codes=["diamond"],
    )

    assert previews(campaign)["en"] == [
        "Free freight from the first piece on.",
        "Goods: Whole shop.",
        "For Diamond.",
        "From 22 Nov 2026 12:00 to 24 Nov 2026 12:00.",
    ]
