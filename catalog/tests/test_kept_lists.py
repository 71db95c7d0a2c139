"""Lists and their numbers, asked by statements that are built once, are those of statements built
anew."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest

from catalog.selectors import CardFilters, cards, list_cards
from catalog.selectors import facets as counted
from catalog.selectors.conditions import condition_names, conditions
from catalog.selectors.filters import AttributeFilter
from catalog.testing import AT, make_brand, make_category, make_product, shelve

pytestmark = pytest.mark.django_db
ROOM = import_module("catalog.selectors.facets")
SOON = AT + timedelta(hours=1)


@pytest.fixture
def shop():
    """Two teapots, one of a brand, and a bottle in another category."""
    pots, bottles = make_category(), make_category()
    brand = make_brand()
    dear = make_product("紫砂茶壶", category=pots, brand=brand)
    cheap = make_product("白瓷茶壶", category=pots)
    bottle = make_product("保温水壶", category=bottles, brand=brand)
    for product, fen, in_stock in (
        (dear, 9_000, True),
        (cheap, 3_000, False),
        (bottle, 5_000, True),
    ):
        shelve(product, price_fen=fen, in_stock=in_stock)
    return {"category": pots, "brand": brand}


def ways(shop):
    usual = CardFilters()
    return [
        usual,
        CardFilters(category=shop["category"]),
        CardFilters(category=shop["category"], brand=shop["brand"]),
        CardFilters(price_min_fen=4_000),
        CardFilters(price_min_fen=1, price_max_fen=5_000, in_stock=True),
        CardFilters(brand=shop["brand"], in_stock=False),
        replace(usual, q="茶壶", ordering="relevance"),
        replace(usual, q="茶壶", ordering="price"),
        CardFilters(q="茶壶", category=shop["category"], in_stock=True, ordering="relevance"),
    ]


def test_numbers_are_those_of_a_statement_built_anew(shop, monkeypatch):
    def read():
        return [
            counted(filters, literal=list_cards(filters, at=at).literal, at=at, own=own)
            for filters in ways(shop)
            for own in ((), ("category",), ("brand",))
            for at in (AT, SOON)
        ]

    kept = read()
    monkeypatch.setattr(ROOM, "_statement", built_anew)

    assert read() == kept
    assert {numbers.total for numbers in kept} == {0, 1, 2, 3}


def test_searches_are_those_of_a_statement_built_anew(shop, monkeypatch):
    asked = [way for way in ways(shop) if way.q]
    asked += [CardFilters(q=q, ordering="relevance") for q in ("水壶", "紫砂 壶", "没有的词")]
    kept = [list_cards(filters, at=AT) for filters in asked]
    monkeypatch.setattr(cards.Asking, "is_usual", False)

    assert [list_cards(filters, at=AT) for filters in asked] == kept
    assert [len(page.rows) for page in kept[:3]] == [2, 2, 1]


def test_conditions_have_the_names_they_are_told_by(shop):
    attributes = (AttributeFilter((1,), ("x",)), AttributeFilter((2,), ("y",)))
    every = CardFilters(
        category=shop["category"], brand=shop["brand"], price_max_fen=1, attributes=attributes,
        in_stock=True,
    )  # fmt: skip

    for filters in (every, *ways(shop)):
        assert condition_names(filters) == list(conditions(filters))


def built_anew(filters, literal, at, own):
    return ROOM._hits(filters, literal, at, own).query.sql_with_params()
