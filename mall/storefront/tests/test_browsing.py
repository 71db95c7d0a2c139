"""Home, lists, search: what is shown, what is refused, what it costs."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from catalog.testing import make_attribute, make_brand, make_category, make_root
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_goods, make_shopper, make_words, signed_in
from orders.services import refresh_shelf
from promotions.selectors import SITE_KEY
from promotions.testing import make_coupon, make_sale

pytestmark = pytest.mark.django_db


def test_home_shows_departments_goods_and_coupons(client):
    root = make_root(title_zh="生鲜水果")
    product = make_goods("智利车厘子", category=make_category(root))
    make_coupon(off_fen=500, threshold_fen=5_900)

    page = client.get("/")

    assert page.status_code == 200
    kinds = [block["kind"] for block in page.context["blocks"]]
    assert kinds == ["stage", "coupons", "duo", "promises"]
    text = page.content.decode()
    assert "生鲜水果" in text
    assert reverse("storefront:product", args=[product.pk]) in text


def test_home_of_an_empty_shop_still_opens(client):
    page = client.get("/")

    assert page.status_code == 200
    assert [block["kind"] for block in page.context["blocks"]] == ["stage", "promises"]


def test_reduced_goods_stand_in_front_with_the_clock_of_their_price(client):
    product = make_goods(price_fen=10_000)
    ends_at = clock.now() + timedelta(days=3)
    make_sale(prices={product.skus.get().pk: 8_000}, ends_at=ends_at)
    refresh_shelf(clock.now(), [product.pk])

    flash = client.get("/").context["blocks"][1]

    assert flash["kind"] == "flash"
    assert [item["card"]["price_fen"] for item in flash["items"]] == [8_000]
    assert flash["ends_at"] == ends_at


def test_X_06_english_pages_with_english_titles_live_under_their_own_address(client, settings):
    product = make_goods(title_en="Camellia wash")

    page = client.get(f"/en/product/{product.pk}/")

    text = page.content.decode()
    assert '<html lang="en"' in text
    assert "Camellia wash" in text
    assert f'hreflang="zh-Hans" href="{settings.SITE_URL}/product/{product.pk}/"' in text


def test_C_01_a_category_lists_what_is_below_it_and_nothing_else(client):
    root = make_root()
    inside = make_goods("乌龙茶", category=make_category(root, title_zh="茶叶"))
    make_goods("跑鞋", category=make_category())

    page = client.get(f"/category/{root.slug}/")

    assert [card["id"] for card in page.context["cards"]] == [inside.pk]
    assert [child["label"] for child in page.context["children"]] == ["茶叶"]


@pytest.mark.parametrize("path", ["/category/nowhere/", "/brand/nowhere/", "/help/nowhere/"])
def test_what_is_not_there_is_a_page_that_leads_on(client, path):
    make_goods("热卖")

    page = client.get(path)

    assert page.status_code == 404
    assert [card["name"] for card in page.context["recommended"]] == ["热卖"]


def test_a_list_is_narrowed_by_brand_price_attribute_and_stock(client):
    root = make_root()
    category = make_category(root)
    make_attribute(
        category,
        code="taste",
        title_zh="口味",
        kind="choice",
        is_searchable=True,
        choices=[{"code": "sweet", "zh": "甜", "en": "Sweet"}, {"code": "sour", "zh": "酸"}],
    )
    brand = make_brand()
    wanted = make_goods(
        "甜橙",
        category=category,
        brand=brand,
        price_fen=2_000,
        attributes={"taste": ("甜", "Sweet")},
    )
    make_goods(
        "酸橙",
        category=category,
        brand=brand,
        price_fen=9_000,
        attributes={"taste": ("酸", "Sour")},
    )
    make_goods("无货甜橙", category=category, on_hand=0, attributes={"taste": ("甜", "Sweet")})
    query = {
        "brand": brand.slug,
        "price_min": "15",
        "price_max": "20.00",
        "attr.taste": "sweet",
        "in_stock": "true",
    }

    page = client.get(f"/en/category/{category.slug}/", query)

    assert [card["id"] for card in page.context["cards"]] == [wanted.pk]
    labels = [chip["label"] for chip in page.context["chosen"]]
    assert labels == [brand.title_en, "Sweet", "In stock only", "from ¥15", "up to ¥20.00"]
    kinds = [(facet["name"], facet["kind"]) for facet in page.context["facets"]]
    assert kinds == [
        ("brand", "radio"),
        ("price", "range"),
        ("attr.taste", "check"),
        ("in_stock", "check"),
    ]


def test_a_chip_takes_one_choice_away_and_keeps_the_others(client):
    category = make_category()
    make_goods(category=category)
    query = {"in_stock": "true", "price_min": "1"}
    page = client.get(f"/en/category/{category.slug}/", query)

    urls = {chip["label"]: chip["url"] for chip in page.context["chosen"]}

    assert urls["In stock only"].endswith("?price_min=1")
    assert urls["from ¥1"].endswith("?in_stock=true")


def test_a_price_that_is_none_is_said_and_left_out(client):
    category = make_category()
    make_goods(category=category)

    page = client.get(f"/category/{category.slug}/", {"price_min": "cheap"})

    assert page.status_code == 200
    assert len(page.context["cards"]) == 1
    assert [message.level_tag for message in page.context["messages"]] == ["warning"]


@pytest.mark.parametrize(
    "query",
    [
        {"ordering": "secret"},
        {"brand": "nobody"},
        {"in_stock": "maybe"},
        {"cursor": "forged"},
        {"q": "x" * 101},
        {"q": "a\x00b"},
    ],
)
def test_an_unknown_value_of_a_known_name_is_refused_with_a_sentence(client, query):
    make_goods()

    page = client.get("/search/", query)

    assert page.status_code == 400
    assert "storefront/refused.html" in [template.name for template in page.templates]


def test_the_next_page_goes_on_where_this_one_ends(client):
    category = make_category()
    for number in range(26):
        make_goods(f"商品{number:02}", category=category, price_fen=1_000 + number)

    first = client.get(f"/category/{category.slug}/", {"ordering": "price"})
    second = client.get(first.context["page"]["next"])

    prices = [card["price_fen"] for card in first.context["cards"] + second.context["cards"]]
    assert prices == list(range(1_000, 1_026))
    assert second.context["page"]["next"] is None


def test_search_in_chinese_finds_by_two_characters(client):
    wanted = make_goods("头戴式降噪耳机")
    make_goods("陶瓷茶壶")

    page = client.get("/search/", {"q": "耳机"})

    assert [card["id"] for card in page.context["cards"]] == [wanted.pk]
    assert page.context["query"] == "耳机"
    assert page.context["sorts"][0]["current"]


def test_a_search_that_finds_nothing_offers_words_and_goods(client):
    make_words()
    make_goods("热卖茶壶")

    page = client.get("/search/", {"q": "xyzzy"})

    assert page.context["cards"] == []
    assert [word["word"] for word in page.context["near_words"]] == ["降噪耳机"]
    assert [card["name"] for card in page.context["recommended"]] == ["热卖茶壶"]


def test_the_theme_is_kept_in_a_cookie_and_leads_back_home(client):
    answer = client.post("/theme/", {"theme": "dark", "next": "//evil.example/"})

    assert answer.url == "/"
    assert client.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/").content.decode()


@pytest.mark.parametrize("page", ["http://[x", "//[", "http://testserver//evil.example/", "x"])
def test_a_page_before_that_is_none_of_ours_leads_back_home(client, page):
    answer = client.post("/theme/", {"theme": "dark"}, headers={"Referer": page})

    assert answer.url == "/"


def test_an_unknown_theme_changes_nothing(client):
    client.post("/theme/", {"theme": "neon"})

    assert "theme" not in client.cookies


def test_a_help_page_shows_its_text_and_the_others_beside_it(client):
    make_words()

    page = client.get("/help/returns/")

    assert page.context["page"]["title"] == "帮助returns"
    assert page.context["page"]["body"] == "一"
    assert "/help/contact/" in page.content.decode()


def test_shopper_pages_have_a_strict_policy(client):
    policy = client.get("/").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


# ---------- what it costs ----------


@pytest.mark.parametrize("rows", [2, 50])
def test_browsing_keeps_its_budgets_for_guests_and_members(rows):
    make_words()
    make_coupon()
    category = make_category()
    for number in range(rows):
        make_goods(f"耳机{number}", category=category)
    member = make_shopper()

    for browser in (Client(), signed_in(member)):
        with count_queries(at_most=12):
            assert browser.get("/").status_code == 200
        with count_queries(at_most=8):
            assert browser.get(f"/category/{category.slug}/").context["cards"]
        with count_queries(at_most=8):
            assert browser.get("/search/", {"q": "耳机"}).context["cards"]
        cache.delete(SITE_KEY)


def test_a_list_narrowed_to_nothing_keeps_the_way_back(client):
    category = make_category()
    make_attribute(
        category, code="taste", kind="choice", is_searchable=True,
        choices=[{"code": "sweet", "zh": "甜", "en": "Sweet"}],
    )  # fmt: skip
    make_goods(category=category)

    page = client.get(f"/category/{category.slug}/", {"attr.taste": "sweet"})

    assert page.context["cards"] == []
    assert [chip["label"] for chip in page.context["chosen"]] == ["甜"]
    assert page.context["clear_url"] == f"/category/{category.slug}/"


def test_a_search_that_finds_nothing_has_nothing_to_filter(client):
    make_goods()

    assert client.get("/search/", {"q": "xyzzy"}).context["facets"] == []
