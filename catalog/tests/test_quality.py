"""Listing quality: the title, the attributes, the composite, where it shows and what it weighs."""

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Product
from catalog.quality import Flag, Hint, Listing, grade, grade_title, is_too_empty
from catalog.quality.listing import WEIGHTS
from catalog.quality.title import repeated_words
from catalog.selectors import CardFilters, list_cards
from catalog.services import grade_products, pricing, set_attributes, set_gallery, set_sku_prices
from catalog.testing import (
    AT,
    make_attribute,
    make_category,
    make_media,
    make_product,
    make_sku,
    shelve,
)
from mall.kernel.testing.queries import count_queries

GOOD = "T恤女 纯棉短袖圆领宽松显瘦夏季透气上衣"


def hints(title, core=("T恤",), attributes=("纯棉",)):
    return grade_title(title, core_words=core, attribute_words=attributes).hints


def score(title):
    return grade_title(title, core_words=["T恤"], attribute_words=["纯棉"]).score


def test_C_34_a_stuffed_title_loses_points_with_the_hint_repeated_and_a_good_one_scores_higher():
    assert Hint.REPEATED in hints("纯棉纯棉T恤纯棉")
    assert hints(GOOD) == ()
    assert score(GOOD) == 100
    assert score("纯棉纯棉T恤纯棉") < score("纯棉短袖圆领T恤") < score(GOOD)


@pytest.mark.parametrize(
    ("title", "hint"),
    [
        ("纯棉短袖圆领宽松显瘦夏季上衣女装", Hint.CORE_MISSING),
        ("纯棉短袖圆领宽松显瘦夏季透气T恤", Hint.CORE_BEHIND),
        ("T恤纯棉夏季", Hint.TOO_SHORT),
        ("T恤纯棉夏季" + "".join(chr(0x4E00 + number * 7) for number in range(40)), Hint.TOO_LONG),
        ("T恤女短袖圆领宽松显瘦夏季上衣", Hint.NO_ATTRIBUTE),
        ("T恤女纯棉短袖圆领宽松上衣百搭", Hint.NO_SCENARIO),
    ],
)
def test_each_hint_is_given_for_its_own_fault_alone(title, hint):
    assert hints(title) == (hint,)


def test_nothing_is_asked_of_what_is_not_known():
    assert Hint.CORE_MISSING not in hints(GOOD, core=())
    assert Hint.NO_ATTRIBUTE not in hints("T恤女夏季宽松百搭上衣", attributes=())


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("纯棉纯棉T恤纯棉", {"纯棉"}),
        ("iPhone 手机壳 iphone", {"iPhone", "iphone"}),
        ("妈妈装", set()),
        ("蓝色款蓝色", {"蓝色"}),
    ],
)
def test_words_that_stand_twice_are_found(title, words):
    assert repeated_words(title) == words


@given(st.text(max_size=120))
def test_any_title_has_a_score_of_0_to_100(title):
    found = grade_title(title, core_words=["壳"], attribute_words=["红"])

    assert 0 <= found.score <= 100


def test_C_35_three_of_ten_empty_are_flagged_and_two_are_not():
    assert is_too_empty(filled=7, fields=10)
    assert not is_too_empty(filled=8, fields=10)
    assert not is_too_empty(filled=0, fields=0)
    flagged = grade(Listing(title=GOOD, attribute_fields=10, attributes_filled=7))
    full = grade(Listing(title=GOOD, attribute_fields=10, attributes_filled=8))
    assert Flag.ATTRIBUTES in flagged.flags
    assert Flag.ATTRIBUTES not in full.flags
    assert not is_too_empty(filled=7, fields=10, most_empty_bp=3_000)
    assert flagged.score < full.score


def test_the_parts_of_a_perfect_listing_add_up_to_100():
    whole = Listing(
        title=GOOD,
        attribute_fields=4,
        attributes_filled=4,
        pictures=5,
        videos=1,
        blocks=3,
        prices=(1_000, 3_000),
    )

    assert sum(WEIGHTS.values()) == 100
    assert grade(whole) == grade(whole)
    assert (grade(whole).score, grade(whole).flags) == (100, ())


pictures = st.integers(0, 12)


@given(pictures, pictures, st.integers(0, 9))
def test_more_pictures_never_lower_the_score(few, more, filled):
    def scored(count):
        return grade(
            Listing(title=GOOD, pictures=count, attribute_fields=9, attributes_filled=filled)
        ).score

    assert scored(few) <= scored(few + more)
    assert 0 <= scored(few) <= 100


@pytest.mark.django_db
def test_C_36_missing_pictures_added_raise_the_score_and_move_the_product_up():
    category = make_category()
    first = make_product("夏季凉席双人", category=category)
    second = make_product("夏季凉席双人", category=category)
    shelve(first, second)

    def found():
        page = list_cards(CardFilters(q="凉席", ordering="relevance"), at=AT)
        return [row["product_id"] for row in page.rows]

    assert found() == [second.pk, first.pk]
    before = first.quality_score
    set_gallery(product=first, pictures=[make_media() for _number in range(5)])

    first.refresh_from_db()
    assert first.quality_score > before
    assert found() == [first.pk, second.pk]


@pytest.mark.django_db
def test_a_listing_is_graded_by_every_verb_that_changes_it(django_capture_on_commit_callbacks):
    category = make_category()
    for number in range(10):
        make_attribute(category, code=f"a{number}")
    product = make_product("商品", category=category, skus=2)

    values = {f"a{number}": ("值", "") for number in range(7)}
    set_attributes(product=product, values=values, at=AT)
    product.refresh_from_db()
    assert Flag.ATTRIBUTES in product.quality_flags
    set_attributes(product=product, values={**values, "a7": ("值", "")}, at=AT)
    product.refresh_from_db()
    assert Flag.ATTRIBUTES not in product.quality_flags

    cheap, _dear = product.skus.order_by("pk")
    with django_capture_on_commit_callbacks(execute=True):
        set_sku_prices(prices={cheap.pk: (100, 100)}, at=AT)
    product.refresh_from_db()
    assert Flag.GRADIENT in product.quality_flags


@pytest.mark.django_db(transaction=True)
def test_grading_that_fails_takes_nothing_from_the_price_that_is_written(monkeypatch):
    def broken(_ids):
        raise KeyError("a category nobody knows")

    monkeypatch.setattr(pricing, "grade_products", broken)
    sku, done = make_sku(), []

    with transaction.atomic():
        changed = set_sku_prices(prices={sku.pk: (100, 100)}, at=AT)
        transaction.on_commit(lambda: done.append("the relay is woken"))

    assert (changed, done) == ([sku.pk], ["the relay is woken"])


@pytest.mark.django_db
@pytest.mark.parametrize("products", [2, 50])
def test_grading_costs_the_same_queries_however_many_listings(products):
    category = make_category()
    for _number in range(products):
        make_product(category=category)
    ids = list(Product.objects.values_list("pk", flat=True))
    Product.objects.update(quality_score=1)

    with count_queries(at_most=9) as asked:
        assert grade_products(ids) == products
    [lock] = [sql for sql in asked.sql if "FOR NO KEY UPDATE" in sql]
    assert 'ORDER BY "catalog_product"."id"' in lock
    with count_queries(at_most=7):
        assert grade_products(ids) == 0
