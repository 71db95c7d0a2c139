"""A team of one's own accounts is none: group buys are limited by device. Source: P-65, ATK-37."""

from datetime import timedelta

import pytest

from mall.kernel import clock
from members.testing import make_member
from orders.models import Order
from orders.testing import NOON, make_group_order, make_stocked_sku
from promotions.errors import DeedRefused
from promotions.models import ActivityItem, DeedRecord, DeedRule, Team
from promotions.services import Footprint
from promotions.testing import make_group_buy

pytestmark = pytest.mark.django_db
PHONE, OTHER = Footprint(device="a" * 64), Footprint(device="b" * 64)


@pytest.fixture
def campaign():
    campaign = make_group_buy(make_stocked_sku(), size=2)
    campaign.starts_at, campaign.ends_at = NOON - timedelta(days=1), clock.now() + timedelta(days=9)
    campaign.save()
    return campaign


def test_P_65_a_second_account_on_one_device_joins_no_team(campaign):
    first = make_group_order(campaign, footprint=PHONE)
    puppet = make_member()

    with pytest.raises(DeedRefused):
        make_group_order(campaign, first.offer_reference, member=puppet, footprint=PHONE)

    assert (Order.objects.count(), ActivityItem.objects.get().taken) == (1, 1)
    assert Team.objects.get().seats_taken == 1
    friend = make_group_order(campaign, first.offer_reference, footprint=OTHER)
    assert friend.offer_reference == first.offer_reference


def test_another_member_of_the_household_is_let_in_a_day_later(campaign):
    mine = make_group_order(campaign, footprint=PHONE)

    other = make_group_order(campaign, footprint=PHONE, at=NOON + timedelta(days=1, minutes=1))

    assert other.member_id != mine.member_id
    assert DeedRecord.objects.filter(deed="group", refused="").count() == 2


def test_an_order_of_unknown_origin_and_other_orders_are_not_counted(campaign):
    make_group_order(campaign)
    make_group_order(campaign)

    assert not DeedRecord.objects.exists()
    assert DeedRule.objects.filter(deed="group", is_on=True).count() == 1
