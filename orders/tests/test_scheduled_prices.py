"""C-28 from cart to order: the price in force when the order is placed, with no timer running."""

from datetime import timedelta

import pytest

from catalog.models import PriceChange, Product, ShelfCard
from catalog.selectors import price_steps
from catalog.services import PriceWish, ask_prices, cancel_price_change
from inventory.testing import make_stock
from members.testing import make_member, make_operator
from orders.selectors import cart_view
from orders.services import CartOwner, add_line, refresh_shelf
from orders.testing import NOON, make_order, make_stocked_sku
from promotions.testing import make_sale

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def make_known_sku():
    """Goods that came on the shelf long ago: no card of theirs ends as they cease to be new."""
    sku = make_stocked_sku(price_fen=10_000)
    Product.objects.filter(pk=sku.product_id).update(listed_at=NOON - 60 * DAY)
    return sku


def plan(sku, price_fen, starts_at, *, at=NOON, ends_at=None):
    wish = PriceWish(
        sku_id=sku.pk,
        price_fen=price_fen,
        list_price_fen=10_000,
        effective_at=starts_at,
        ends_at=ends_at,
    )
    ask_prices(wishes=[wish], reason="换季", at=at, actor=make_operator())


def goods_fen(order):
    return [line.payable_fen for line in order.lines.all()]


def test_C_28_an_order_before_T_has_the_old_price_and_one_after_T_the_new_one():
    sku = make_stocked_sku(price_fen=10_000)
    starts_at = NOON + DAY
    plan(sku, 8_000, starts_at)

    before = make_order(sku=sku, at=starts_at - SECOND)
    after = make_order(sku=sku, at=starts_at)

    assert (goods_fen(before), goods_fen(after)) == ([10_000], [8_000])
    steps = price_steps([sku.pk], None, starts_at)[sku.pk]
    offered = [(step.price_fen, step.at) for step in steps if step.is_offered]
    assert offered[-1] == (8_000, starts_at)
    assert 10_000 in {price for price, _at in offered[:-1]}


def test_a_planned_price_is_on_the_shelf_before_it_holds_and_goes_when_it_is_called_off():
    sku = make_stocked_sku(price_fen=10_000)
    starts_at, ends_at = NOON + DAY, NOON + 3 * DAY
    plan(sku, 8_000, starts_at, ends_at=ends_at)
    refresh_shelf(NOON)

    def shown(at):
        return ShelfCard.objects.at(at).get(product_id=sku.product_id).price_fen

    assert [shown(at) for at in (NOON, starts_at - SECOND, starts_at, ends_at)] == [
        10_000,
        10_000,
        8_000,
        10_000,
    ]
    change = PriceChange.objects.get(price_fen=8_000)
    cancel_price_change(change_id=change.pk, at=NOON, actor=make_operator())
    refresh_shelf(NOON)
    assert shown(starts_at) == 10_000


def test_a_sale_of_the_planned_price_is_the_better_of_the_two_in_each_window():
    sku = make_known_sku()
    plan(sku, 8_000, NOON + 2 * DAY)
    make_sale(prices={sku.pk: 9_000}, starts_at=NOON + DAY, ends_at=NOON + 3 * DAY)
    refresh_shelf(NOON)

    cards = ShelfCard.objects.filter(product_id=sku.product_id).order_by("valid_from")
    assert [card.price_fen for card in cards] == [10_000, 9_000, 8_000]


def test_a_cart_says_that_a_price_has_come_due_since():
    sku = make_stocked_sku(price_fen=10_000)
    owner = CartOwner(member_id=make_member().pk)
    add_line(owner=owner, sku_id=sku.pk, quantity=1, at=NOON)
    plan(sku, 8_000, NOON + DAY)

    (before,) = cart_view(owner, NOON).lines
    (after,) = cart_view(owner, NOON + DAY).lines

    assert (before.invalid, after.invalid) == (None, "price_changed")
    assert after.facts.price_fen == 8_000


def test_goods_without_a_plan_keep_one_card():
    sku = make_known_sku()
    make_stock(sku=sku, on_hand=1)

    refresh_shelf(NOON)

    assert ShelfCard.objects.filter(product_id=sku.product_id).count() == 1
