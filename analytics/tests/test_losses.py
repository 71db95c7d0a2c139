"""What goods sold below their cost lose is a figure of the report (C-74)."""

from datetime import timedelta

import pytest

from analytics.models import DailyProduct, DailyReport
from analytics.selectors import loss_makers, trade
from analytics.services import aggregate_days
from catalog.models import Sku
from mall.kernel import clock
from orders.models import OrderLine
from orders.testing import NOON, make_order, make_stocked_sku

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = clock.day_of(NOON)


def sku_of(*, price_fen, cost_fen):
    sku = make_stocked_sku(price_fen=price_fen, on_hand=99)
    Sku.objects.filter(pk=sku.pk).update(cost_fen=cost_fen)
    return sku


def report(day=TODAY):
    aggregate_days(first=day, last=day, at=NOON)
    return DailyReport.objects.get(day=day)


def test_C_74_two_pieces_at_39_that_cost_50_lose_22_yuan():
    hit, dear = sku_of(price_fen=3_900, cost_fen=5_000), sku_of(price_fen=9_900, cost_fen=5_000)
    make_order(sku=hit, quantity=2, paid=True)
    make_order(sku=dear, quantity=3, paid=True)

    assert report().below_cost_fen == 2_200

    losses = {row.product_id: row.below_cost_fen for row in DailyProduct.objects.all()}
    assert losses == {hit.product_id: 2_200, dear.product_id: 0}
    (worst,) = loss_makers(first=TODAY, last=TODAY)
    assert (worst.product_id, worst.units, worst.below_cost_fen) == (hit.product_id, 2, 2_200)


def test_C_74_a_span_adds_up_its_days_beside_the_span_before():
    hit = sku_of(price_fen=3_900, cost_fen=5_000)
    for at in (NOON - DAY, NOON, NOON):
        make_order(sku=hit, paid=True, at=at)
    aggregate_days(first=TODAY - DAY, last=TODAY, at=NOON)

    found = trade(first=TODAY, last=TODAY)

    assert found.now.total("below_cost_fen") == 2_200
    assert found.before.total("below_cost_fen") == 1_100


def test_C_74_gifts_unpaid_orders_and_goods_without_a_cost_lose_nothing():
    hit, unknown = sku_of(price_fen=3_900, cost_fen=5_000), sku_of(price_fen=1, cost_fen=0)
    make_order(sku=hit)
    make_order(sku=unknown, quantity=2, paid=True)
    gift = make_order(sku=hit, paid=True)
    OrderLine.objects.filter(order=gift).update(is_gift=True)

    assert report().below_cost_fen == 0
    assert loss_makers(first=TODAY, last=TODAY) == []
