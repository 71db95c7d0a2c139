"""The words of a shop whose titles have no spaces: ends of names that recur, swept now and then."""

import pytest

from catalog.models import Product, SearchWord
from catalog.search import ends_of
from catalog.selectors import CardFilters, list_cards
from catalog.services import index_products, save_own_word, sweep_words
from catalog.testing import AT, make_product, shelve
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
DESK, REED = "清欢日式可调节台灯", "北欧极简直杆台灯"


@pytest.fixture
def lamps():
    return [make_product(title) for title in (DESK, REED)]


def found(q):
    page = list_cards(CardFilters(q=q, ordering="relevance"), at=AT)
    return {row["title_zh"] for row in page.rows}


def words():
    return set(SearchWord.objects.values_list("word", flat=True))


def test_a_stretch_ends_in_two_to_four_characters_less_than_itself():
    assert list(ends_of("可调节台灯 LED")) == ["台灯", "节台灯", "调节台灯"]
    assert list(ends_of("台灯")) == []
    assert list(ends_of("desk lamp")) == []


def test_C_52_what_recurs_in_one_batch_is_a_word_at_once_and_understood_in_pinyin(lamps):
    shelve(*lamps)
    assert found("taideng") == set()

    index_products(product.pk for product in lamps)

    assert "台灯" in words()
    assert {"节台灯", "杆台灯"}.isdisjoint(words())
    assert found("taideng") == {DESK, REED}
    assert found("td") == {DESK, REED}


def test_the_sweep_learns_what_recurs_over_the_shop_and_forgets_what_left(lamps):
    own = save_own_word(SearchWord(word="凉感被"), at=AT, actor=None)
    Product.objects.filter(pk=lamps[0].pk).update(keywords="小夜灯 nightlight")
    index_products([lamps[0].pk])
    assert {"小夜灯", "nightlight"} <= words()
    assert "台灯" not in words()

    with count_queries(at_most=4):
        assert sweep_words() == (0, 1)
    assert {"小夜灯", "nightlight", "台灯", own.word} <= words()

    Product.objects.filter(pk=lamps[0].pk).update(keywords="", title_zh="原木餐椅")
    index_products([lamps[0].pk])
    gone, learnt = sweep_words()

    assert (gone, learnt) == (2, 0)
    assert words().isdisjoint({"小夜灯", "nightlight"})
    assert {"台灯", "原木餐椅", own.word} <= words()
    assert sweep_words() == (0, 0)
