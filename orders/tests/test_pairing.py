"""Goods that buyers take together stand beside each other (C-12)."""

from datetime import timedelta

import pytest

from catalog.models import BoughtTogether, RelatedProduct
from catalog.selectors import related_cards
from mall.kernel.testing.queries import count_queries
from members.testing import make_member
from orders.models import OrderLine
from orders.services import Wanted, pair_goods, pairing, refresh_shelf
from orders.testing import NOON, make_order, make_stocked_sku

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def tea():
    return make_stocked_sku(on_hand=99)


@pytest.fixture
def pot():
    return make_stocked_sku(on_hand=99)


def bought(*skus, times=3, at=NOON, paid=True):
    member, wanted = make_member(), tuple(Wanted(sku.pk, 1) for sku in skus)
    return [make_order(member=member, wanted=wanted, paid=paid, at=at) for _n in range(times)]


def pairs():
    rows = BoughtTogether.objects.order_by("product", "-orders")
    return list(rows.values_list("product_id", "related_id", "orders"))


def test_C_12_three_orders_with_both_are_a_rule_in_either_direction(tea, pot):
    bought(tea, pot)

    assert pair_goods(NOON + DAY) == 2

    assert pairs() == [(tea.product_id, pot.product_id, 3), (pot.product_id, tea.product_id, 3)]


def test_C_12_two_orders_unpaid_ones_old_ones_and_what_came_back_are_none(tea, pot):
    bought(tea, pot, times=2)
    bought(tea, pot, paid=False)
    returned = bought(tea, pot)
    OrderLine.objects.filter(order__in=returned, sku=pot).update(refunded=1)

    assert pair_goods(NOON + DAY) == 0
    bought(tea, pot, times=1, at=NOON + DAY)
    assert pair_goods(NOON + 2 * DAY) == 2
    assert pair_goods(NOON + pairing.LOOKS_BACK + DAY / 2) == 0
    assert pairs() == []


def test_C_12_page_of_A_shows_B_after_what_an_operator_chose_and_before_neighbours(tea, pot):
    chosen, neighbour = make_stocked_sku(), make_stocked_sku()
    type(tea.product).objects.filter(pk=neighbour.product_id).update(
        category=tea.product.category, sales_count=9_999
    )
    RelatedProduct.objects.create(product=tea.product, related=chosen.product)
    bought(tea, pot)
    pair_goods(NOON + DAY)
    refresh_shelf(NOON, [sku.product_id for sku in (tea, pot, chosen, neighbour)])

    found = [row["product_id"] for row in related_cards(tea.product_id, NOON)]

    assert found == [chosen.product_id, pot.product_id, neighbour.product_id]


def test_C_12_only_the_most_frequent_companions_are_kept(tea, pot, monkeypatch):
    monkeypatch.setattr(pairing, "MOST_BESIDE", 1)
    cup = make_stocked_sku(on_hand=99)
    bought(tea, pot, cup)
    bought(tea, cup, times=1)

    with count_queries(at_most=4):
        pair_goods(NOON + DAY)

    assert pairs() == [
        (tea.product_id, cup.product_id, 4),
        (pot.product_id, cup.product_id, 3),
        (cup.product_id, tea.product_id, 4),
    ]
