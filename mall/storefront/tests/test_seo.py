"""What pages say to search engines and to those who share them (C-51)."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.test import Client, override_settings
from jsonschema import Draft202012Validator

from catalog.models import Product
from catalog.selectors import mapping
from catalog.testing import make_brand, make_category
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.sale import open_shop
from mall.storefront.tests.shop import make_goods, make_words
from orders.services import refresh_shelf

pytestmark = pytest.mark.django_db
SITE = "https://mall.example.cn"
OUR_SITE = override_settings(SITE_URL=SITE, ALLOWED_HOSTS=["*"])
TEXT = {"type": "string", "minLength": 1}
URL = {"type": "string", "pattern": f"^{SITE}/"}
AMOUNT = {"type": "string", "pattern": r"^\d+\.\d\d$"}
CNY = {"const": "CNY"}
AVAILABLE = {"enum": ["https://schema.org/InStock", "https://schema.org/OutOfStock"]}


def shape(kind: str, **properties):
    """What an object of this type must have: every one of ``properties``."""
    found = {"@type": {"const": kind}, **properties}
    return {"type": "object", "properties": found, "required": list(found)}


OFFER = shape(
    "Offer", price=AMOUNT, priceCurrency={"const": "CNY"}, availability=AVAILABLE, url=URL
)
OFFERS = shape(
    "AggregateOffer",
    lowPrice=AMOUNT,
    highPrice=AMOUNT,
    offerCount={"type": "integer", "minimum": 1},
    priceCurrency=CNY,
    availability=AVAILABLE,
)
RATING = shape(
    "AggregateRating",
    ratingValue={"type": "string", "pattern": r"^[1-5]\.\d$"},
    reviewCount={"type": "integer", "minimum": 1},
)
ITEM = shape("ListItem", position={"type": "integer", "minimum": 1}, name=TEXT, item=URL)
ENTRY = shape("EntryPoint", urlTemplate={"type": "string", "pattern": r"\{search_term_string\}$"})
ACTION = shape(
    "SearchAction", target=ENTRY, **{"query-input": {"const": "required name=search_term_string"}}
)
REQUIRED = {
    "Product": shape(
        "Product",
        name=TEXT,
        description=TEXT,
        sku=TEXT,
        image={"type": "array", "items": URL, "minItems": 1},
        offers={"oneOf": [OFFER, OFFERS]},
    ),
    "BreadcrumbList": shape(
        "BreadcrumbList", itemListElement={"type": "array", "items": ITEM, "minItems": 2}
    ),
    "Organization": shape("Organization", name=TEXT, url=URL, logo=URL),
    "WebSite": shape("WebSite", name=TEXT, url=URL, potentialAction=ACTION),
}
"""What schema.org and the search engines' own pages require of each type."""


def text_of(path: str) -> str:
    page = Client().get(path)
    assert page.status_code == 200, path
    return page.content.decode()


def data_of(text: str) -> dict[str, dict]:
    """The JSON-LD objects of a page by type, each found valid."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    found = {item["@type"]: item for item in map(json.loads, blocks)}
    for kind, item in found.items():
        assert item["@context"] == "https://schema.org"
        Draft202012Validator(REQUIRED[kind]).validate(item)
    return found


def metas(text: str) -> dict[str, str]:
    pairs = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', text)
    assert len(pairs) == len(dict(pairs)), "a meta stands twice"
    return dict(pairs)


@OUR_SITE
def test_C_51_product_page_has_title_description_and_json_ld_with_price():
    shop = open_shop()
    Product.objects.filter(pk=shop.wash.pk).update(rating_sum=9, rating_count=2)
    refresh_shelf(clock.now(), [shop.wash.pk])

    text = text_of(f"/product/{shop.wash.pk}/?sku=1&utm_source=x")

    data, said = data_of(text), metas(text)
    product = data["Product"]
    assert set(data) == {"Product", "BreadcrumbList"}
    assert product["offers"]["@type"] == "AggregateOffer"
    assert (product["offers"]["lowPrice"], product["offers"]["highPrice"]) == ("59.00", "66.00")
    assert product["aggregateRating"]["ratingValue"] == "4.5"
    Draft202012Validator(RATING).validate(product["aggregateRating"])
    assert shop.wash.title_zh in re.search(r"<title>(.*?)</title>", text)[1]
    assert "59.00" in said["description"]
    assert (said["og:type"], said["product:price:amount"]) == ("product", "59.00")
    assert said["og:image"].startswith(f"{SITE}/media/")
    assert said["og:url"] == f"{SITE}/product/{shop.wash.pk}/"
    assert f'<link rel="canonical" href="{SITE}/product/{shop.wash.pk}/">' in text


@OUR_SITE
def test_C_51_a_single_price_is_an_offer_and_sold_out_is_said():
    product = make_goods("茶壶", price_fen=25_600, on_hand=0)

    offer = data_of_goods(product)["offers"]

    Draft202012Validator(OFFER).validate(offer)
    assert (offer["price"], offer["availability"]) == ("256.00", "https://schema.org/OutOfStock")


def data_of_goods(product) -> dict:
    """The product's JSON-LD whether it has a picture or not."""
    blocks = re.findall(r"ld\+json\">(.*?)</script>", text_of(f"/product/{product.pk}/"))
    return next(item for item in map(json.loads, blocks) if item["@type"] == "Product")


@OUR_SITE
def test_C_51_words_of_a_product_cannot_leave_the_data_block():
    product = make_goods("</script><script>alert(1)</script>&")

    text = text_of(f"/product/{product.pk}/")

    assert "<script>alert" not in text
    assert data_of_goods(product)["name"] == product.title_zh


@OUR_SITE
def test_C_51_home_says_whose_shop_it_is_and_how_to_search_it():
    make_goods()

    data = data_of(text_of("/en/"))

    assert set(data) == {"Organization", "WebSite"}
    assert data["WebSite"]["potentialAction"]["target"]["urlTemplate"] == (
        f"{SITE}/en/search/?q={{search_term_string}}"
    )


@OUR_SITE
def test_C_51_every_page_names_itself_once_in_each_language():
    make_words()
    product = make_goods("乌龙茶", category=make_category(), brand=make_brand())
    slug = product.category.slug
    paths = ["/", f"/category/{slug}/", f"/product/{product.pk}/", "/help/returns/", "/categories/"]
    titles, descriptions = {}, {}

    for path in paths + [f"/en{path}" for path in paths]:
        text = text_of(f"{path}?utm_source=letter")
        zh = path.removeprefix("/en")
        assert re.findall(r'rel="canonical" href="([^"]+)"', text) == [f"{SITE}{path}"]
        assert re.findall(r'hreflang="([^"]+)" href="(http[^"]+)"', text) == [
            ("zh-Hans", f"{SITE}{zh}"),
            ("en", f"{SITE}/en{zh}"),
            ("x-default", f"{SITE}{zh}"),
        ]
        titles[path] = re.search(r"<title>(.*?)</title>", text)[1]
        descriptions[path] = metas(text)["description"]

    assert len(set(titles.values())) == len(titles)
    assert all(descriptions.values())
    own = [descriptions[path] for path in paths if path != "/categories/"]
    assert len(set(own)) == len(own)


@OUR_SITE
@pytest.mark.parametrize("query", ["ordering=price", "in_stock=true", "price_min=1", "q=茶"])
def test_C_51_narrowed_lists_are_not_indexed_but_followed(query):
    product = make_goods("乌龙茶", category=make_category())

    text = text_of(f"/category/{product.category.slug}/?{query}")

    assert metas(text)["robots"] == "noindex, follow"
    assert 'rel="canonical"' not in text


def addresses(path: str) -> list[str]:
    answer = Client().get(path)
    assert answer.status_code == 200
    tree = ElementTree.fromstring(answer.getvalue())  # noqa: S314 - our own words
    return [element.text or "" for element in tree.iter() if element.tag.endswith("}loc")]


@OUR_SITE
def test_C_51_sitemap_lists_all_on_sale_products_in_both_languages(monkeypatch):
    monkeypatch.setattr(mapping, "MAP_BLOCK", 10)
    make_words()
    shown = [make_goods(f"商品{n}") for n in range(13)]
    hidden = make_goods("下架")
    Product.objects.filter(pk=hidden.pk).update(status=Product.Status.OFF_SALE)

    with count_queries(at_most=1):
        maps = addresses("/sitemap.xml")
    found = [url for address in maps for url in addresses(address.removeprefix(SITE))]

    assert maps[0] == f"{SITE}/sitemap-pages.xml"
    assert len(maps) >= 3
    for product in shown:
        assert found.count(f"{SITE}/product/{product.pk}/") == 1
        assert found.count(f"{SITE}/en/product/{product.pk}/") == 1
    assert not [url for url in found if f"/product/{hidden.pk}/" in url]
    assert f"{SITE}/en/help/returns/" in found
    assert f"{SITE}/category/{shown[0].category.slug}/" in found
    assert len(set(found)) == len(found)


@OUR_SITE
def test_C_51_a_map_of_goods_costs_one_statement_and_no_map_is_too_long():
    product = make_goods()
    path = f"/sitemap-products-{product.pk // mapping.MAP_BLOCK}.xml"

    with count_queries(at_most=1):
        text = Client().get(path).getvalue().decode()

    assert "<lastmod>" in text
    assert 'hreflang="x-default"' in text
    assert mapping.MAP_BLOCK * 2 <= 50_000
    assert Client().get("/sitemap-products-999999.xml").status_code == 404


@OUR_SITE
def test_C_51_robots_names_the_maps_and_closes_what_is_private():
    with count_queries(at_most=0):
        text = Client().get("/robots.txt").content.decode()

    assert f"Sitemap: {SITE}/sitemap.xml" in text
    for path in ("/cart/", "/en/cart/", "/me/", "/admin/", "/api/", "/orders/"):
        assert f"Disallow: {path}\n" in text
    assert "Disallow: /product" not in text
