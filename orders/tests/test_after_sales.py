"""After-sales by their verbs: asking, deciding, going back, what each gives back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from catalog.testing import make_media, make_sku
from inventory.models import Reservation, StockItem
from inventory.testing import broken_books, make_stock
from mall.kernel.errors import NotFound
from mall.kernel.notify.models import Message
from mall.kernel.outbox import relay_batch
from members.models import GrowthEntry, PointsAccount, Wallet
from members.services import earn_points
from members.testing import make_member, make_operator
from orders.errors import (
    AfterSaleMoved,
    AfterSaleNotOffered,
    AfterSaleOver,
    AmountTooHigh,
    ExchangeRefused,
    NothingToReturn,
    NothingToShip,
    PickupDayRefused,
    SecondPersonNeeded,
    TooManyPictures,
    TooManyToReturn,
)
from orders.models import (
    AfterSale,
    AfterSalePolicy,
    Order,
    OrderTask,
    PickupRequest,
    Refund,
    ServiceLimit,
    Upload,
)
from orders.services import (
    PickupWish,
    Request,
    Wish,
    approve_after_sale,
    cancel_after_sale,
    cancel_order,
    compensate,
    confirm_refund,
    decide_compensation,
    expire_after_sales,
    inspect_return,
    preview,
    receive_order,
    refund_after_sale,
    refuse_after_sale,
    request_after_sale,
    resend_after_sale,
    send_back,
    ship_order,
)
from orders.testing import NOON, make_order, make_presale, make_stocked_sku, offered, pay
from orders.tests.cases import LATER, ask, clerk, drain, granted, sent_order
from promotions.models import Campaign
from promotions.testing import make_campaign, make_coupon, make_grant

pytestmark = pytest.mark.django_db
State, Status = AfterSale.State, Order.Status


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def line_of(order):
    return order.lines.order_by("position").first()


def house_of(order):
    return StockItem.objects.filter(sku=line_of(order).sku).first().warehouse_id


def test_O_45_refund_of_one_of_two_pieces_returns_its_share_and_keeps_the_order():
    order = make_order(paid=True, quantity=2, sku=make_stocked_sku(price_fen=10_001))

    case = granted(order)
    drain()

    order, line = fresh(order), line_of(order)
    assert (case.state, fresh(case).state) == (State.REFUNDING, State.DONE)
    assert case.money_fen in (10_001, 10_000)
    assert (line.refunded, line.refunding, line.withdrawn, line.withdrawing) == (1, 0, 1, 0)
    assert (order.status, order.refunded_fen) == (Status.PAID, case.money_fen)
    assert Refund.objects.get(order=order).after_sale == case
    assert Reservation.objects.get(source_id=order.number).held == 1
    assert broken_books() == []


def test_the_last_unshipped_piece_closes_the_order_and_brings_freight_and_coupon_back():
    member = make_member()
    grant = make_grant(member=member)
    order = make_order(paid=True, quantity=2, member=member, coupon_grant_ids=(grant.pk,))

    granted(order)
    granted(order)
    drain()

    order = fresh(order)
    grant.refresh_from_db()
    assert (order.status, order.close_reason) == (Status.CLOSED, Order.CloseReason.REFUNDED)
    assert (order.refunded_fen, order.freight_refunded_fen) == (order.paid_fen, order.freight_fen)
    assert grant.state == "usable"
    assert not Reservation.objects.open().filter(source_id=order.number).exists()
    assert broken_books() == []


def test_a_partly_shipped_order_whose_rest_is_paid_back_is_shipped():
    order = make_order(paid=True, quantity=3)
    line = line_of(order)
    ship_order(
        order_number=order.number,
        carrier="sf",
        tracking_no="SF1",
        pieces={line.pk: 2},
        at=NOON,
    )

    case = ask(order, 1)
    held_back = fresh(order).status
    with pytest.raises(NothingToShip):
        ship_order(order_number=order.number, carrier="sf", tracking_no="SF2", at=LATER)
    approve_after_sale(number=case.number, at=LATER)

    assert held_back == Status.PART_SHIPPED
    assert fresh(order).status == Status.SHIPPED
    assert fresh(order).receive_due_at is not None


def test_INV_28_a_piece_held_back_is_shipped_after_a_refusal():
    order = make_order(paid=True, quantity=1)
    case = ask(order)

    refuse_after_sale(number=case.number, reason="packed", actor=make_operator(), at=LATER)
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=LATER)

    assert fresh(order).status == Status.SHIPPED
    assert (line_of(order).refunding, line_of(order).withdrawing) == (0, 0)


def test_O_44_day_8_without_a_reason_is_refused_a_fault_within_its_days_is_not():
    order = sent_order(received=True)
    day_7, day_8 = NOON + timedelta(days=7), NOON + timedelta(days=8)
    wish = {"kind": "return_refund", "reason": "no_reason"}

    with pytest.raises(AfterSaleOver) as refusal:
        ask(order, at=day_8, **wish)
    assert not AfterSale.objects.exists()
    fault = ask(order, at=day_8, kind="return_refund", reason="quality")
    cancel_after_sale(number=fault.number, member_id=order.member_id, at=day_8)
    in_time = ask(order, at=day_7, **wish)

    assert refusal.value.facts == {"days": 7}
    assert in_time.state == State.REQUESTED
    with pytest.raises(AfterSaleOver):
        ask(sent_order(received=True), at=NOON + timedelta(days=31), reason="quality")


def test_O_44_a_category_has_its_own_days():
    order = sent_order(received=True)
    AfterSalePolicy.objects.create(category=line_of(order).product.category, no_reason_days=0)

    with pytest.raises(AfterSaleOver):
        ask(order, kind="return_refund", reason="no_reason")


def test_O_49_a_case_without_a_reason_cannot_be_written():
    order = make_order(paid=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        AfterSale.objects.create(
            number="A1", order=order, member=order.member, kind="refund_only", requested_at=NOON
        )


def test_goods_that_were_sent_are_not_paid_back_without_a_fault_or_coming_back():
    with pytest.raises(AfterSaleNotOffered):
        ask(sent_order(), kind="refund_only", reason="unwanted")
    with pytest.raises(TooManyToReturn):
        ask(make_order(paid=True), kind="return_refund", reason="quality")
    with pytest.raises(AfterSaleNotOffered):
        ask(make_order(paid=False), kind="refund_only")


def test_pieces_are_asked_about_once():
    order = make_order(paid=True, quantity=2)
    ask(order, 2)

    with pytest.raises(TooManyToReturn) as refusal:
        ask(order, 1)
    assert refusal.value.facts["left"] == 0
    with pytest.raises(NothingToReturn):
        request_after_sale(
            number=order.number,
            member_id=order.member_id,
            request=Request(wish=Wish("refund_only", "unwanted", {})),
            at=LATER,
        )


def test_ATK_05_anothers_order_case_and_picture_are_not_there():
    order, stranger = make_order(paid=True), make_member()
    case = ask(order)
    wish = Wish("refund_only", "unwanted", {line_of(order).pk: 1})
    picture = Upload.objects.create(
        member=stranger, media=make_media(), purpose="after_sale", created_at=NOON
    )
    other = make_order(paid=True, member=order.member)

    with pytest.raises(NotFound):
        preview(number=order.number, member_id=stranger.pk, wish=wish, at=LATER)
    with pytest.raises(NotFound):
        cancel_after_sale(number=case.number, member_id=stranger.pk, at=LATER)
    with pytest.raises(NotFound):
        ask(other, upload_ids=(picture.pk,))
    with pytest.raises(TooManyPictures):
        ask(other, upload_ids=tuple(range(1, 9)))
    assert AfterSale.objects.count() == 1
    assert fresh(picture).after_sale is None


def test_O_47_I_22_a_return_goes_through_all_its_states_and_its_goods_by_their_grade():
    operator = make_operator()
    order = sent_order(received=True, quantity=2)
    stock = StockItem.objects.get(sku=line_of(order).sku)
    case = ask(order, 2, kind="return_refund", reason="quality")

    approve_after_sale(number=case.number, actor=operator, at=LATER)
    assert fresh(case).state == State.AWAITING_RETURN
    send_back(
        number=case.number, member_id=order.member_id, carrier="sf", tracking_no="RT1", at=LATER
    )
    assert fresh(case).state == State.RETURNING
    inspect_return(
        number=case.number,
        grades={case.lines.get().pk: {"A": 1, "C": 1}},
        warehouse_id=stock.warehouse_id,
        actor=operator,
        at=LATER,
    )
    assert fresh(case).state == State.INSPECTED
    refund_after_sale(number=case.number, actor=operator, at=LATER)
    drain()

    after = fresh(stock)
    assert fresh(case).state == State.DONE
    assert (after.on_hand, after.defective) == (stock.on_hand + 1, 1)
    assert fresh(order).refunded_fen == order.paid_fen
    assert [event.code for event in case.events.all()] == [
        "requested",
        "awaiting_return",
        "returning",
        "inspected",
        "refunding",
        "done",
    ]
    assert broken_books() == []


def test_goods_that_are_missing_are_not_paid_for():
    operator = make_operator()
    order = sent_order(received=True, quantity=2)
    case = ask(order, 2, kind="return_refund", reason="no_reason")
    approve_after_sale(number=case.number, actor=operator, at=LATER)

    inspect_return(
        number=case.number,
        grades={case.lines.get().pk: {"A": 1}},
        warehouse_id=house_of(order),
        actor=operator,
        at=LATER,
    )

    assert fresh(case).goods_fen == line_of(order).payable_fen // 2


def test_INV_20_points_spent_come_back_and_points_earned_are_taken_with_a_debt():
    member = make_member()
    earn_points(member_id=member.pk, points=1_001, source_type="test", source_id="1", at=NOON)
    order = make_order(paid=True, member=member, quantity=3, sku=make_stocked_sku(), points=1_000)
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON)
    order = receive_order(number=order.number, at=NOON)
    account = PointsAccount.objects.get(member=member)
    earned = account.balance - 1
    PointsAccount.objects.filter(pk=account.pk).update(balance=account.balance)

    cases = [return_one(order) for _n in range(3)]

    account.refresh_from_db()
    growth = GrowthEntry.objects.filter(member=member)
    assert sum(case.points_back for case in cases) == 1_000
    assert sum(case.points_taken for case in cases) == earned == order.points_earned
    assert (account.balance, account.debt) == (1_001, 0)
    assert sum(growth.values_list("delta_fen", flat=True)) == 0
    assert fresh(order).refunded_fen == order.paid_fen - order.freight_fen
    assert fresh(order).status == Status.RECEIVED
    assert broken_books() == []


def return_one(order):
    operator = make_operator()
    case = ask(order, 1, kind="return_refund", reason="no_reason")
    approve_after_sale(number=case.number, actor=operator, at=LATER)
    inspect_return(
        number=case.number,
        grades={case.lines.get().pk: {"A": 1}},
        warehouse_id=house_of(order),
        actor=operator,
        at=LATER,
    )
    return refund_after_sale(number=case.number, actor=operator, at=LATER)


def test_a_coupon_that_does_not_return_on_refund_is_forfeit():
    member = make_member()
    grant = make_grant(member=member, coupon=make_coupon(returns_on_refund=False))
    order = make_order(paid=True, member=member, coupon_grant_ids=(grant.pk,))

    granted(order)

    grant.refresh_from_db()
    assert grant.state == "forfeit"


def gift_order(**values):
    """A received order of one SKU with a gift worth ¥20."""
    sku, gift = make_stocked_sku(), make_sku(price_fen=2_000)
    make_stock(sku=gift, on_hand=5)
    rule = {"options": [{"sku_id": gift.pk, "value_fen": 2_000}], "threshold_fen": 5_000}
    make_campaign(Campaign.Kind.GIFT, rule=rule)
    return sent_order(sku=sku, received=True, **values)


def test_a_gift_goes_back_with_its_goods_and_is_charged_when_it_is_missing():
    operator = make_operator()
    order = gift_order()
    case = ask(order, kind="return_refund", reason="no_reason")
    approve_after_sale(number=case.number, actor=operator, at=LATER)
    goods, gift = case.lines.order_by("is_gift")
    inspect_return(
        number=case.number,
        grades={goods.pk: {"A": 1}},
        warehouse_id=house_of(order),
        actor=operator,
        at=LATER,
    )
    refund_after_sale(number=case.number, actor=operator, at=LATER)

    assert (gift.is_gift, gift.line.gift_for) == (True, [1])
    assert fresh(case).gift_charge_fen == 2_000
    assert fresh(order).refunded_fen == line_of(order).payable_fen - 2_000
    assert broken_books() == []


def test_a_gift_that_was_not_sent_goes_with_the_order():
    order = gift_order()
    second = make_order(paid=True, sku=line_of(order).sku, member=order.member)

    granted(second)

    gift = second.lines.get(is_gift=True)
    assert (gift.refunded, gift.withdrawn) == (1, 1)
    assert fresh(second).status == Status.CLOSED
    assert broken_books() == []


def test_a_refund_of_a_presale_goes_back_over_both_its_payments():
    item = make_presale().items.get()
    order = make_order(wanted=(offered(item),))
    pay(order)
    later = NOON + timedelta(days=3)
    pay(fresh(order), at=later)
    order = fresh(order)

    granted(order, at=later)
    drain(later)

    refunds = Refund.objects.filter(order=order).order_by("pk")
    assert [refund.payment.leg for refund in refunds] == ["balance", "deposit"]
    assert sum(refund.amount_fen for refund in refunds) == order.payable_fen
    assert fresh(order).status == Status.CLOSED
    assert broken_books() == []


def test_an_exchange_sends_a_replacement_and_no_money():
    operator = make_operator()
    order = sent_order(received=True)
    case = ask(order, kind="exchange", reason="size")
    stock = StockItem.objects.get(sku=line_of(order).sku)
    approve_after_sale(number=case.number, actor=operator, at=LATER)
    assert fresh(stock).reserved == stock.reserved + 1
    inspect_return(
        number=case.number,
        grades={case.lines.get().pk: {"A": 1}},
        warehouse_id=stock.warehouse_id,
        actor=operator,
        at=LATER,
    )

    for pay_instead in (refund_after_sale, confirm_refund):
        with pytest.raises(AfterSaleNotOffered):
            pay_instead(number=case.number, actor=make_operator(), at=LATER)
    resend_after_sale(number=case.number, carrier="sf", tracking_no="SF9", actor=operator, at=LATER)

    case, line = fresh(case), line_of(order)
    assert (case.state, case.replacement.tracking_no) == (State.DONE, "SF9")
    assert (line.refunding, line.refunded, line.shipped) == (0, 0, 1)
    assert not Refund.objects.exists()
    assert (fresh(stock).on_hand, fresh(stock).reserved) == (stock.on_hand, stock.reserved)
    assert broken_books() == []


def test_an_exchange_is_for_the_same_product_at_the_same_price():
    order = sent_order(received=True)
    line = line_of(order)
    other = make_stocked_sku()

    with pytest.raises(ExchangeRefused):
        ask(order, kind="exchange", reason="size", exchange_skus=((line.pk, other.pk),))


def test_nobody_grants_more_than_the_share():
    order = make_order(paid=True)
    case = ask(order)
    row = case.lines.get()

    with pytest.raises(AmountTooHigh):
        approve_after_sale(
            number=case.number,
            actor=make_operator(),
            amounts_fen={row.pk: row.entitled_fen + 1},
            at=LATER,
        )
    assert fresh(case).state == State.REQUESTED
    less = approve_after_sale(
        number=case.number,
        actor=make_operator(),
        amounts_fen={row.pk: row.entitled_fen - 100},
        at=LATER,
    )
    assert fresh(order).refunded_fen == less.money_fen == order.paid_fen - 100


def test_ATK_84_above_the_limit_a_second_person_says_yes_and_small_steps_add_up():
    first = clerk("first", "approve_aftersale")
    second = clerk("second", "refund_aftersale")
    ServiceLimit.objects.create(group=first.groups.get(), refund_order_fen=15_000)
    order = make_order(paid=True, quantity=3, sku=make_stocked_sku(price_fen=10_000))

    small = approve_after_sale(number=ask(order).number, actor=first, at=LATER)
    split = approve_after_sale(number=ask(order).number, actor=first, at=LATER)
    with pytest.raises(SecondPersonNeeded):
        confirm_refund(number=split.number, actor=first, at=LATER)
    waits = fresh(split).state
    confirm_refund(number=split.number, actor=second, at=LATER)

    assert (small.state, waits) == (State.REFUNDING, State.APPROVED)
    assert fresh(split).state == State.REFUNDING


def test_O_50_30_yuan_passes_at_once_80_wait_for_another():
    first, second = clerk("first"), clerk("second")
    order = make_order(paid=True, quantity=3)
    ServiceLimit.objects.create(group=first.groups.get(), compensation_order_fen=5_000)
    give = {"order_number": order.number, "reason": "late", "at": LATER}

    small = compensate(amount_fen=3_000, actor=first, **give)
    big = compensate(amount_fen=8_000, actor=first, **give)
    rest = compensate(amount_fen=2_001, actor=first, **give)
    with pytest.raises(SecondPersonNeeded):
        decide_compensation(number=big.number, approve=True, actor=first, at=LATER)
    paid_before = Wallet.objects.get(member=order.member).balance_fen
    decide_compensation(number=big.number, approve=True, actor=second, at=LATER)

    assert [row.state for row in (small, big, rest)] == ["paid", "pending", "pending"]
    assert paid_before == 3_000
    assert Wallet.objects.get(member=order.member).balance_fen == 11_000
    with pytest.raises(AfterSaleMoved):
        decide_compensation(number=big.number, approve=True, actor=second, at=LATER)
    assert broken_books() == []


def test_O_43_cancelling_restores_all_at_once_and_a_packed_order_waits_for_the_shop():
    quick, packed = make_order(paid=True), make_order(paid=True)
    Order.objects.filter(pk=packed.pk).update(stage=Order.Stage.PACKED)

    for order in (quick, packed):
        cancel_order(number=order.number, member_id=order.member_id, reason="no", at=LATER)

    case = AfterSale.objects.get(order=packed)
    assert fresh(quick).status == Status.CLOSED
    assert (fresh(packed).status, case.state) == (Status.PAID, State.REQUESTED)
    approve_after_sale(number=case.number, actor=make_operator(), at=LATER)
    assert fresh(packed).status == Status.CLOSED
    assert broken_books() == []


def test_O_43_an_order_of_which_a_part_went_back_is_cancelled_for_the_rest():
    order = make_order(paid=True, quantity=2)
    granted(order)

    cancel_order(number=order.number, member_id=order.member_id, reason="no", at=LATER)

    assert fresh(order).status == Status.CLOSED
    assert fresh(order).refunded_fen == order.paid_fen
    assert broken_books() == []


def test_O_46_a_door_pickup_shows_on_the_case_and_in_the_list_of_pickups():
    order = sent_order(received=True)
    tomorrow = (LATER + timedelta(days=1)).date()
    wish = {"kind": "return_refund", "reason": "quality"}

    case = ask(order, pickup=PickupWish(tomorrow, "09-12"), **wish)

    pickup = PickupRequest.objects.get(after_sale=case)
    with override("en"):
        assert (pickup.day, pickup.get_window_display()) == (tomorrow, "9:00 to 12:00")
    assert OrderTask.objects.open().get(kind=OrderTask.Kind.PICKUP).reference == case.number
    cancel_after_sale(number=case.number, member_id=order.member_id, at=LATER)
    assert fresh(pickup).state == PickupRequest.State.CANCELLED
    assert not OrderTask.objects.open().exists()
    with pytest.raises(PickupDayRefused):
        ask(order, pickup=PickupWish(LATER.date() + timedelta(days=9), "09-12"), **wish)


def test_O_48_the_buyer_is_repaid_the_freight_of_a_faulty_return():
    operator = make_operator()
    faulty, unwanted = sent_order(received=True), sent_order(received=True)
    for order, reason in ((faulty, "damaged"), (unwanted, "no_reason")):
        case = ask(order, kind="return_refund", reason=reason)
        approve_after_sale(number=case.number, actor=operator, at=LATER)
        inspect_return(
            number=case.number,
            grades={case.lines.get().pk: {"A": 1}},
            warehouse_id=house_of(order),
            return_freight_fen=1_200,
            actor=operator,
            at=LATER,
        )

    payers = dict(AfterSale.objects.values_list("reason", "freight_payer"))
    assert payers == {"damaged": "merchant", "no_reason": "buyer"}
    assert Wallet.objects.get(member=faulty.member).balance_fen == 1_200
    assert not Wallet.objects.filter(member=unwanted.member, balance_fen__gt=0).exists()


def test_goods_that_are_not_sent_back_in_time_end_the_case():
    order = sent_order(received=True)
    case = granted(order, kind="exchange", reason="size")
    late = LATER + timedelta(days=7)

    assert expire_after_sales(late - timedelta(seconds=1)) == 0
    assert expire_after_sales(late) == 1
    assert expire_after_sales(late) == 0

    assert fresh(case).state == State.CANCELLED
    assert line_of(order).refunding == 0
    assert broken_books() == []


def test_a_case_moves_once_and_the_buyer_hears_of_each_step():
    order = make_order(paid=True)
    case = ask(order)
    refuse_after_sale(number=case.number, reason="packed", actor=make_operator(), at=LATER)

    with pytest.raises(AfterSaleMoved) as refusal:
        approve_after_sale(number=case.number, actor=make_operator(), at=LATER)
    assert refusal.value.facts == {"state": State.REFUSED}
    told = Message.objects.filter(template__startswith="orders.after_sale")
    assert set(told.values_list("template", flat=True)) == {
        "orders.after_sale_requested",
        "orders.after_sale_refused",
    }


def test_the_preview_says_what_comes_back_and_changes_nothing(django_assert_num_queries):
    order = make_order(paid=True, quantity=2)
    wish = Wish("refund_only", "unwanted", {line_of(order).pk: 2})

    with django_assert_num_queries(7):
        _facts, answer = preview(
            number=order.number, member_id=order.member_id, wish=wish, at=LATER
        )

    assert answer.money_fen == order.paid_fen
    assert not AfterSale.objects.exists()


def test_sales_are_counted_back():
    order = make_order(paid=True, quantity=2)
    granted(order)
    relay_batch(LATER, limit=50)

    product = line_of(order).product
    product.refresh_from_db()
    assert product.sales_count == 1
