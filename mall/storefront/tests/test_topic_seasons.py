"""On topic pages, too, goods of the season that is on come first by the date alone (C-24)."""

from datetime import datetime

import pytest

from catalog.models import Product, SeasonTag
from catalog.testing import make_category
from mall.kernel import clock
from mall.storefront.arranged import drawn_page
from mall.storefront.tests.shop import make_goods
from mall.storefront.tests.test_content import block, make_topic
from orders.services import refresh_shelf
from promotions.selectors import live_page

pytestmark = pytest.mark.django_db
JULY = datetime(2027, 7, 1, 12, tzinfo=clock.SHANGHAI)
JANUARY = datetime(2027, 1, 15, 12, tzinfo=clock.SHANGHAI)


@pytest.fixture
def goods():
    """What sells best, what summer asks for, what winter asks for, all of one category."""
    made = {}
    category = make_category(slug="textiles")
    for title, sold in (("毛巾", 900), ("凉席", 5), ("棉被", 3)):
        product = make_goods(title, category=category)
        Product.objects.filter(pk=product.pk).update(sales_count=sold)
        made[title] = product
    refresh_shelf(clock.now(), [product.pk for product in made.values()])
    summer = {"title_zh": "夏季清凉", "title_en": "Summer", "starts_on": "06-01"}
    winter = {"title_zh": "冬季保暖", "title_en": "Winter", "starts_on": "12-01"}
    tags = (
        SeasonTag.objects.create(code="summer", ends_on="09-01", **summer),
        SeasonTag.objects.create(code="winter", ends_on="03-01", **winter),
    )
    for tag, title in zip(tags, ("凉席", "棉被"), strict=True):
        tag.products.add(made[title])
    return made


def shown(slug, at):
    """The names in each block of the topic's page at an instant."""
    page = drawn_page(live_page(slug, clock.now()), None, at)
    return {one["kind"]: [card["name"] for card in one["cards"]] for one in page["blocks"]}


def test_C_24_in_july_summer_goods_lead_the_topic_and_in_january_winter_goods(goods):
    make_topic("season", block("seasonal"), block("feed", category="textiles"))

    assert shown("season", JULY) == {"seasonal": ["凉席"], "feed": ["凉席", "毛巾", "棉被"]}
    assert shown("season", JANUARY) == {"seasonal": ["棉被"], "feed": ["棉被", "毛巾", "凉席"]}


def test_C_24_out_of_every_season_the_topic_goes_by_what_sells(goods):
    make_topic("season", block("feed", category="textiles"))

    october = JULY.replace(month=10)

    assert shown("season", october) == {"feed": ["毛巾", "凉席", "棉被"]}
