"""Marks, cards, and two refreshers at the same product."""

from datetime import timedelta

import pytest
from django.db import transaction

from catalog import services
from catalog.models import Product, ShelfCard, ShelfMark
from catalog.services import CardRow, mark_shelf, put_cards, shelving, take_marks
from catalog.testing import AT, make_category, make_product, shelve
from mall.kernel.testing.race import rival_before, stampede

DAY = timedelta(days=1)


def card_of(product, price_fen=10_000, **values):
    figures = {"price_to_fen": price_fen, "list_price_fen": price_fen, "in_stock": True}
    window = {"valid_from": AT - DAY, "valid_until": AT + DAY}
    return CardRow(product_id=product.pk, price_fen=price_fen, **{**figures, **window, **values})


@pytest.fixture
def refreshed(monkeypatch):
    """What a refresher was asked to refresh, and refreshed."""
    asked = []

    def refresh(ids):
        asked.append(ids)
        return ids

    monkeypatch.setattr(shelving, "_refreshers", [refresh])
    return asked


@pytest.mark.django_db
def test_marks_are_rows_and_the_refresher_runs_after_commit(
    refreshed, django_capture_on_commit_callbacks
):
    product, other = make_product(), make_product()
    ShelfMark.objects.all().delete()

    with django_capture_on_commit_callbacks(execute=True):
        mark_shelf([other.pk, product.pk, product.pk])
        assert refreshed == []

    assert refreshed == [[product.pk, other.pk]]
    assert ShelfMark.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_two_verbs_of_one_transaction_mark_is_refreshed_once(refreshed):
    product, other = make_product(), make_product()
    refreshed.clear()

    with transaction.atomic():
        mark_shelf([product.pk])
        mark_shelf([product.pk, other.pk])
    mark_shelf([product.pk])

    assert refreshed == [[product.pk], [other.pk], [product.pk]]


@pytest.mark.django_db(transaction=True)
def test_what_was_marked_with_a_verb_that_was_undone_is_refreshed_for_the_other(refreshed):
    product = make_product()
    refreshed.clear()

    with transaction.atomic():
        with transaction.atomic():
            mark_shelf([product.pk])
            transaction.set_rollback(True)
        mark_shelf([product.pk])

    assert refreshed == [[product.pk]]


@pytest.mark.django_db(transaction=True)
def test_what_the_refresher_left_is_left_to_it_again_by_the_next_mark(refreshed, monkeypatch):
    products = [make_product() for _n in range(3)]
    ids = [product.pk for product in products]
    [refresh] = shelving._refreshers
    monkeypatch.setattr(shelving, "_refreshers", [lambda stale: refresh(stale)[:2]])
    refreshed.clear()

    with transaction.atomic():
        mark_shelf(ids)
        mark_shelf(ids)
        mark_shelf(ids)

    assert refreshed == [ids, ids[2:]]


@pytest.mark.django_db(transaction=True)
def test_a_refresher_that_fails_takes_nothing_from_who_marked(monkeypatch, caplog):
    def broken(_ids):
        raise KeyError("a rule nobody knows")

    product, done = make_product(), []
    monkeypatch.setattr(shelving, "_refreshers", [broken])

    with transaction.atomic():
        mark_shelf([product.pk])
        transaction.on_commit(lambda: done.append("the relay is woken"))

    assert done == ["the relay is woken"]
    assert "a rule nobody knows" in caplog.text
    assert ShelfMark.objects.filter(product_id=product.pk).exists()


@pytest.mark.django_db
def test_a_verb_that_is_undone_leaves_no_mark_and_refreshes_nothing(
    refreshed, django_capture_on_commit_callbacks
):
    product = make_product()
    ShelfMark.objects.all().delete()

    @transaction.atomic
    def undone():
        mark_shelf([product.pk])
        raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(ZeroDivisionError):
            undone()
        mark_shelf([])

    assert refreshed == []
    assert not ShelfMark.objects.exists()


@pytest.mark.django_db
def test_taking_marks_takes_each_once_oldest_first():
    products = [make_product() for _ in range(3)]
    ShelfMark.objects.all().delete()
    for product in products:
        mark_shelf([product.pk])

    assert take_marks(limit=2) == [products[0].pk, products[1].pk]
    assert take_marks(limit=2) == [products[2].pk]
    assert take_marks(limit=2) == []


@pytest.mark.django_db
def test_named_products_are_held_whether_marked_or_not():
    marked, other = make_product(), make_product()
    ShelfMark.objects.all().delete()
    mark_shelf([marked.pk, other.pk])

    assert take_marks(limit=50, product_ids=[marked.pk, 10**12]) == [marked.pk, 10**12]
    assert list(ShelfMark.objects.values_list("product_id", flat=True)) == [other.pk]


@pytest.mark.django_db(transaction=True)
def test_taking_marks_outside_a_transaction_is_a_bug():
    with pytest.raises(RuntimeError):
        take_marks(limit=1)


@pytest.mark.django_db
def test_cards_are_replaced_and_those_of_goods_off_sale_go():
    listed, draft = make_product(), make_product(on_sale=False)
    shelve(listed)
    windows = [
        card_of(listed, valid_until=AT),
        card_of(listed, 9_000, valid_from=AT),
        card_of(draft),
    ]

    count = put_cards(cards=windows, product_ids=[listed.pk, draft.pk], at=AT)

    assert count == 2
    rows = ShelfCard.objects.order_by("valid_from").values_list("product_id", "price_fen")
    assert list(rows) == [(listed.pk, 10_000), (listed.pk, 9_000)]
    assert put_cards(cards=[], product_ids=[listed.pk], at=AT) == 0
    assert not ShelfCard.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("products", [2, 50])
def test_putting_cards_down_costs_the_same_for_any_number(products, django_assert_num_queries):
    category = make_category()
    goods = [make_product(category=category) for _ in range(products)]
    cards = [card_of(product) for product in goods]

    with django_assert_num_queries(5):  # three and a savepoint
        put_cards(cards=cards, product_ids=[product.pk for product in goods], at=AT)


def _refresh(product, price_of):
    """A refresher: hold the shelf, read the price, put the card down."""
    with transaction.atomic():
        ids = take_marks(limit=50, product_ids=[product.pk])
        services.put_cards(cards=[card_of(product, price_of())], product_ids=ids, at=AT)


def _price_of(product):
    return Product.objects.get(pk=product.pk).skus.get().price_fen


@pytest.mark.django_db(transaction=True)
def test_ten_refreshers_of_one_product_leave_one_card():
    product = make_product()

    outcomes = stampede(10, lambda _number: _refresh(product, lambda: 10_000))

    assert not outcomes.errors
    assert ShelfCard.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_holding_the_shelf_refreshers_collide(monkeypatch):
    """The control: the advisory lock is what keeps the ten apart."""
    product = make_product()
    monkeypatch.setattr(shelving, "_hold", lambda ids: ids)

    outcomes = stampede(10, lambda _number: _refresh(product, lambda: 10_000))

    assert outcomes.errors


@pytest.mark.django_db(transaction=True)
def test_a_refresher_that_waited_reads_what_the_other_has_committed():
    product = make_product(price_fen=10_000)
    sku = product.skus.get()

    def reprice():
        services.set_sku_prices(prices={sku.pk: (8_000, 10_000)}, at=AT)
        _refresh(product, lambda: _price_of(product))

    with rival_before("catalog.services.shelving._hold", reprice):
        _refresh(product, lambda: _price_of(product))

    assert ShelfCard.objects.get().price_fen == 8_000
