"""Balances change by what is added to them, each row by its own pieces, all in one statement."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from catalog.testing import make_sku
from inventory.models import StockItem, StockMovement
from inventory.services.booking import Change, Slip, book
from inventory.testing import make_stock
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
SLIP = Slip(StockMovement.Kind.RECEIPT, "test", "1", datetime(2026, 11, 23, 4, tzinfo=UTC))


def balances(item):
    return StockItem.objects.values_list("on_hand", "reserved", "defective").get(pk=item.pk)


def two_items():
    return [make_stock(sku=make_sku(), on_hand=10), make_stock(sku=make_sku(), on_hand=20)]


def test_each_row_gets_its_own_pieces_in_one_statement_and_one_movement():
    one, two = two_items()

    with count_queries(at_most=2):
        book([one, two], {one.pk: Change(reserved=3), two.pk: Change(1, 4, 0, 2)}, SLIP)

    assert balances(one) == (10, 3, 0)
    assert balances(two) == (21, 4, 2)
    assert [(item.on_hand, item.reserved, item.defective) for item in (one, two)] == [
        balances(one),
        balances(two),
    ]


def test_rows_that_do_not_change_are_left_as_they_are():
    one, two = two_items()

    book([one, two], {two.pk: Change(on_hand=-5)}, SLIP)

    assert balances(one) == (10, 0, 0)
    assert balances(two) == (15, 0, 0)


def test_it_is_added_to_what_the_row_holds_now():
    one, _two = two_items()
    StockItem.objects.filter(pk=one.pk).update(reserved=6)

    book([one], {one.pk: Change(reserved=3)}, SLIP)

    assert balances(one) == (10, 9, 0)


def test_the_database_judges_the_true_balances():
    one, two = two_items()
    StockItem.objects.filter(pk=one.pk).update(reserved=8)

    with pytest.raises(IntegrityError), transaction.atomic():
        book([one, two], {one.pk: Change(reserved=3), two.pk: Change(reserved=1)}, SLIP)

    assert balances(one) == (10, 8, 0)
    assert balances(two) == (20, 0, 0)
