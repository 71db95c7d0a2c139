"""Starting a bargain and helping with it. Row P-34, INV-25."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from catalog.testing import make_sku
from mall.kernel.errors import NotFound
from mall.kernel.invariants import audit
from mall.kernel.notify.models import Message
from members.testing import make_member
from promotions import engine
from promotions.errors import (
    AlreadyHelped,
    BargainOver,
    DeedRefused,
    FloorReached,
    OfferOver,
    OfferSoldOut,
    OwnBargain,
)
from promotions.models import BargainHelp, BargainStart, Campaign, DeedRecord, DeedRule
from promotions.selectors import bargain_by_number, bargains_of, offer_of_start
from promotions.services import Footprint, help_bargain, start_bargain
from promotions.testing import AT, make_bargain

pytestmark = pytest.mark.django_db
OVER = AT + timedelta(days=1)


@pytest.fixture
def campaign():
    return make_bargain(make_sku(price_fen=10_000))


@pytest.fixture
def owner():
    return make_member()


@pytest.fixture
def start(campaign, owner):
    return begin(campaign, owner)


def begin(campaign, member, at=AT):
    sku_id = campaign.items.get().sku_id
    return start_bargain(campaign_id=campaign.pk, sku_id=sku_id, member_id=member.pk, at=at)


def cut(start, helper=None, at=AT, **values):
    helper = helper or make_member()
    return help_bargain(number=start.number, helper_id=helper.pk, at=at, **values)


def state_of(start):
    start.refresh_from_db()
    return start.helps, start.cut_fen, start.state


def test_P_34_the_last_cut_reaches_the_floor_and_the_cuts_add_up(start):
    cuts = [cut(start).cut_fen for _n in range(10)]

    assert sum(cuts) == start.item.price_fen - start.item.floor_fen == 3_000
    assert state_of(start) == (10, 3_000, "cutting")
    assert start.price_fen == 5_000
    with pytest.raises(FloorReached):
        cut(start)
    assert BargainHelp.objects.count() == 10
    assert not any(found for _invariant, found in audit())


def test_P_34_the_same_friend_is_refused_the_second_time(start):
    friend = make_member()
    cut(start, friend)
    before = state_of(start)

    with pytest.raises(AlreadyHelped):
        cut(start, friend)

    assert state_of(start) == before
    assert BargainHelp.objects.count() == 1


def test_nobody_helps_themselves(start, owner):
    with pytest.raises(OwnBargain):
        cut(start, owner)

    assert state_of(start) == (0, 0, "cutting")


def test_a_cut_is_chance_within_bounds(start):
    most, asked = 2 * 3_000 // 10 - 1, []

    help_ = cut(start, below=lambda n: asked.append(n) or n - 1)

    assert (help_.cut_fen, asked) == (most, [most])


def test_the_bargain_ends_with_the_activity_at_the_latest(campaign, owner):
    Campaign.objects.update(ends_at=AT + timedelta(hours=2))

    assert begin(campaign, owner).ends_at == AT + timedelta(hours=2)


def test_who_bargains_already_gets_the_same_bargain(campaign, owner, start):
    assert begin(campaign, owner).pk == start.pk
    assert begin(campaign, make_member()).pk != start.pk
    assert BargainStart.objects.count() == 2


def test_when_time_is_over_nobody_helps_and_a_new_bargain_begins(campaign, owner, start):
    with pytest.raises(BargainOver):
        cut(start, at=OVER)

    again = begin(campaign, owner, at=OVER)

    assert again.pk != start.pk
    assert state_of(start) == (0, 0, "over")


def test_a_paused_activity_begins_and_cuts_nothing(campaign, start):
    Campaign.objects.update(status="paused")

    with pytest.raises(OfferOver):
        cut(start)
    with pytest.raises(OfferOver):
        begin(campaign, make_member())

    assert state_of(start) == (0, 0, "cutting")
    assert BargainStart.objects.count() == 1


def test_nothing_begins_when_the_quota_is_sold(campaign):
    campaign.items.update(quota=5, taken=5)

    with pytest.raises(OfferSoldOut):
        begin(campaign, make_member())
    assert not BargainStart.objects.exists()


@pytest.mark.parametrize("unknown", [{"campaign_id": 0}, {"sku_id": 0}])
def test_only_goods_of_a_bargain_can_be_bargained_over(campaign, unknown):
    named = {"campaign_id": campaign.pk, "sku_id": campaign.items.get().sku_id, **unknown}

    with pytest.raises(NotFound):
        start_bargain(member_id=make_member().pk, at=AT, **named)


def test_where_the_span_is_small_fewer_friends_are_needed(owner):
    campaign = make_bargain(make_sku(price_fen=10_000), price_fen=8_000, floor_fen=7_997)

    assert begin(campaign, owner).most_helps == 3


def test_the_owner_is_told_once_the_floor_is_reached(owner):
    campaign = make_bargain(make_sku(price_fen=10_000), helps=2)
    start = begin(campaign, owner)

    for _n in range(2):
        cut(start)

    told = Message.objects.get(template="promotions.bargain_cut")
    assert (told.account_id, told.params, told.route) == (
        owner.account_id, {"price_fen": 5_000}, "storefront:bargain",
    )  # fmt: skip


def test_P_65_helps_from_one_device_are_limited(start):
    DeedRule.objects.create(deed="bargain", origin="device", most=1, counts="members")
    device = Footprint(device="d" * 64)
    cut(start, footprint=device)

    with pytest.raises(DeedRefused):
        cut(start, footprint=device)

    assert state_of(start)[0] == 1
    assert list(DeedRecord.objects.values_list("deed", "subject")) == [
        ("bargain", f"bargain:{start.number}")
    ]


def test_the_offer_of_a_bargain_is_its_owners_only(campaign, owner, start):
    assert offer_of_start(start.number, owner.pk) == engine.Offer(
        "bargain", campaign.pk, start.number
    )
    with pytest.raises(NotFound):
        offer_of_start(start.number, make_member().pk)
    with pytest.raises(NotFound):
        offer_of_start("nothing", owner.pk)


def test_helps_are_append_only_and_constraints_hold_the_floor(start):
    cut(start)

    with pytest.raises(DatabaseError), transaction.atomic():
        BargainHelp.objects.update(cut_fen=1)
    for values in ({"cut_fen": 3_001}, {"helps": 10, "cut_fen": 2_999}, {"helps": 11}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BargainStart.objects.update(**values)


def test_reads_cost_the_same_for_two_helps_and_for_nine(start, owner, django_assert_num_queries):
    for helps in (2, 7):
        for _n in range(helps):
            cut(start)
        with django_assert_num_queries(2):
            shown = bargain_by_number(start.number)
            names = [row.helper.nickname for row in shown.cuts.all()]
        assert len(names) == shown.helps
    with django_assert_num_queries(1):
        assert [one.item.campaign.title_zh for one in bargains_of(owner.pk)]
    with pytest.raises(NotFound):
        bargain_by_number("nothing")
