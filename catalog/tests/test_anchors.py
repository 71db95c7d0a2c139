"""C-32: what is struck through was offered before, or is called a suggested price."""

from datetime import timedelta

import pytest

from catalog import presenting
from catalog.models import Sku
from catalog.selectors import product_page, skus_for_pricing
from catalog.services import change_sku, set_sku_prices
from catalog.testing import AT, make_operator, make_product, make_sku

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
Kind = Sku.ListPriceKind


def shown(sku, at):
    page = product_page(sku.product_id, at=at)
    (row,) = presenting.product(page, available={}, at=at)["skus"]
    return row["price_fen"], row["list_price_fen"], row["is_list_price_suggested"]


def test_C_32_after_100_comes_80_and_the_100_is_struck_through_as_our_own_price():
    sku = make_sku(price_fen=10_000)

    set_sku_prices(prices={sku.pk: (8_000, 10_000)}, at=AT + DAY)

    sku.refresh_from_db()
    assert sku.list_price_kind == Kind.OFFERED
    assert shown(sku, AT + DAY) == (8_000, 10_000, False)


def test_a_list_price_that_was_never_asked_is_a_suggested_one():
    sku = make_sku(price_fen=8_000, list_price_fen=10_000)

    assert sku.list_price_kind == Kind.SUGGESTED
    assert shown(sku, AT) == (8_000, 10_000, True)


def test_C_32_a_list_price_said_to_be_ours_that_never_was_is_marked_and_not_struck_through():
    sku = make_sku(price_fen=8_000, list_price_fen=10_000)

    change_sku(
        sku_id=sku.pk, values={"list_price_kind": Kind.OFFERED}, at=AT, actor=make_operator()
    )

    sku.refresh_from_db()
    assert sku.list_price_kind == Kind.UNPROVEN
    assert shown(sku, AT) == (8_000, 8_000, False)
    assert skus_for_pricing([sku.pk], AT)[sku.pk].list_price_fen == 8_000


def test_raising_a_proven_list_price_takes_its_proof():
    sku = make_sku(price_fen=10_000)
    set_sku_prices(prices={sku.pk: (8_000, 10_000)}, at=AT + DAY)

    set_sku_prices(prices={sku.pk: (8_000, 12_000)}, at=AT + 2 * DAY)

    sku.refresh_from_db()
    assert sku.list_price_kind == Kind.UNPROVEN
    set_sku_prices(prices={sku.pk: (8_000, 10_000)}, at=AT + 3 * DAY)
    sku.refresh_from_db()
    assert sku.list_price_kind == Kind.OFFERED


def test_a_price_of_a_draft_proves_nothing():
    product = make_product(price_fen=10_000, on_sale=False)
    sku = product.skus.get()

    set_sku_prices(prices={sku.pk: (8_000, 10_000)}, at=AT + DAY)

    sku.refresh_from_db()
    assert sku.list_price_kind == Kind.SUGGESTED
