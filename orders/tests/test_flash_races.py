"""Flash sales under contention, on real connections, each race with its control (P-19, INV-06,
INV-18). Source: issue 3, Show 3."""

from unittest.mock import patch

import pytest
from django.db import IntegrityError

from inventory.models import Reservation
from mall.kernel.invariants import audit
from mall.kernel.testing.race import all_read_before_any_writes, stampede
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import Submission, Wanted, admitted, close_order, place_order
from orders.testing import NOON, make_flash_sale, make_stocked_sku, without_turns
from promotions import engine
from promotions.errors import OfferLimitReached, OfferSoldOut
from promotions.models import ActivityItem, MemberTake
from promotions.services import gating

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS, QUOTA, POOL = 200, 20, 24
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def rested_gate():
    """The gate asks Redis at once, whatever a test before it did."""
    gating.rest_no_longer()
    yield
    gating.rest_no_longer()


def buyers(number):
    members = [make_member() for _n in range(number)]
    for member in members:
        make_address(member=member)
    return members


def buy(member, campaign, *, gate=True):
    """What a door does with one order of one piece."""
    item = campaign.items.get()
    offer = engine.Offer(kind=campaign.kind, rule_id=campaign.pk)
    wanted = (Wanted(item.sku_id, 1, offer),)
    submission = Submission(address_id=member.addresses.get().pk, wanted=wanted)
    if not gate:
        return place_order(member_id=member.pk, submission=submission, at=NOON)
    with admitted(member.pk, wanted, at=NOON):
        return place_order(member_id=member.pk, submission=submission, at=NOON)


def nothing_broken():
    """Every law but the outbox's age and the clock's: the tests' noon is not now."""
    return [law.code for law, found in audit() if found and law.code not in ("INV-31", "INV-05b")]


def test_P_19_of_200_buyers_of_a_quota_of_20_exactly_20_have_an_order():
    campaign, members = make_flash_sale(make_stocked_sku(on_hand=50), quota=QUOTA), buyers(BUYERS)

    outcomes = stampede(BUYERS, lambda n: buy(members[n], campaign), connections_at_most=POOL)

    assert len(outcomes.results) == Order.objects.count() == QUOTA
    assert len(outcomes.errors) == BUYERS - QUOTA
    assert outcomes.only(OfferSoldOut)
    assert ActivityItem.objects.get().left == 0
    assert nothing_broken() == []


def test_P_19_without_redis_it_is_as_exact(settings):
    settings.CACHE_URL = NOWHERE
    campaign, members = make_flash_sale(make_stocked_sku(on_hand=50), quota=QUOTA), buyers(BUYERS)

    outcomes = stampede(BUYERS, lambda n: buy(members[n], campaign), connections_at_most=POOL)

    assert len(outcomes.results) == Order.objects.count() == QUOTA
    assert outcomes.only(OfferSoldOut)
    assert len(outcomes.errors) == BUYERS - QUOTA
    assert nothing_broken() == []


def test_control_without_its_condition_only_the_constraint_guards_the_quota():
    campaign, members = make_flash_sale(make_stocked_sku(on_hand=50), quota=2), buyers(POOL)
    goods = type(ActivityItem.objects.all())
    unguarded = patch.object(goods, "with_left", lambda self, _pieces: self)

    with unguarded:
        outcomes = stampede(POOL, lambda n: buy(members[n], campaign, gate=False))

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)
    assert not outcomes.only(OfferSoldOut)


def test_P_19_the_limit_per_member_holds_under_20_parallel_orders():
    campaign = make_flash_sale(make_stocked_sku(on_hand=50), quota=QUOTA, per_member=2)
    [member] = buyers(1)

    outcomes = stampede(QUOTA, lambda _n: buy(member, campaign))

    assert len(outcomes.results) == Order.objects.count() == 2
    assert outcomes.only(OfferLimitReached)
    assert MemberTake.objects.get().pieces == 2
    assert ActivityItem.objects.get().taken == 2
    assert nothing_broken() == []


def test_control_counting_before_writing_lets_a_member_have_more():
    campaign = make_flash_sale(make_stocked_sku(on_hand=50), quota=QUOTA, per_member=2)
    [member] = buyers(1)
    hold = all_read_before_any_writes("orders.services.placing.quote", QUOTA)

    with patch("promotions.services.offering._count_for", check_then_act), hold, without_turns():
        outcomes = stampede(QUOTA, lambda _n: buy(member, campaign, gate=False))

    assert len(outcomes.results) > 2


def check_then_act(member_id, item, pieces):
    """What a limit is without a row to count on: look, then go."""
    if item.holds.filter(member=member_id).count() + pieces > item.per_member:
        raise OfferLimitReached(allowed=item.per_member)


def test_pieces_of_orders_that_close_are_sold_again_under_load():
    campaign, members = make_flash_sale(make_stocked_sku(on_hand=50), quota=QUOTA), buyers(80)
    first = [buy(members[n], campaign) for n in range(QUOTA)]

    def contend(number):
        if number < 10:
            return close_order(order_id=first[number].pk, reason="timeout", at=NOON)
        return buy(members[QUOTA + number], campaign)

    stampede(40, contend, connections_at_most=POOL)
    gating.forget(gating.FlashCounter(campaign.pk, campaign.items.get().sku_id))
    late = stampede(20, lambda n: buy(members[60 + n], campaign))

    assert late.only(OfferSoldOut)
    assert Order.objects.exclude(status="closed").count() == QUOTA
    assert sum(row.held for row in Reservation.objects.filter(source_type="activity")) == 0
    assert nothing_broken() == []
