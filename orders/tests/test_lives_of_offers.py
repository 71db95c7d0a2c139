"""What an order of a campaign holds through its stranger lives: closed and revived, closed by the
shop, paid with points, reminded among many."""

from datetime import timedelta

import pytest

from mall.kernel.errors import InvalidInput
from mall.kernel.invariants import audit
from mall.kernel.notify.models import Message
from members.services import earn_points
from members.testing import make_member, make_operator
from orders.models import Refund
from orders.services import (
    accept_notice,
    cancel_order,
    close_by_shop,
    close_unpaid,
    remind_balances,
)
from orders.testing import (
    NOON,
    make_order,
    make_presale,
    make_stocked_sku,
    offered,
    open_sandbox_payment,
    pay,
    write_notice,
)
from promotions.models import ActivityItem, BudgetUse, Campaign, OfferHold
from promotions.services import CampaignValues, Goods, save_campaign
from promotions.testing import make_threshold_off

pytestmark = pytest.mark.django_db(transaction=True)
BALANCE_FROM = NOON + timedelta(days=3)
PAID = {"trade_state": "SUCCESS", "transaction_id": "42000001"}


def send(envelope, at):
    accept_notice(provider="sandbox", headers=envelope.headers, body=envelope.body, at=at)


def broken():
    return {invariant.code: found for invariant, found in audit() if found}


def order_of(presale, **values):
    return make_order(wanted=(offered(ActivityItem.objects.get(campaign=presale)),), **values)


def spent_fen():
    return Campaign.objects.get().spent_fen


def test_P_45_an_order_that_late_money_revives_counts_against_its_budget_again():
    campaign = make_threshold_off(budget_fen=5_000)
    order = make_order(sku=make_stocked_sku(price_fen=30_000))
    payment = open_sandbox_payment(order)
    close_unpaid(payment.expires_at)
    assert spent_fen() == 0

    notice = write_notice(payment.payment_no, at=payment.expires_at, **PAID)
    send(notice, payment.expires_at)

    order.refresh_from_db()
    assert (order.status, order.discount_fen) == ("paid", 5_000)
    assert spent_fen() == 5_000
    assert BudgetUse.objects.get().returned_at is None
    assert broken() == {}

    cancel_order(number=order.number, member_id=order.member_id, reason="", at=payment.expires_at)
    campaign.refresh_from_db()
    assert campaign.spent_fen == 0
    assert broken() == {}


def test_late_money_goes_back_when_the_budget_was_spent_by_others_meanwhile():
    make_threshold_off(budget_fen=5_000)
    sku = make_stocked_sku(price_fen=30_000)
    order = make_order(sku=sku)
    payment = open_sandbox_payment(order)
    close_unpaid(payment.expires_at)
    make_order(sku=sku, at=payment.expires_at)

    send(write_notice(payment.payment_no, at=payment.expires_at, **PAID), payment.expires_at)

    order.refresh_from_db()
    assert (order.status, Refund.objects.get().amount_fen) == ("closed", order.payable_fen)
    assert spent_fen() == 5_000
    assert broken() == {}


@pytest.mark.parametrize(("by_shop", "back_fen"), [(True, 2_000), (False, 0)])
def test_a_shop_that_closes_a_presale_keeps_no_deposit_a_buyer_who_leaves_loses_it(
    by_shop, back_fen
):
    order = order_of(make_presale())
    pay(order)

    if by_shop:
        close_by_shop(order=order, reason="cannot be made", actor=make_operator(), at=NOON)
    else:
        cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)

    order.refresh_from_db()
    assert (order.status, order.paid_fen, order.refunded_fen) == ("closed", 2_000, back_fen)
    assert sum(Refund.objects.values_list("amount_fen", flat=True)) == back_fen
    assert broken() == {}


def test_a_presale_whose_balance_points_have_paid_is_paid_at_once():
    presale = make_presale(price_fen=20_000, deposit_fen=15_000, worth_fen=15_000)
    buyer = make_member()
    earn_points(member_id=buyer.pk, points=10_000, source_type="test", source_id="1", at=NOON)

    order = order_of(presale, member=buyer, points=10_000)
    assert (order.payable_fen, order.deposit_fen, order.balance_until) == (10_000, 0, None)
    pay(order)

    order.refresh_from_db()
    assert (order.status, order.paid_fen) == ("paid", 10_000)
    assert OfferHold.objects.get().state == "confirmed"
    assert broken() == {}


def test_O_33_who_was_reminded_makes_room_for_the_next():
    presale = make_presale()
    for _n in range(3):
        pay(order_of(presale))

    told = [remind_balances(BALANCE_FROM, limit=2) for _n in range(3)]

    assert told == [2, 1, 0]
    inbox = Message.objects.filter(template="orders.balance_open", channel="inbox")
    assert inbox.values("account").distinct().count() == 3


def written_again(presale, **changes):
    """The presale as an operator says it, with changes."""
    item = presale.items.get()
    facts = ("sku_id", "price_fen", "quota", "deposit_fen", "worth_fen")
    goods = Goods(**{name: getattr(item, name) for name in facts})
    return CampaignValues(
        **{
            "kind": presale.kind,
            "title_zh": "预售",
            "title_en": "Presale",
            "starts_at": presale.starts_at,
            "ends_at": presale.ends_at,
            "rule": presale.rule,
            "goods": [goods],
            **changes,
        }
    )


def test_a_presale_without_a_deposit_is_refused_when_it_is_written():
    presale = make_presale(sku=make_stocked_sku(price_fen=30_000))
    item = presale.items.get()
    bare = Goods(sku_id=item.sku_id, price_fen=item.price_fen, quota=item.quota)

    with pytest.raises(InvalidInput) as refused:
        save_campaign(values=written_again(presale, goods=[bare]), at=NOON)

    assert refused.value.facts["field"] == "deposit_fen"
    assert Campaign.objects.count() == 1


def test_a_presale_leaves_time_for_the_balance_of_its_last_deposits():
    presale = make_presale()

    with pytest.raises(InvalidInput) as refused:
        save_campaign(values=written_again(presale, ends_at=NOON + timedelta(days=5)), at=NOON)

    assert refused.value.facts["field"] == "balance_until"
    assert Campaign.objects.count() == 1
