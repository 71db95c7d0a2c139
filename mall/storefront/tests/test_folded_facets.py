"""A facet opens with twelve choices; the rest are one click away, without script. C-05, C-52."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from catalog.testing import forget_noted, make_brand, make_category, make_root
from mall.kernel.testing.queries import count_queries
from mall.storefront import facet_choices
from mall.storefront.facet_choices import MOST_CHOICES, folded, option
from mall.storefront.tests.shop import make_goods

pytestmark = pytest.mark.django_db
BRANDS = MOST_CHOICES + 3


@pytest.fixture(autouse=True)
def empty_buffer():
    forget_noted()
    cache.clear()


def make_crowd(number):
    """Goods of so many brands: the first the most."""
    category = make_category(make_root(title_zh="服装"), title_zh="上装")
    for n in range(number):
        brand = make_brand(title_zh=f"牌子{n:02}", slug=f"b{n:02}")
        make_goods(f"纯棉衬衫{n}", category=category, brand=brand)


def look(client, **asked):
    return client.get(reverse("storefront:search"), {"q": "衬衫", **asked})


def brands(page):
    facet = next(facet for facet in page.context["facets"] if facet["name"] == "brand")
    return [[one["value"] for one in facet[part]] for part in ("options", "more")]


def test_C_05_what_goes_beyond_twelve_is_under_more(client):
    make_crowd(BRANDS)

    page = look(client)

    shown, more = brands(page)
    assert (len(shown), len(more)) == (MOST_CHOICES, 3)
    body = page.content.decode()
    inside = body[body.index('<details class="more">') : body.index("</details>")]
    assert all(f'name="brand" value="{slug}"' in inside for slug in more)
    assert "<summary>" in inside


def test_what_is_chosen_under_more_stays_in_sight(client):
    make_crowd(BRANDS)
    _shown, more = brands(look(client))

    page = look(client, brand=more[-1])

    shown, rest = brands(page)
    assert more[-1] in shown
    assert more[-1] not in rest
    assert [chip["label"] for chip in page.context["chosen"]] == [f"牌子{more[-1][1:]}"]


def test_a_long_facet_asks_the_database_no_more_than_a_short_one(client):
    make_crowd(1)
    look(client)
    with count_queries() as few:
        look(client)
    make_crowd_more = [make_brand(title_zh=f"别家{n:02}", slug=f"x{n:02}") for n in range(BRANDS)]
    for n, brand in enumerate(make_crowd_more):
        make_goods(f"亚麻衬衫{n}", brand=brand)

    with count_queries() as many:
        page = look(client)

    assert len(brands(page)[1]) > 0
    assert len(many) <= len(few) + 1  # the page's cards, which are new to the cache


def test_a_shop_of_thousands_of_brands_keeps_its_page_small(monkeypatch):
    monkeypatch.setattr(facet_choices, "MOST_FOLDED", 5)
    options = [option(str(n), str(n), n == 99) for n in range(100)]

    facet = folded({"name": "brand"}, options)

    assert [one["value"] for one in facet["options"]] == [*map(str, range(MOST_CHOICES)), "99"]
    assert len(facet["more"]) == 5
