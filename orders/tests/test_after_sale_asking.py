"""Who may ask for what and until when, what is called off, what a preview says.

Source: O-43, O-44, O-49, ATK-05.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from catalog.testing import make_media
from inventory.testing import broken_books
from mall.kernel.errors import NotFound
from members.testing import make_member, make_operator
from orders.errors import (
    AfterSaleExcluded,
    AfterSaleNotOffered,
    AfterSaleOver,
    ExchangeRefused,
    NothingToReturn,
    NotSentYet,
    ReturnComesFirst,
    TooManyPictures,
    TooManyToReturn,
)
from orders.models import AfterSale, AfterSalePolicy, Order, Upload
from orders.refunds import Window
from orders.selectors import return_promise
from orders.services import (
    Request,
    Wish,
    approve_after_sale,
    cancel_after_sale,
    cancel_order,
    preview,
    request_after_sale,
)
from orders.testing import NOON, make_order, make_stocked_sku
from orders.tests.cases import LATER, ask, fresh, granted, line_of, sent_order

pytestmark = pytest.mark.django_db
State, Status = AfterSale.State, Order.Status


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

    with pytest.raises(AfterSaleExcluded) as refusal:
        ask(order, kind="return_refund", reason="no_reason")

    with translation.override("en"):
        assert "is not taken back for this reason" in str(refusal.value)
    assert refusal.value.code == AfterSaleOver.code
    assert not AfterSale.objects.exists()


@pytest.mark.parametrize(
    ("days", "kind", "reason", "said"),
    [
        ((7, 30, 0), "exchange", "size", "is not exchanged for this reason: choose “Return and"),
        ((0, 30, 0), "exchange", "size", "is exchanged only when something is wrong with it"),
        ((0, 0, 0), "exchange", "size", "is not exchanged for this reason."),
        ((0, 0, 15), "exchange", "quality", "is not exchanged for this reason."),
        ((0, 0, 0), "return_refund", "quality", "is not taken back for this reason."),
        ((0, 0, 0), "return_refund", "no_reason", "is not taken back for this reason."),
        ((0, 30, 0), "return_refund", "no_reason", "say that as the reason."),
    ],
)
def test_O_44_a_refusal_names_the_way_that_is_open_and_no_other(days, kind, reason, said):
    order = sent_order(received=True)
    names = ("no_reason_days", "quality_days", "exchange_days")
    category = line_of(order).product.category
    AfterSalePolicy.objects.create(category=category, **dict(zip(names, days, strict=True)))

    with pytest.raises(AfterSaleExcluded) as refusal:
        ask(order, kind=kind, reason=reason)

    with translation.override("en"):
        words = str(refusal.value)
    assert said in words
    assert words.endswith(said) is said.endswith(".")


def test_O_44_a_return_whose_days_are_over_is_not_advised():
    order = sent_order(received=True)
    AfterSalePolicy.objects.create(category=line_of(order).product.category, exchange_days=0)

    with pytest.raises(AfterSaleExcluded) as refusal:
        ask(order, kind="exchange", reason="size", at=NOON + timedelta(days=8))

    with translation.override("en"):
        assert "Return and refund" not in str(refusal.value)


def test_O_44_a_promise_is_said_with_the_words_of_the_nearest_category():
    category = line_of(make_order()).product.category
    words = {"note_zh": "生鲜不退", "note_en": "Fresh goods stay"}
    AfterSalePolicy.objects.create(category=category, no_reason_days=0, exchange_days=0, **words)

    near, far = return_promise(category.path_ids), return_promise([0])

    assert (near.window, near.note_zh, near.note_en) == (Window(0, 30, 0), *words.values())
    assert (far.window, far.note_zh) == (Window(7, 30, 15), "")


def test_O_49_a_case_without_a_reason_cannot_be_written():
    order = make_order(paid=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        AfterSale.objects.create(
            number="A1", order=order, member=order.member, kind="refund_only", requested_at=NOON
        )


def test_goods_that_were_sent_are_not_paid_back_without_a_fault_or_coming_back():
    with pytest.raises(ReturnComesFirst) as sent:
        ask(sent_order(), kind="refund_only", reason="unwanted")
    with pytest.raises(NotSentYet) as here:
        ask(make_order(paid=True), kind="return_refund", reason="quality")
    with pytest.raises(AfterSaleNotOffered) as unpaid:
        ask(make_order(paid=False), kind="refund_only")

    assert [refusal.value.code for refusal in (sent, here, unpaid)] == [
        "orders.after_sale_not_offered",
        "orders.too_many_to_return",
        "orders.after_sale_not_offered",
    ]
    with translation.override("en"):
        assert "choose “Return and refund”" in str(sent.value)
        assert "choose “Refund without return”" in str(here.value)


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


def test_an_exchange_is_for_the_same_product_at_the_same_price():
    order = sent_order(received=True)
    line = line_of(order)
    other = make_stocked_sku()

    with pytest.raises(ExchangeRefused):
        ask(order, kind="exchange", reason="size", exchange_skus=((line.pk, other.pk),))


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


def test_the_preview_says_what_comes_back_and_changes_nothing(django_assert_num_queries):
    order = make_order(paid=True, quantity=2)
    wish = Wish("refund_only", "unwanted", {line_of(order).pk: 2})

    with django_assert_num_queries(8):
        _facts, answer = preview(
            number=order.number, member_id=order.member_id, wish=wish, at=LATER
        )

    assert answer.money_fen == order.paid_fen
    assert not AfterSale.objects.exists()


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
