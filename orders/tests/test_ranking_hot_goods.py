"""What sold in the last days leads the hot zone; what came back or was given does not (C-10)."""

from datetime import timedelta

import pytest

from mall.kernel.outbox import relay_batch
from orders.models import OrderLine
from orders.services import cancel_order, rank_hot_goods, retry_refunds
from orders.testing import NOON, make_order, make_stocked_sku
from promotions.models import HotPin, ZoneSettings
from promotions.selectors import drop_site_words, hot_ids

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ranking():
    rank_hot_goods(NOON)
    drop_site_words()
    return hot_ids(NOON, 10)


def test_C_10_the_best_of_seven_days_leads_and_a_pin_goes_before_it():
    best, second, earlier, pinned = (make_stocked_sku() for _n in range(4))
    make_order(sku=best, quantity=3, paid=True, at=NOON - 6 * DAY)
    make_order(sku=second, quantity=2, paid=True, at=NOON - DAY)
    make_order(sku=earlier, quantity=9, paid=True, at=NOON - 8 * DAY)
    make_order(sku=pinned, quantity=9, at=NOON - DAY)

    assert ranking() == [best.product_id, second.product_id]

    HotPin.objects.create(product=pinned.product)
    assert ranking() == [pinned.product_id, best.product_id, second.product_id]
    ZoneSettings.objects.update_or_create(pk=1, defaults={"hot_days": 9})
    assert ranking()[1] == earlier.product_id


def test_C_10_what_was_given_back_or_given_for_nothing_is_not_sold():
    kept, returned, given = (make_stocked_sku() for _n in range(3))
    make_order(sku=kept, paid=True, at=NOON)
    back = make_order(sku=returned, quantity=5, paid=True, at=NOON)
    gift = make_order(sku=given, quantity=5, paid=True, at=NOON)
    OrderLine.objects.filter(order=gift).update(is_gift=True)

    cancel_order(number=back.number, member_id=back.member_id, reason="", at=NOON)
    retry_refunds(NOON)
    while relay_batch(NOON):
        pass

    assert ranking() == [kept.product_id]
