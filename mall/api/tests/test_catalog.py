"""catalog/ as a client sees it."""

from datetime import timedelta

import pytest

from catalog.services import take_off_sale
from catalog.testing import (
    AT,
    make_attribute,
    make_brand,
    make_category,
    make_media,
    make_product,
    make_root,
    shelve,
)
from inventory.testing import make_stock
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from orders.models import Review
from orders.testing import make_order
from promotions.models import HotWord
from promotions.testing import make_sale

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LIST = "/api/v1/catalog/products/"


@pytest.fixture
def tee():
    category = make_category(title_zh="上装", title_en="Tops", slug="tops")
    make_attribute(category, code="material", title_zh="材质", title_en="Material")
    product = make_product(
        "纯棉短袖T恤",
        title_en="Cotton T-shirt",
        price_fen=9_900,
        list_price_fen=12_900,
        skus=2,
        category=category,
        brand=make_brand(slug="plain", title_zh="素", title_en="Plain"),
        attributes={"material": ("纯棉", "Cotton")},
        blocks=[
            {"kind": "point", "title_zh": "柔软", "title_en": "Soft", "media_id": make_media().pk}
        ],
    )
    shelve(product)
    return product


def test_a_list_is_an_envelope_of_cards(client, tee):
    answer = client.get(LIST)

    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"next", "previous", "results"}
    card = body["results"][0]
    assert set(card) == {
        "id",
        "slug",
        "name",
        "subtitle",
        "image",
        "price_fen",
        "price_to_fen",
        "list_price_fen",
        "is_list_price_suggested",
        "badges",
        "sales_count",
        "buyers_count",
        "rating",
        "in_stock",
    }
    assert (card["name"], card["price_fen"], card["in_stock"]) == ("纯棉短袖T恤", 9_900, True)


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Cotton T-shirt"), ("zh-hans", "纯棉短袖T恤")]
)
def test_text_comes_in_the_language_asked_for(client, tee, language, name):
    answer = client.get(f"{LIST}?q=棉T恤", headers={"accept-language": language})

    assert [card["name"] for card in answer.json()["results"]] == [name]
    assert answer["Content-Language"] == language


def test_neighbour_links_walk_the_whole_list(client):
    category = make_category()
    shelve(*[make_product(category=category, price_fen=price) for price in range(1, 6)])
    prices, address = [], f"{LIST}?ordering=price&page_size=2"
    while address:
        body = client.get(address).json()
        prices += [card["price_fen"] for card in body["results"]]
        address = body["next"]

    assert prices == [1, 2, 3, 4, 5]
    assert len(client.get(body["previous"]).json()["results"]) == 2


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page_size=0", "page_size"),
        ("page_size=101", "page_size"),
        ("page_size=1000000000000000000", "page_size"),
        ("page_size=１", "page_size"),
        ("ordering=id;DROP", "ordering"),
        ("cursor=nonsense", "cursor"),
        ("category=nowhere", "category"),
        ("q=%00", "q"),
        ("q=" + "长" * 1000, "q"),
    ],
)
def test_bad_questions_are_problems_that_name_the_field(client, tee, query, field):
    answer = client.get(f"{LIST}?{query}")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field


def test_a_product_has_all_that_api_md_promises(client, tee):
    body = client.get(f"{LIST}{tee.pk}/", headers={"accept-language": "en"}).json()

    assert {"skus", "attributes", "blocks", "offers", "media", "server_time"} <= set(body)
    assert (body["name"], body["price_fen"], body["list_price_fen"]) == (
        "Cotton T-shirt",
        9_900,
        12_900,
    )
    assert body["attributes"] == [{"code": "material", "name": "Material", "value": "Cotton"}]
    assert [sku["options"] for sku in body["skus"]] == [{"Size": "Size 1"}, {"Size": "Size 2"}]
    assert set(body["skus"][0]) >= {
        "id",
        "code",
        "options",
        "price_fen",
        "list_price_fen",
        "available",
        "image",
    }
    assert body["brand"]["name"] == "Plain"
    block = body["blocks"][0]
    assert (block["kind"], block["title"], block["text"]) == ("point", "Soft", "")
    assert block["image"]["width"] == 800
    assert [category["slug"] for category in body["categories"]][-1] == "tops"
    assert body["media"][0]["alt"]
    assert body["in_stock"] is False  # nothing was received yet: the page reads stock, not the card


@pytest.mark.parametrize("path", ["0", "-1", "2147483648", "9223372036854775808", "abc", "1%00"])
def test_ids_that_are_none_are_not_found(client, tee, path):
    answer = client.get(f"{LIST}{path}/")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_product_off_sale_is_not_found(client, tee):
    take_off_sale(product=tee, at=AT)

    assert client.get(f"{LIST}{tee.pk}/").status_code == 404
    assert client.get(LIST).json()["results"] == []


def test_categories_are_a_tree_without_hidden_branches(client):
    root = make_root(slug="clothes", title_zh="服装")
    make_category(parent=root, slug="tops-shown", title_zh="上装")
    make_category(parent=root, slug="tops-hidden", is_active=False)

    results = client.get("/api/v1/catalog/categories/").json()["results"]

    assert [node["slug"] for node in results] == ["clothes"]
    assert [node["name"] for node in results[0]["children"]] == ["上装"]


def test_brands_are_those_with_goods(client, tee):
    make_brand(slug="idle")

    results = client.get("/api/v1/catalog/brands/").json()["results"]

    assert [brand["slug"] for brand in results] == ["plain"]


def test_suggestions_name_their_kind(client, tee):
    results = client.get("/api/v1/catalog/suggestions/", {"q": "上装"}).json()["results"]

    assert [(item["kind"], item["name"]) for item in results] == [
        ("category", "上装"),
        ("product", "纯棉短袖T恤"),
    ]


def test_a_running_sale_is_in_the_prices_and_among_the_offers(client, tee):
    cheap = tee.skus.get(code__endswith="s1")
    now = clock.now()
    make_sale(prices={cheap.pk: 8_800}, starts_at=now - DAY, ends_at=now + DAY)
    make_stock(sku=cheap, on_hand=3)

    body = client.get(f"{LIST}{tee.pk}/").json()

    prices = {sku["id"]: (sku["price_fen"], sku["list_price_fen"]) for sku in body["skus"]}
    assert prices[cheap.pk] == (8_800, 12_900)
    assert (body["price_fen"], body["price_to_fen"], body["in_stock"]) == (8_800, 9_900, True)
    assert [sku["available"] for sku in body["skus"]] == [3, 0]
    offer = body["offers"][0]
    assert set(offer) == {"kind", "id", "label", "starts_at", "ends_at"}
    assert offer["kind"] == "sale"


def test_reviews_are_a_list_newest_first_without_the_hidden_ones(client):
    sku = make_product().skus.get()
    for rating, is_shown in ((5, True), (1, False), (4, True)):
        order = make_order(sku=sku, paid=True)
        Review.objects.create(
            line=order.lines.get(),
            product=sku.product,
            member=order.member,
            rating=rating,
            text="不错",
            is_shown=is_shown,
            written_at=AT + rating * DAY,
        )

    body = client.get(f"{LIST}{sku.product_id}/reviews/?page_size=1").json()

    assert [review["rating"] for review in body["results"]] == [5]
    second = client.get(body["next"]).json()
    assert ([review["rating"] for review in second["results"]], second["next"]) == ([4], None)


@pytest.mark.parametrize("cursor", ["cD1hYmM=", "bz1hYmM=", "%FF", "cD0xOTk5"])
def test_a_forged_cursor_of_reviews_is_refused(client, tee, cursor):
    answer = client.get(f"{LIST}{tee.pk}/reviews/?cursor={cursor}")

    assert answer.status_code in (400, 404)
    assert answer["Content-Type"] == "application/problem+json"


def test_reviews_of_what_is_not_on_sale_are_not_found(client, tee):
    take_off_sale(product=tee, at=AT)

    assert client.get(f"{LIST}{tee.pk}/reviews/").status_code == 404


def test_home_holds_blocks_categories_and_words(client, tee):
    HotWord.objects.create(word_zh="T恤", word_en="T-shirt")

    body = client.get("/api/v1/catalog/home/").json()

    assert (body["slug"], body["version"], body["announcements"]) == ("home", 0, [])
    assert body["hot_words"] == ["T恤"]
    assert [block["kind"] for block in body["blocks"]] == ["hot", "new", "promises"]
    assert body["blocks"][0]["cards"][0]["id"] == tee.pk
    assert body["categories"][0]["children"][0]["slug"] == "tops"


@pytest.mark.parametrize("products", [2, 50])
def test_budgets_hold_at_any_number_of_rows(client, products):
    category = make_category()
    goods = [make_product(f"纯棉{n}", category=category, skus=2) for n in range(products)]
    shelve(*goods)

    with count_queries(at_most=8):
        answer = client.get(f"{LIST}?category={category.slug}&page_size=100")
    assert len(answer.json()["results"]) == products
    with count_queries(at_most=8):
        answer = client.get(f"{LIST}?q=棉纯&category={category.slug}&page_size=100")
    assert len(answer.json()["results"]) == products
    with count_queries(at_most=5):
        client.get(f"{LIST}{goods[0].pk}/")
    with count_queries(at_most=12):
        client.get("/api/v1/catalog/home/")
