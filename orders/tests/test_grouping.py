"""Orders of a group buy from seat to parcel, or to their money back. Rows P-32 and P-33."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from mall.kernel.errors import NotFound
from mall.kernel.invariants import audit
from mall.kernel.outbox import relay_batch
from mall.kernel.testing.queries import count_queries
from members.models import Wallet, WalletEntry
from members.testing import make_member
from orders.errors import WaitsForGroup
from orders.models import Order, Refund
from orders.providers import Trade, TradeState
from orders.services import (
    cancel_order,
    close_order,
    close_unpaid,
    end_group,
    release_group,
    retry_refunds,
    ship_order,
)
from orders.services.settling import apply_trade
from orders.testing import (
    NOON,
    make_group_order,
    make_order,
    make_stocked_sku,
    open_sandbox_payment,
    pay,
)
from promotions.errors import (
    AlreadyInTeam,
    NewBuyersOnly,
    OfferLimitReached,
    OfferSoldOut,
    TeamFull,
    TeamOver,
)
from promotions.models import ActivityItem, OfferHold, Team, TeamSeat
from promotions.services import fail_due_teams, send_packet
from promotions.testing import make_group_buy

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
IN_TIME, TOO_LATE = NOON + timedelta(minutes=10), NOON + DAY


@pytest.fixture
def sku():
    return make_stocked_sku(price_fen=10_000)


@pytest.fixture
def campaign(sku):
    return make_group_buy(sku)


@pytest.fixture
def opened(campaign):
    """A team whose opener has paid."""
    return make_group_order(campaign, paid=True)


def team_of(order):
    order.refresh_from_db()
    return Team.objects.get(number=order.offer_reference)


def seats(order):
    team = team_of(order)
    return team.seats_taken, team.seats_paid, team.state


def broken():
    return {invariant.code: found for invariant, found in audit() if found}


def test_P_32_the_third_payer_completes_a_group_of_three(campaign):
    first = make_group_order(campaign, paid=True)
    second = make_group_order(campaign, first.offer_reference, paid=True)
    third = make_group_order(campaign, first.offer_reference)

    assert (first.payable_fen - first.freight_fen, first.stage) == (8_000, "grouping")
    assert seats(first) == (3, 2, "open")

    pay(third)
    relay_batch(NOON)

    assert seats(first) == (3, 3, "succeeded")
    found = Order.objects.filter(offer_reference=first.offer_reference)
    assert list(found.values_list("status", "stage")) == [("paid", "to_pack")] * 3
    assert [order.history.filter(code="grouped").count() for order in (first, second, third)] == [
        1, 1, 0,
    ]  # fmt: skip
    ship_order(order_number=first.number, carrier="sf", tracking_no="SF1", at=NOON)
    assert broken() == {}


def test_P_32_an_expired_group_refunds_all_who_paid_and_closes_who_did_not(campaign, sku):
    first = make_group_order(campaign, paid=True)
    second = make_group_order(campaign, first.offer_reference, paid=True)
    third = make_group_order(campaign, first.offer_reference, at=TOO_LATE - timedelta(minutes=1))
    sold = ActivityItem.objects.get().taken

    assert fail_due_teams(TOO_LATE) == 1
    relay_batch(TOO_LATE)
    close_unpaid(TOO_LATE)
    retry_refunds(TOO_LATE)

    assert sold == 3
    for order in (first, second, third):
        order.refresh_from_db()
    assert [order.status for order in (first, second, third)] == ["closed"] * 3
    assert [order.refunded_fen for order in (first, second, third)] == [
        first.paid_fen, second.paid_fen, 0,
    ]  # fmt: skip
    assert set(Refund.objects.values_list("order__number", "amount_fen", "status")) == {
        (first.number, first.payable_fen, "succeeded"),
        (second.number, second.payable_fen, "succeeded"),
    }
    assert seats(first) == (3, 2, "failed")
    assert ActivityItem.objects.get().taken == 0
    assert broken() == {}


def test_a_group_fails_once_and_what_follows_runs_twice_without_harm(opened):
    number = opened.offer_reference

    assert [fail_due_teams(TOO_LATE), fail_due_teams(TOO_LATE)] == [1, 0]
    assert [end_group(team_number=number, at=TOO_LATE) for _n in range(2)] == [1, 0]
    assert release_group(team_number=number, at=TOO_LATE) == 0
    assert Refund.objects.count() == 1


def test_P_33_success_credits_the_openers_wallet_once(sku):
    campaign = make_group_buy(sku, size=2, packet_fen=888)
    first = make_group_order(campaign, paid=True)
    second = make_group_order(campaign, first.offer_reference, paid=True)
    relay_batch(NOON)
    relay_batch(NOON)

    entry = WalletEntry.objects.get()
    assert (entry.kind, entry.reference, entry.delta_fen) == (
        "group_reward", first.offer_reference, 888,
    )  # fmt: skip
    assert Wallet.objects.get().member_id == first.member_id
    assert seats(second) == (2, 2, "succeeded")
    assert broken() == {}


def test_an_opener_who_left_gets_no_packet(sku):
    campaign = make_group_buy(sku, size=2, packet_fen=888)
    first = make_group_order(campaign, paid=True)
    cancel_order(number=first.number, member_id=first.member_id, reason="", at=NOON)

    for _n in range(2):
        make_group_order(campaign, first.offer_reference, paid=True)

    assert seats(first) == (2, 2, "succeeded")
    assert not WalletEntry.objects.exists()


def test_an_opener_who_leaves_a_complete_team_gives_the_packet_back(sku):
    campaign = make_group_buy(sku, size=2, packet_fen=888)
    first = make_group_order(campaign, paid=True)
    second = make_group_order(campaign, first.offer_reference, paid=True)

    for order in (second, first):
        cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)

    entries = WalletEntry.objects.order_by("pk").values_list("kind", "delta_fen")
    assert list(entries) == [("group_reward", 888), ("reward_back", -888)]
    assert Wallet.objects.get().balance_fen == 0
    assert broken() == {}


def test_of_a_packet_that_is_partly_spent_the_rest_comes_back(sku):
    campaign = make_group_buy(sku, size=2, packet_fen=888)
    first = make_group_order(campaign, paid=True)
    make_group_order(campaign, first.offer_reference, paid=True)
    send_packet(member_id=first.member_id, total_fen=800, shares=1, at=NOON)

    cancel_order(number=first.number, member_id=first.member_id, reason="", at=NOON)

    assert WalletEntry.objects.get(kind="reward_back").delta_fen == -88
    assert Wallet.objects.get().balance_fen == 0
    assert broken() == {}


def test_an_order_without_a_team_opens_one_that_ends_with_the_activity_at_the_latest(campaign):
    campaign.ends_at = NOON + timedelta(hours=3)
    campaign.save()
    make_group_order(campaign)
    team = Team.objects.get()

    assert (team.ends_at, team.size, team.seats_taken, team.seats_paid) == (
        campaign.ends_at,
        3,
        1,
        0,
    )
    assert len(team.number) == 20
    assert Order.objects.get().expires_at == NOON + timedelta(minutes=15)


def test_waiting_orders_are_not_shipped(opened):
    with pytest.raises(WaitsForGroup):
        ship_order(order_number=opened.number, carrier="sf", tracking_no="SF1", at=NOON)

    assert not opened.shipments.exists()


def test_closing_an_unpaid_order_frees_its_seat(campaign, opened):
    joined = make_group_order(campaign, opened.offer_reference)
    assert seats(opened) == (2, 1, "open")

    close_order(order_id=joined.pk, reason="timeout", at=NOON)

    assert seats(opened) == (1, 1, "open")
    assert TeamSeat.objects.count() == 1
    assert broken() == {}


def test_a_paid_buyer_who_cancels_gives_the_seat_back(campaign, opened):
    joined = make_group_order(campaign, opened.offer_reference, paid=True)

    cancel_order(number=joined.number, member_id=joined.member_id, reason="", at=NOON)

    assert seats(opened) == (1, 1, "open")
    assert broken() == {}


def test_a_full_team_takes_nobody_and_nothing_is_changed(campaign, opened):
    for _n in range(2):
        make_group_order(campaign, opened.offer_reference)

    with pytest.raises(TeamFull):
        make_group_order(campaign, opened.offer_reference)

    assert seats(opened) == (3, 1, "open")
    assert (
        OfferHold.objects.count() == Order.objects.count() == ActivityItem.objects.get().taken == 3
    )


def test_a_member_has_one_seat_in_a_team(sku):
    campaign = make_group_buy(sku)
    campaign.items.update(per_member=2)
    order = make_group_order(campaign, paid=True)

    with pytest.raises(AlreadyInTeam):
        make_group_order(campaign, order.offer_reference, member=order.member)

    assert seats(order) == (1, 1, "open")


def test_the_limit_of_a_member_holds_across_teams(campaign, opened):
    with pytest.raises(OfferLimitReached):
        make_group_order(campaign, member=opened.member)

    assert Team.objects.count() == 1


def test_the_quota_holds_across_teams(sku):
    campaign = make_group_buy(sku, quota=1)
    make_group_order(campaign)

    with pytest.raises(OfferSoldOut):
        make_group_order(campaign)

    assert Team.objects.count() == 1


def test_a_team_whose_time_is_over_takes_nobody_before_any_job_has_run(campaign, opened):
    with pytest.raises(TeamOver):
        make_group_order(campaign, opened.offer_reference, at=TOO_LATE)

    assert seats(opened) == (1, 1, "open")


def test_a_team_of_other_goods_is_not_found(campaign, opened):
    other = make_group_buy(make_stocked_sku())

    with pytest.raises(NotFound):
        make_group_order(other, opened.offer_reference)

    assert seats(opened) == (1, 1, "open")


def test_late_money_for_a_full_team_opens_a_new_one(campaign, opened):
    late = make_group_order(campaign, opened.offer_reference)
    payment = pay_later(late)
    for _n in range(2):
        make_group_order(campaign, opened.offer_reference, paid=True)

    arrive(payment, IN_TIME)

    late.refresh_from_db()
    assert (late.status, late.stage, late.close_reason) == ("paid", "grouping", "")
    assert late.offer_reference != opened.offer_reference
    assert seats(late) == (1, 1, "open")
    assert seats(opened) == (3, 3, "succeeded")
    assert broken() == {}


def test_late_money_finds_its_old_seat_while_it_is_free(campaign, opened):
    late = make_group_order(campaign, opened.offer_reference)
    payment = pay_later(late)

    arrive(payment, IN_TIME)

    late.refresh_from_db()
    assert (late.status, late.offer_reference) == ("paid", opened.offer_reference)
    assert seats(opened) == (2, 2, "open")


@pytest.mark.parametrize("ended", ["team", "activity"])
def test_late_money_goes_back_when_the_team_or_the_activity_is_over(campaign, opened, ended):
    late = make_group_order(campaign, opened.offer_reference)
    payment = pay_later(late)
    if ended == "team":
        fail_due_teams(TOO_LATE)
    else:
        campaign.ends_at = IN_TIME
        campaign.save()

    arrive(payment, TOO_LATE if ended == "team" else IN_TIME)
    payment.refresh_from_db()

    late.refresh_from_db()
    assert (late.status, payment.status, payment.is_surplus) == ("closed", "succeeded", True)
    assert Refund.objects.get(payment=payment).amount_fen == payment.amount_fen
    assert Team.objects.count() == 1


def test_money_after_the_teams_time_goes_back_though_the_order_is_still_open(campaign, opened):
    """The order had until five minutes past the team's end to pay."""
    tight = make_group_order(campaign, opened.offer_reference, at=TOO_LATE - timedelta(minutes=10))

    payment = pay(tight, at=TOO_LATE)

    tight.refresh_from_db()
    assert (payment.status, payment.is_surplus, tight.status) == ("succeeded", True, "unpaid")
    assert Refund.objects.get().amount_fen == payment.amount_fen
    assert seats(opened) == (2, 1, "open")
    fail_due_teams(TOO_LATE)
    relay_batch(TOO_LATE)
    close_unpaid(TOO_LATE)
    tight.refresh_from_db()
    assert tight.status == "closed"
    assert broken() == {}


def test_group_buys_for_new_buyers_refuse_who_has_bought_before(sku):
    campaign = make_group_buy(sku, newcomers_only=True)
    old, new = make_member(), make_member()
    make_order(member=old, paid=True)
    make_order(member=new)

    with pytest.raises(NewBuyersOnly):
        make_group_order(campaign, member=old)

    assert make_group_order(campaign, member=new).offer_reference
    assert Team.objects.get().opener_id == new.pk


def test_constraints_hold_what_the_verbs_promise(opened):
    team = team_of(opened)

    for values in (
        {"seats_taken": 4},
        {"seats_paid": 2},
        {"state": "succeeded", "ended_at": NOON},
        {"state": "failed"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Team.objects.filter(pk=team.pk).update(**values)


def test_releasing_costs_the_same_for_two_orders_and_for_fifty(sku):
    counts = []
    for size in (3, 21):
        campaign = make_group_buy(sku, size=size)
        opened = make_group_order(campaign, paid=True)
        for _n in range(size - 2):
            make_group_order(campaign, opened.offer_reference, paid=True)
        with count_queries(at_most=8) as statements:
            assert release_group(team_number=opened.offer_reference, at=NOON) == size - 1
        counts.append(len(statements))

    assert counts[0] == counts[1]


def pay_later(order):
    """A payment that was started before its order closed for want of money."""
    payment = open_sandbox_payment(order)
    close_order(order_id=order.pk, reason="timeout", at=NOON)
    return payment


def arrive(payment, at):
    """The provider says after all that it has the money."""
    trade = Trade(
        payment_no=payment.payment_no,
        state=TradeState.PAID,
        amount_fen=payment.amount_fen,
        currency="CNY",
        transaction_id=f"late-{payment.payment_no}",
    )
    apply_trade(provider="sandbox", trade=trade, at=at)


def test_a_new_buyer_is_one_once_not_in_several_groups_at_a_time():
    first, second = (
        make_group_buy(make_stocked_sku(price_fen=10_000), newcomers_only=True) for _n in range(2)
    )
    buyer = make_member()
    order = make_group_order(first, member=buyer)

    with pytest.raises(NewBuyersOnly):
        make_group_order(second, member=buyer)
    close_order(order_id=order.pk, reason="timeout", at=NOON)

    assert make_group_order(second, member=buyer, paid=True).stage == "grouping"
    assert Order.objects.count() == 2
