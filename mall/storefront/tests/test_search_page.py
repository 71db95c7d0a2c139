"""The page of results and the lists: numbers beside choices, what was meant, what is noted."""

from importlib import import_module

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from catalog.models import SearchClick, SearchGap, SearchLog, SearchPhrase
from catalog.services import ban_word, keep_phrases, set_attributes, write_noted
from catalog.testing import (
    forget_noted,
    make_attribute,
    make_brand,
    make_category,
    make_media,
    make_root,
)
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_goods
from promotions.models import HotWord
from promotions.selectors import search_words

pytestmark = pytest.mark.django_db
NUMBER = {"kind": "number", "unit_zh": "克", "unit_en": "g"}


@pytest.fixture(autouse=True)
def empty_buffer():
    forget_noted()
    cache.clear()


def look(client, **asked):
    return client.get(reverse("storefront:search"), asked)


def choices(page, name):
    facet = next(facet for facet in page.context["facets"] if facet["name"] == name)
    return {one["label"]: one["count"] for one in facet["options"]}


def make_shirts():
    category = make_category(make_root(title_zh="服装"), title_zh="上装")
    colours = [{"code": "red", "zh": "红", "en": "Red"}, {"code": "blue", "zh": "蓝", "en": "Blue"}]
    make_attribute(category, code="colour", kind="choice", choices=colours, is_searchable=True)
    make_attribute(category, code="weight", is_searchable=True, **NUMBER)
    brands = [make_brand(title_zh=f"牌子{n}", slug=f"b{n}") for n in range(2)]
    for n in range(4):
        product = make_goods(
            f"纯棉衬衫{n}", category=category, brand=brands[n % 2], price_fen=(n + 1) * 4_000
        )
        values = {"colour": ("红", "Red") if n < 3 else ("蓝", "Blue"), "weight": (f"{n}00", "")}
        set_attributes(product=product, values=values, at=clock.now())
    return category


def test_C_52_the_head_says_how_many_and_each_choice_what_it_leaves(client):
    make_shirts()

    page = look(client, q="衬衫")

    assert (page.context["total"], page.context["total_is_more"]) == (4, False)
    assert choices(page, "category") == {"上装": "4"}
    assert choices(page, "brand") == {"牌子0": "2", "牌子1": "2"}
    assert choices(page, "attr.colour") == {"红": "3", "蓝": "1"}
    assert choices(page, "in_stock") == {"仅看有货": "4"}
    assert "4" in page.content.decode()


def test_C_05_a_brand_narrows_the_list_and_its_own_facet_still_shows_the_others(client):
    make_shirts()

    page = look(client, q="衬衫", brand="b0")

    assert {card["name"] for card in page.context["cards"]} == {"纯棉衬衫0", "纯棉衬衫2"}
    assert page.context["total"] == 2
    assert choices(page, "brand") == {"牌子0": "2", "牌子1": "2"}
    assert choices(page, "attr.colour") == {"红": "2"}
    assert [chip["label"] for chip in page.context["chosen"]] == ["牌子0"]


def test_C_04_a_number_narrows_by_ranges_that_leave_what_they_say(client):
    make_shirts()
    facet = next(f for f in look(client, q="衬衫").context["facets"] if f["name"] == "attr.weight")
    assert all("克" in one["label"] for one in facet["options"])
    assert sum(int(one["count"]) for one in facet["options"]) == 4

    for one in facet["options"]:
        page = look(client, q="衬衫", **{"attr.weight": one["value"]})
        assert page.context["total"] == int(one["count"]), one
        assert len(page.context["cards"]) == int(one["count"])


def test_price_ranges_leave_what_they_say(client):
    make_shirts()
    facet = next(f for f in look(client, q="衬衫").context["facets"] if f["name"] == "price")
    assert facet["links"]

    for link in facet["links"]:
        page = client.get(link["url"])
        assert page.context["total"] == int(link["count"]), link
        assert any(one["chosen"] for one in _links(page))


def _links(page):
    return next(f for f in page.context["facets"] if f["name"] == "price")["links"]


@pytest.mark.parametrize("goods", [2, 50])
def test_the_numbers_cost_the_same_for_few_goods_and_many(client, goods):
    category = make_category()
    make_attribute(category, code="weight", is_searchable=True, **NUMBER)
    for n in range(goods):
        product = make_goods(f"纯棉衬衫{n}", category=category, price_fen=1_000 + n * 700)
        set_attributes(product=product, values={"weight": (f"{n}", "")}, at=clock.now())
    look(client, q="衬衫")

    with count_queries() as statements:
        client.get(reverse("storefront:search"), {"q": "衬衫", "ordering": "price"})

    assert len(statements) <= 9


def test_what_was_meant_is_said_and_the_way_back_searches_as_typed(client):
    make_goods("降噪耳机")

    page = look(client, q="降躁耳机")

    assert page.context["corrected"]["query"] == "降噪耳机"
    assert [card["name"] for card in page.context["cards"]] == ["降噪耳机"]
    typed = client.get(page.context["corrected"]["url"])
    assert (typed.context["cards"], typed.context["corrected"]) == ([], None)


def test_C_55_nothing_found_shows_what_was_tried_goods_and_one_row_in_the_report(client):
    make_goods("热卖")

    page = look(client, q="xyz")
    write_noted()

    assert [card["name"] for card in page.context["recommended"]] == ["热卖"]
    assert page.context["tried"] == ["xyz"]
    assert list(SearchGap.objects.values_list("query", "times")) == [("xyz", 1)]


def test_C_53_five_searches_make_a_word_hot_and_a_pin_stands_before_it(client):
    make_goods("防晒霜")
    HotWord.objects.create(word_zh="耳机", word_en="headphones")
    for _n in range(5):
        look(client, q="防晒")
    write_noted()
    keep_phrases(clock.now())
    cache.clear()
    with translation.override("zh-hans"):
        assert search_words() == ["耳机", "防晒"]
        ban_word("耳机")
        ban_word("防晒")
        cache.clear()
        assert search_words() == []
    assert not SearchPhrase.objects.filter(kind="query").exists()


def test_narrowing_sorting_and_robots_are_not_noted(client):
    make_goods("防晒霜")
    look(client, q="防晒", ordering="price")
    look(client, q="防晒", in_stock="true")
    client.get(reverse("storefront:search"), {"q": "防晒"}, HTTP_USER_AGENT="Googlebot/2.1")

    assert write_noted() == 0


def test_a_result_opened_is_a_click_with_its_place(client):
    goods = make_goods("防晒霜")
    page = look(client, q="防晒")
    tail = page.context["cards"][0]["tail"]
    assert f"/product/{goods.pk}/{tail.replace('&', '&amp;')}" in page.content.decode()

    client.get(f"/product/{goods.pk}/{tail}")
    write_noted()

    click = SearchClick.objects.get()
    assert (click.product_id, click.position) == (goods.pk, 1)
    assert click.key == SearchLog.objects.get().key
    assert click.session == SearchLog.objects.get().session


def test_suggestions_come_as_words_with_addresses_in_two_statements(client):
    make_category(title_zh="防晒用品")
    make_goods("防晒霜")
    client.get(reverse("storefront:suggest"), {"q": "茶"})

    with count_queries() as statements:
        items = client.get(reverse("storefront:suggest"), {"q": "防晒"}).json()["items"]

    assert [item["text"] for item in items] == ["防晒用品", "防晒霜"]
    assert all(item["url"].startswith("/") for item in items)
    assert len(statements) == 2
    assert client.get(reverse("storefront:suggest")).json() == {"items": []}
    assert client.get(reverse("storefront:suggest"), {"q": "\x00"}).json() == {"items": []}


def test_C_05_the_page_of_a_brand_shows_its_story_and_its_logo(client):
    brand = make_brand(story_zh="山里来的茶。", logo=make_media(alt_zh="云山的标志"))
    make_goods("红茶", brand=brand)
    make_goods("绿茶")

    page = client.get(f"/brand/{brand.slug}/")

    text = page.content.decode()
    assert "<p>山里来的茶。</p>" in text
    assert "云山的标志" in text
    assert [card["name"] for card in page.context["cards"]] == ["红茶"]
    assert "brand" not in {facet["name"] for facet in page.context["facets"]}


def test_C_52_results_by_price_ascend(client):
    make_shirts()

    page = look(client, q="衬衫", ordering="price")

    assert [card["price_fen"] for card in page.context["cards"]] == [4_000, 8_000, 12_000, 16_000]


def test_C_52_beyond_5000_the_head_says_more_and_what_is_left_is_counted(client, monkeypatch):
    facets = import_module("catalog.selectors.facets")
    assert facets.EXACT == 5_000
    monkeypatch.setattr(facets, "EXACT", 3)
    make_shirts()

    many, few = look(client, q="衬衫"), look(client, q="衬衫", brand="b0")

    assert (many.context["total"], many.context["total_is_more"]) == (3, True)
    assert "3+" in many.content.decode()
    assert all(count.endswith("+") for count in choices(many, "brand").values())
    assert (few.context["total"], few.context["total_is_more"]) == (2, False)
