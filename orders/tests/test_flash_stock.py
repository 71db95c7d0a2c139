"""Pieces of flash sales: out of normal stock and back, each in one place at a time (I-12)."""

from datetime import timedelta

import pytest

from inventory.models import Reservation, StockItem, StockMovement
from inventory.selectors import available_pieces
from mall.kernel.invariants import audit
from mall.kernel.outbox import relay_batch
from members.testing import make_member, make_operator
from orders.errors import OfferRefused
from orders.services import (
    cancel_order,
    close_unpaid,
    free_flash_stock,
    lock_flash_stock,
    ship_order,
)
from orders.testing import (
    NOON,
    make_flash_order,
    make_flash_sale,
    make_order,
    make_stocked_sku,
    pay,
)
from promotions.errors import OfferLimitReached, OfferSoldOut
from promotions.models import ActivityItem, Campaign, MemberTake, StockLock
from promotions.services import (
    CampaignValues,
    Goods,
    approve_campaign,
    pause_campaign,
    publish_campaign,
    resume_campaign,
    return_campaign,
    save_campaign,
    submit_campaign,
)
from promotions.testing import make_pricing_settings

pytestmark = pytest.mark.django_db
AFTER = NOON + timedelta(hours=2)


def draft(sku, *, quota, at=NOON):
    """A draft flash sale that one person may approve."""
    make_pricing_settings(approval_over_fen=None)
    return save_campaign(
        values=CampaignValues(
            kind=Campaign.Kind.FLASH,
            title_zh="秒杀",
            title_en="Flash",
            starts_at=at,
            ends_at=AFTER,
            goods=[Goods(sku_id=sku.pk, price_fen=5_000, quota=quota)],
        ),
        at=at,
        actor=make_operator(),
    )


def held(campaign):
    """(pieces the activity holds, pieces its orders hold)."""
    rows = Reservation.objects.of_source("activity", str(campaign.pk))
    return sum(row.held for row in rows), sum(row.lent for row in rows)


def broken():
    """Codes of the laws of the books that do not hold."""
    return [law.code for law, violation in audit() if violation]


def stock_of(sku):
    item = StockItem.objects.get(sku=sku)
    return item.on_hand, item.reserved


def test_I_12_locked_20_of_50_leaves_30_for_normal_sale():
    sku = make_stocked_sku(on_hand=50)
    campaign = draft(sku, quota=20)

    publish_campaign(campaign_id=campaign.pk, at=NOON)
    campaign.refresh_from_db()
    assert campaign.status == "approved"
    relay_batch(NOON)

    campaign.refresh_from_db()
    assert (campaign.status, campaign.stock_lock.state) == ("live", "locked")
    assert available_pieces([sku.pk]) == {sku.pk: 30}
    assert held(campaign) == (20, 0)


def test_approving_asks_for_the_pieces_too():
    sku = make_stocked_sku(on_hand=50)
    campaign = draft(sku, quota=20)
    submit_campaign(campaign_id=campaign.pk, at=NOON)

    approve_campaign(campaign_id=campaign.pk, at=NOON, actor=make_operator())
    relay_batch(NOON)

    campaign.refresh_from_db()
    assert campaign.status == "live"


def test_too_little_stock_sends_it_back_with_the_reason():
    sku = make_stocked_sku(on_hand=19)
    campaign = draft(sku, quota=20)

    publish_campaign(campaign_id=campaign.pk, at=NOON)
    relay_batch(NOON)

    campaign.refresh_from_db()
    assert (campaign.status, campaign.stock_lock.state) == ("draft", "refused")
    assert "19" in campaign.reason
    assert available_pieces([sku.pk]) == {sku.pk: 19}


def test_a_repeated_approval_event_locks_nothing_twice():
    sku = make_stocked_sku(on_hand=50)
    campaign = draft(sku, quota=20)
    publish_campaign(campaign_id=campaign.pk, at=NOON)
    publish_campaign(campaign_id=campaign.pk, at=NOON)

    assert relay_batch(NOON) >= 2

    assert held(campaign) == (20, 0)
    assert stock_of(sku) == (50, 20)


def test_other_goods_after_a_draft_replace_what_was_set_aside():
    sku = make_stocked_sku(on_hand=50)
    campaign = draft(sku, quota=20)
    publish_campaign(campaign_id=campaign.pk, at=NOON)
    relay_batch(NOON)
    pause_campaign(campaign_id=campaign.pk, reason="wrong quota", at=NOON)
    Campaign.objects.filter(pk=campaign.pk).update(status="draft")
    ActivityItem.objects.update(quota=30)

    publish_campaign(campaign_id=campaign.pk, at=NOON)
    relay_batch(NOON)

    assert held(campaign) == (30, 0)
    assert stock_of(sku) == (50, 30)
    assert broken() == []


def test_what_is_sent_back_keeps_no_pieces():
    sku = make_stocked_sku(on_hand=50)
    campaign = draft(sku, quota=20)
    publish_campaign(campaign_id=campaign.pk, at=NOON)
    lock_flash_stock(campaign_id=campaign.pk, at=NOON)
    Campaign.objects.update(status="approved")
    return_campaign(campaign_id=campaign.pk, reason="another price", at=NOON)

    assert free_flash_stock(NOON) == 20

    assert available_pieces([sku.pk]) == {sku.pk: 50}
    assert StockLock.objects.get().state == "freed"


def test_behind_a_shut_gate_it_waits_with_its_pieces_and_is_published_by_hand(monkeypatch):
    sku = make_stocked_sku(on_hand=50)
    campaign = draft(sku, quota=20)
    publish_campaign(campaign_id=campaign.pk, at=NOON)
    reasons = ["its plan is not approved"]
    monkeypatch.setattr("promotions.services.locking.reasons_against", lambda *_args: reasons)

    assert lock_flash_stock(campaign_id=campaign.pk, at=NOON)

    campaign.refresh_from_db()
    assert (campaign.status, campaign.reason) == ("approved", reasons[0])
    assert publish_campaign(campaign_id=campaign.pk, at=NOON).status == "live"
    assert held(campaign) == (20, 0)


def test_a_flash_order_moves_its_piece_by_one_movement():
    sku = make_stocked_sku(on_hand=50)
    campaign = make_flash_sale(sku, quota=20)
    before = StockMovement.objects.count()

    order = make_flash_order(campaign)

    assert (order.payable_fen - order.freight_fen, order.offer_kind) == (5_000, "flash")
    assert held(campaign) == (19, 1)
    assert stock_of(sku) == (50, 20)
    moved = StockMovement.objects.order_by("pk")[before:]
    assert [(row.kind, row.delta_reserved, row.source_id) for row in moved] == [
        ("lend", 0, order.number)
    ]


def test_a_paid_flash_order_ships_its_own_piece():
    sku = make_stocked_sku(on_hand=50)
    campaign = make_flash_sale(sku, quota=20)
    order = make_flash_order(campaign, paid=True)

    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON)

    assert stock_of(sku) == (49, 19)
    assert held(campaign) == (19, 1)


def test_a_cancelled_piece_goes_back_to_the_sale_while_it_lives():
    sku = make_stocked_sku(on_hand=50)
    campaign = make_flash_sale(sku, quota=20)
    order = make_flash_order(campaign)

    cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)

    assert held(campaign) == (20, 0)
    assert available_pieces([sku.pk]) == {sku.pk: 30}
    assert ActivityItem.objects.get().taken == 0
    assert StockMovement.objects.latest("pk").kind == "give_back"


def test_a_piece_cancelled_after_the_end_is_free():
    sku = make_stocked_sku(on_hand=50)
    campaign = make_flash_sale(sku, quota=20, starts_at=NOON - timedelta(hours=3), ends_at=AFTER)
    orders = [make_flash_order(campaign, paid=True) for _n in range(2)]
    assert free_flash_stock(AFTER) == 18

    for order in orders:
        cancel_order(number=order.number, member_id=order.member_id, reason="", at=AFTER)

    assert held(campaign) == (0, 0)
    assert stock_of(sku) == (50, 0)
    assert broken() == []


def test_the_end_frees_what_is_left_once():
    sku = make_stocked_sku(on_hand=50)
    campaign = make_flash_sale(sku, quota=20)
    make_flash_order(campaign)

    assert free_flash_stock(AFTER - timedelta(seconds=1)) == 0
    assert free_flash_stock(AFTER) == 19
    assert free_flash_stock(AFTER) == 0

    assert stock_of(sku) == (50, 1)
    assert StockLock.objects.get().state == "freed"


def test_a_paused_sale_keeps_its_pieces_and_goes_on():
    sku = make_stocked_sku(on_hand=50)
    campaign = make_flash_sale(sku, quota=20)
    pause_campaign(campaign_id=campaign.pk, reason="a look", at=NOON)

    assert free_flash_stock(NOON) == 0
    with pytest.raises(OfferRefused):
        make_flash_order(campaign)
    resume_campaign(campaign_id=campaign.pk, at=NOON)

    assert make_flash_order(campaign).offer_id == campaign.pk


def test_P_19_the_limit_per_member_holds_across_cancels():
    sku = make_stocked_sku(on_hand=50)
    campaign = make_flash_sale(sku, quota=20, per_member=2)
    member = make_member()
    first = make_flash_order(campaign, member=member)
    make_flash_order(campaign, member=member)

    with pytest.raises(OfferLimitReached):
        make_flash_order(campaign, member=member)
    cancel_order(number=first.number, member_id=member.pk, reason="", at=NOON)
    make_flash_order(campaign, member=member)
    with pytest.raises(OfferLimitReached):
        make_flash_order(campaign, member=member)

    assert MemberTake.objects.get().pieces == 2
    assert ActivityItem.objects.get().taken == 2


def test_P_19_an_unpaid_flash_order_closes_after_its_short_time():
    sku = make_stocked_sku(on_hand=50)
    campaign = make_flash_sale(sku, quota=1, rule={"pay_minutes": 5})
    order = make_flash_order(campaign)
    with pytest.raises(OfferSoldOut) as refusal:
        make_flash_order(campaign)
    assert refusal.value.facts == {"left": 0}

    assert close_unpaid(NOON + timedelta(minutes=5) - timedelta(seconds=1)) == 0
    assert close_unpaid(NOON + timedelta(minutes=5)) == 1

    assert held(campaign) == (1, 0)
    assert make_flash_order(campaign).number != order.number


def test_normal_buyers_never_get_the_pieces_of_the_sale():
    sku = make_stocked_sku(on_hand=21)
    campaign = make_flash_sale(sku, quota=20)
    make_order(sku=sku)

    assert available_pieces([sku.pk]) == {sku.pk: 0}
    assert make_flash_order(campaign, quantity=1).offer_id == campaign.pk


def test_before_the_start_and_after_the_end_nobody_buys():
    sku = make_stocked_sku(on_hand=50)
    campaign = make_flash_sale(sku)
    late = make_flash_sale(make_stocked_sku(), starts_at=NOON + timedelta(seconds=1))

    for sale, at in ((late, NOON), (campaign, AFTER)):
        with pytest.raises(OfferRefused):
            make_flash_order(sale, at=at)
    assert not ActivityItem.objects.exclude(taken=0).exists()


def test_paying_comes_with_no_further_stock_work():
    sku = make_stocked_sku(on_hand=50)
    campaign = make_flash_sale(sku)
    order = make_flash_order(campaign)
    before = StockMovement.objects.count()

    pay(order)

    assert StockMovement.objects.count() == before
