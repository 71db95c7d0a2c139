"""Group buys and bargains under contention, on real connections; each race with its control."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from mall.kernel.invariants import audit
from mall.kernel.outbox import relay_batch
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members.models import WalletEntry
from members.testing import make_address, make_member
from orders.models import Order
from orders.providers import Trade, TradeState
from orders.services import Submission, Wanted, place_order
from orders.services.settling import apply_trade
from orders.testing import NOON, make_group_order, make_stocked_sku, open_sandbox_payment
from promotions import engine
from promotions.errors import AlreadyHelped, FloorReached, TeamFull
from promotions.models import ActivityItem, BargainHelp, BargainStart, OfferHold, Team, TeamSeat
from promotions.services import fail_due_teams, help_bargain, start_bargain
from promotions.testing import make_bargain, make_group_buy

pytestmark = pytest.mark.django_db(transaction=True)
CONTENDERS = 50
TOO_LATE = NOON + timedelta(days=1)


def broken():
    return {invariant.code: found for invariant, found in audit() if found}


def buyers(count):
    members = [make_member() for _n in range(count)]
    return [(member.pk, make_address(member=member).pk) for member in members]


def joins(campaign, team_number, people):
    """Placing an order for a seat of the team, as the n-th of ``people``."""
    item = campaign.items.get()
    offer = engine.Offer("group", campaign.pk, team_number)

    def join(number):
        member_id, address_id = people[number]
        wanted = (Wanted(item.sku_id, 1, offer),)
        submission = Submission(address_id=address_id, wanted=wanted)
        return place_order(member_id=member_id, submission=submission, at=NOON).number

    return join


def almost_full(**rule):
    """A group buy with a team of three of whom two have paid."""
    campaign = make_group_buy(make_stocked_sku(on_hand=200), **rule)
    opened = make_group_order(campaign, paid=True)
    make_group_order(campaign, opened.offer_reference, paid=True)
    return campaign, opened.offer_reference


def test_P_32_of_fifty_who_want_the_last_seat_exactly_one_gets_it():
    campaign, team_number = almost_full()
    people = buyers(CONTENDERS)

    outcomes = stampede(CONTENDERS, joins(campaign, team_number, people))

    assert len(outcomes.results) == 1
    assert outcomes.only(TeamFull)
    assert Team.objects.get().seats_taken == TeamSeat.objects.count() == 3
    assert ActivityItem.objects.get().taken == Order.objects.count() == 3
    assert broken() == {}


def test_control_without_the_guarded_count_only_the_constraint_saves_the_last_seat(monkeypatch):
    campaign, team_number = almost_full()
    people = buyers(10)
    monkeypatch.setattr(type(Team.objects.all()), "with_seat", lambda self: self)

    outcomes = stampede(10, joins(campaign, team_number, people))

    assert len(outcomes.results) == 1
    assert len(outcomes.errors) == 9
    assert outcomes.only(IntegrityError)
    assert Team.objects.get().seats_taken == 3


def paid_at_once(orders):
    """The provider's word that the n-th order is paid, all of them at the same time."""
    payments = [open_sandbox_payment(order) for order in orders]

    def arrive(number):
        payment = payments[number]
        trade = Trade(
            payment_no=payment.payment_no,
            state=TradeState.PAID,
            amount_fen=payment.amount_fen,
            transaction_id=f"t-{payment.payment_no}",
        )
        return apply_trade(provider="sandbox", trade=trade, at=NOON).outcome

    return arrive


def three_unpaid(**rule):
    campaign = make_group_buy(make_stocked_sku(), **rule)
    opened = make_group_order(campaign)
    return [opened, *(make_group_order(campaign, opened.offer_reference) for _n in range(2))]


def test_three_payments_at_once_complete_the_team_once():
    orders = three_unpaid(packet_fen=100)

    outcomes = stampede(3, paid_at_once(orders))
    relay_batch(NOON)

    assert not outcomes.errors
    team = Team.objects.get()
    assert (team.state, team.seats_paid) == ("succeeded", 3)
    assert OutboxEvent.objects.filter(name="promotions.group_succeeded").count() == 1
    assert WalletEntry.objects.count() == 1
    assert set(Order.objects.values_list("status", "stage")) == {("paid", "to_pack")}
    assert broken() == {}


def test_control_without_locks_payments_of_one_team_overwrite_each_other():
    orders = three_unpaid()

    with (
        without_locks(),
        all_read_before_any_writes("promotions.services.teaming._check_time", 3),
    ):
        stampede(3, paid_at_once(orders))

    assert Team.objects.get().seats_paid < 3
    assert "INV-24a" in broken()


def test_F_39_the_last_payment_and_the_time_out_end_the_team_once():
    campaign, team_number = almost_full()
    last = make_group_order(campaign, team_number)
    arrive = paid_at_once([last])

    outcomes = stampede(4, lambda n: arrive(0) if n == 0 else fail_due_teams(TOO_LATE))
    for _n in range(2):
        relay_batch(TOO_LATE)

    assert not outcomes.errors
    ended = OutboxEvent.objects.filter(name__startswith="promotions.group_")
    assert ended.count() == 1
    team = Team.objects.get()
    paid = Order.objects.filter(status="paid").count()
    assert (team.state, paid) in {("succeeded", 3), ("failed", 0)}
    assert broken() == {}


def bargain_of(helps):
    sku = make_stocked_sku()
    campaign = make_bargain(sku, helps=helps)
    return start_bargain(
        campaign_id=campaign.pk, sku_id=sku.pk, member_id=make_member().pk, at=NOON
    )


def helps_of(start, members):
    def cut(number):
        return help_bargain(
            number=start.number, helper_id=members[number % len(members)].pk, at=NOON
        ).cut_fen

    return cut


def test_P_34_of_fifty_friends_ten_cut_and_the_cuts_add_up():
    start = bargain_of(10)
    friends = [make_member() for _n in range(CONTENDERS)]

    outcomes = stampede(CONTENDERS, helps_of(start, friends))

    assert len(outcomes.results) == 10
    assert sum(outcomes.results) == 3_000
    assert outcomes.only(FloorReached)
    assert BargainStart.objects.get().price_fen == 5_000
    assert broken() == {}


def test_one_friend_twenty_times_at_once_helps_once():
    start = bargain_of(10)

    outcomes = stampede(20, helps_of(start, [make_member()]))

    assert len(outcomes.results) == 1
    assert outcomes.only(AlreadyHelped)
    assert BargainHelp.objects.count() == BargainStart.objects.get().helps == 1


def test_control_without_locks_only_the_constraints_stop_friends_who_cut_at_once():
    start = bargain_of(10)
    friends = [make_member() for _n in range(5)]

    with (
        without_locks(),
        all_read_before_any_writes("promotions.services.bargaining._check_helpable", 5),
    ):
        outcomes = stampede(5, helps_of(start, friends))

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)


def test_a_member_who_opens_twenty_times_at_once_has_one_team():
    campaign = make_group_buy(make_stocked_sku())
    people = buyers(1) * 20

    outcomes = stampede(20, joins(campaign, "", people))

    assert len(outcomes.results) == 1
    assert Team.objects.count() == OfferHold.objects.count() == 1
    assert broken() == {}
