"""catalog/facets/, hot-words/ and suggestions/ over HTTP."""

import pytest

from catalog.models import SearchPhrase
from catalog.services import ban_word, set_attributes
from catalog.testing import (
    AT,
    beginnings,
    make_attribute,
    make_brand,
    make_category,
    make_product,
    shelve,
)
from mall.kernel.testing.queries import count_queries
from promotions.models import HotWord

pytestmark = pytest.mark.django_db
URL = "/api/v1/catalog"


def ask(client, path, **params):
    return client.get(f"{URL}/{path}/", params, headers={"Accept-Language": "zh-hans"}).json()


def make_cups(number):
    category = make_category(title_zh="杯子")
    number_kind = {"kind": "number", "is_searchable": True, "title_zh": "容量", "unit_zh": "毫升"}
    make_attribute(category, code="volume", **number_kind)
    brands = [make_brand(slug=slug, title_zh=slug) for slug in ("one", "two")]
    for n in range(number):
        cup = make_product(f"马克杯{n}", category=category, brand=brands[n % 2])
        set_attributes(product=cup, values={"volume": (str(100 + n * 100), "")}, at=AT)
        price = 1_000 + n * 1_000
        prices = {"price_fen": price, "price_to_fen": price, "list_price_fen": price}
        shelve(cup, in_stock=n > 0, **prices)
    return category


def test_C_52_facets_count_what_each_choice_leaves(client):
    make_cups(6)

    body = ask(client, "facets", q="马克杯")

    assert (body["total"], body["total_is_more"], body["counts_are_least"]) == (6, False, False)
    assert {row["value"]: row["count"] for row in body["brands"]} == {"one": 3, "two": 3}
    assert body["in_stock"] == 5
    assert sum(row["count"] for row in body["attributes"][0]["choices"]) == 6
    for row in body["attributes"][0]["choices"]:
        assert ask(client, "facets", **{"attr.volume": row["value"]})["total"] == row["count"]
    for row in body["prices"]:
        ends = {name: row[name] for name in ("price_min_fen", "price_max_fen") if row[name]}
        assert ask(client, "facets", q="马克杯", **ends)["total"] == row["count"]


def test_numbers_too_near_to_one_another_are_no_facet(client):
    category = make_category()
    make_attribute(category, code="volume", kind="number", is_searchable=True, title_zh="容量")
    for volume in ("110", "120"):
        cup = make_product("马克杯", category=category)
        set_attributes(product=cup, values={"volume": (volume, "")}, at=AT)
        shelve(cup)

    body = ask(client, "facets", q="马克杯")

    assert (body["total"], body["attributes"]) == (2, [])


def test_a_facet_leaves_its_own_filter_out_and_keeps_the_others(client):
    make_cups(6)

    body = ask(client, "facets", q="马克杯", brand="one", in_stock="true")

    assert body["total"] == 2
    assert {row["value"]: row["count"] for row in body["brands"]} == {"one": 2, "two": 3}
    assert body["in_stock"] == 2


@pytest.mark.parametrize("number", [2, 50])
def test_facets_cost_the_same_for_few_and_many(client, number):
    make_cups(number)
    ask(client, "facets", q="无")

    with count_queries() as statements:
        assert ask(client, "facets", q="马克杯", in_stock="true")["total"] == number - 1

    assert len(statements) == 4


@pytest.mark.parametrize("value", ["..", "a..b", "5..", "1..9e9"])
def test_a_range_is_read_or_refused(client, value):
    make_cups(2)

    answer = client.get(f"{URL}/facets/", {"attr.volume": value})

    assert answer.status_code == (200 if value == "5.." else 400 if value == ".." else 200)


def test_nothing_found_is_nothing_to_narrow(client):
    make_cups(2)

    body = ask(client, "facets", q="冰箱")

    assert (body["total"], body["brands"], body["prices"]) == (0, [], [])


def test_exact_is_what_was_typed(client):
    make_cups(2)

    assert len(ask(client, "products", q="makebei")["results"]) == 2
    assert ask(client, "products", q="makebei", exact="true")["results"] == []


def test_C_53_hot_words_are_pins_and_then_searches_without_banned_ones(client):
    HotWord.objects.create(word_zh="茶", word_en="tea")
    for word, sessions in (("口红", 9), ("面膜", 12), ("坏词", 20)):
        SearchPhrase.objects.create(
            kind="query", language="zh-hans", text=word, searches=sessions, sessions=sessions,
            prefixes=beginnings(word),
        )  # fmt: skip
    ban_word("坏词")

    words = [row["word"] for row in ask(client, "hot-words")["results"]]

    assert words == ["茶", "面膜", "口红"]
    kinds = [row["kind"] for row in ask(client, "suggestions", q="kouh")["results"]]
    assert kinds == ["query"]
