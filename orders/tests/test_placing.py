"""Placing orders: the plans' own numbers, refusals that change nothing, frozen snapshots."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.services import set_sku_prices, take_off_sale
from catalog.testing import make_category, make_freight_template, make_product
from inventory.errors import OutOfStock
from inventory.models import Reservation, StockItem
from inventory.testing import make_stock
from mall.kernel.errors import NotFound
from members.errors import NotEnoughPoints
from members.models import PointsEntry
from members.selectors import shopper_of
from members.services import earn_points
from members.testing import make_address, make_member
from orders import errors
from orders.models import Order, OrderLineStep, Payment
from orders.presenting import order_dict
from orders.selectors import cart_view
from orders.selectors import order as read_order
from orders.services import (
    Ask,
    CartOwner,
    Submission,
    Wanted,
    add_line,
    place_order,
    quote,
)
from orders.testing import NOON, make_order, make_stocked_sku
from promotions.errors import CouponNotUsable
from promotions.models import CouponGrant
from promotions.testing import make_coupon, make_grant, make_sale, make_threshold_off

pytestmark = pytest.mark.django_db
XINJIANG = "650102002"


@pytest.fixture
def gold():
    member = make_member(tier="gold")
    make_address(member=member)
    return member


def submit(member, *skus, quantity=1, at=NOON, **values):
    wanted = tuple(Wanted(sku.pk, quantity) for sku in skus)
    address_id = values.pop("address_id", None) or member.addresses.first().pk
    submission = Submission(address_id=address_id, wanted=wanted, **values)
    return place_order(member_id=member.pk, submission=submission, at=at)


def nothing_changed():
    return not (
        Order.objects.exists() or Reservation.objects.exists() or OrderLineStep.objects.exists()
    )


def test_the_plans_own_example_300_less_50_at_95_percent(gold):
    make_threshold_off(steps=((30_000, 5_000),))

    order = submit(gold, make_stocked_sku(price_fen=10_000), quantity=3)

    assert (order.goods_fen, order.payable_fen, order.freight_fen) == (30_000, 23_750, 0)
    steps = [(s.lane, s.amount_fen) for s in OrderLineStep.objects.order_by("position")]
    assert steps == [("order_offer", 5_000), ("tier_rate", 1_250)]


def test_every_lane_at_once_adds_up_on_every_line(gold):
    sku, other = make_stocked_sku(price_fen=20_000), make_stocked_sku(price_fen=15_333)
    make_sale(prices={sku.pk: 18_000})
    make_threshold_off(steps=((30_000, 5_000),))
    grant = make_grant(member=gold, coupon=make_coupon(off_fen=2_000, threshold_fen=20_000))
    earn_points(member_id=gold.pk, points=50_000, source_type="test", source_id="1", at=NOON)

    order = submit(gold, sku, other, coupon_grant_ids=(grant.pk,), points=1_000)

    shown = order_dict(order, at=NOON)
    assert {step["lane"] for line in shown["lines"] for step in line["steps"]} == {
        "unit_price",
        "order_offer",
        "tier_rate",
        "coupon",
        "points",
    }
    for line in shown["lines"]:
        assert line["list_fen"] - sum(s["amount_fen"] for s in line["steps"]) == line["payable_fen"]
    assert shown["goods_fen"] - shown["discount_fen"] + shown["freight_fen"] == shown["payable_fen"]
    grant.refresh_from_db()
    assert (grant.state, grant.order_number) == ("locked", order.number)
    assert PointsEntry.objects.get(kind="spend").delta == -1_000
    assert order_dict(read_order(gold.pk, order.number), at=NOON) == shown


def test_the_best_coupon_is_chosen_when_asked(gold):
    make_grant(member=gold, coupon=make_coupon(off_fen=500))
    best = make_grant(member=gold, coupon=make_coupon(off_fen=3_000, threshold_fen=9_000))
    make_grant(member=gold, coupon=make_coupon(off_fen=9_000, threshold_fen=90_000))

    order = submit(gold, make_stocked_sku(price_fen=10_000), auto_coupons=True)

    assert CouponGrant.objects.get(state="locked").pk == best.pk
    assert order.payable_fen == 9_500 - 3_000


def test_an_order_of_nothing_is_paid_at_once_without_a_provider(gold):
    free = make_product(price_fen=1_000, freight_template=make_freight_template(free_over_fen=0))
    make_stock(sku=free.skus.get(), on_hand=3)
    grant = make_grant(member=gold, coupon=make_coupon(off_fen=2_000))

    order = submit(gold, free.skus.get(), coupon_grant_ids=(grant.pk,))

    order = Order.objects.get(pk=order.pk)
    assert (order.payable_fen, order.status) == (0, "paid")
    payment = Payment.objects.get()
    assert (payment.provider, payment.status, payment.amount_fen) == ("none", "succeeded", 0)
    grant.refresh_from_db()
    assert grant.state == "used"


def test_a_quote_that_was_not_shown_orders_nothing(gold):
    sku = make_stocked_sku()

    with pytest.raises(errors.QuoteChanged) as refusal:
        submit(gold, sku, quote_hash="f" * 32)

    assert refusal.value.facts["quote"]["payable_fen"] == 9_500
    assert nothing_changed()


def test_a_price_changed_by_an_operator_during_checkout_is_noticed(gold):
    sku = make_stocked_sku(price_fen=10_000)
    address = gold.addresses.get()
    ask = Ask(wanted=(Wanted(sku.pk, 1),), region_code=address.region_code)
    shown = quote(ask=ask, member_id=gold.pk, at=NOON)
    set_sku_prices(prices={sku.pk: (8_000, 10_000)}, at=NOON)

    with pytest.raises(errors.QuoteChanged):
        submit(gold, sku, quote_hash=shown.quote_hash)

    again = quote(ask=replace(ask, region_code=address.region_code), member_id=gold.pk, at=NOON)
    order = submit(gold, sku, quote_hash=again.quote_hash, at=NOON + timedelta(minutes=5))
    assert order.payable_fen == 7_600


def test_out_of_stock_leaves_coupon_points_and_cart_as_they_were(gold):
    plenty, few = make_stocked_sku(), make_stocked_sku(on_hand=1)
    grant = make_grant(member=gold)
    earn_points(member_id=gold.pk, points=500, source_type="test", source_id="1", at=NOON)
    wanted = (Wanted(plenty.pk, 1), Wanted(few.pk, 2))
    submission = Submission(
        address_id=gold.addresses.get().pk,
        wanted=wanted,
        coupon_grant_ids=(grant.pk,),
        points=500,
    )

    with pytest.raises(OutOfStock) as refusal:
        place_order(member_id=gold.pk, submission=submission, at=NOON)

    assert refusal.value.facts == {"sku": few.code, "available": 1}
    assert nothing_changed()
    grant.refresh_from_db()
    assert grant.state == "usable"
    gold.points_account.refresh_from_db()
    assert gold.points_account.balance == 500
    assert not StockItem.objects.filter(reserved__gt=0).exists()


@pytest.mark.parametrize(
    ("spending", "error", "facts"),
    [
        ({"points": 1_000_000}, errors.PointsOverCap, {"asked": 1_000_000, "max_points": 200}),
        ({"points": 150}, errors.PointsNotInUnits, {"asked": 150, "unit": 100}),
        ({"coupon_grant_ids": (10**9,)}, NotFound, {}),
    ],
)
def test_spending_what_one_may_not(gold, spending, error, facts):
    earn_points(member_id=gold.pk, points=250, source_type="test", source_id="1", at=NOON)

    with pytest.raises(error) as refusal:
        submit(gold, make_stocked_sku(), **spending)

    assert refusal.value.facts == facts
    assert nothing_changed()


def test_ATK_04_another_members_coupon_and_address_are_not_there(gold):
    other = make_member()
    foreign = make_address(member=other)
    grant = make_grant(member=other)

    with pytest.raises(NotFound):
        submit(gold, make_stocked_sku(), coupon_grant_ids=(grant.pk,))
    with pytest.raises(NotFound):
        submit(gold, make_stocked_sku(), address_id=foreign.pk)
    assert nothing_changed()
    grant.refresh_from_db()
    assert grant.state == "usable"


def test_a_coupon_that_does_not_fit_is_refused_with_its_reason(gold):
    grant = make_grant(member=gold, coupon=make_coupon(threshold_fen=50_000))

    with pytest.raises(CouponNotUsable) as refusal:
        submit(gold, make_stocked_sku(), coupon_grant_ids=(grant.pk,))

    assert refusal.value.facts["reason_code"] == "threshold_not_reached"


def test_points_that_went_elsewhere_meanwhile_are_refused(gold, monkeypatch):
    earn_points(member_id=gold.pk, points=500, source_type="test", source_id="1", at=NOON)
    sku = make_stocked_sku(on_hand=9)
    submit(gold, sku, points=300)
    monkeypatch.setattr(
        "orders.services.placing.shopper_of",
        lambda address: replace(shopper_of(address), points=500),
    )

    with pytest.raises(NotEnoughPoints):
        submit(gold, sku, points=300)

    assert Order.objects.count() == 1


def test_ATK_27_what_is_off_the_shelf_cannot_be_bought(gold):
    sku = make_stocked_sku()
    take_off_sale(product=sku.product, actor=None, at=NOON)

    with pytest.raises(errors.NotBuyable):
        submit(gold, sku)
    with pytest.raises(NotFound):
        submit(gold, type(sku)(pk=10**12))
    assert nothing_changed()


def test_O_10_a_region_that_is_not_served_is_named(gold):
    template = make_freight_template()
    template.regions.create(region_prefix="65", is_delivered=False)
    product = make_product(freight_template=template)
    make_stock(sku=product.skus.get(), on_hand=1)
    far = make_address(member=gold, region_code=XINJIANG, is_default=False)

    with pytest.raises(errors.Undeliverable) as refusal:
        submit(gold, product.skus.get(), address_id=far.pk)

    assert refusal.value.facts == {"sku_ids": [product.skus.get().pk]}


def test_O_09_O_10_2_3_kg_cost_7_yuan_and_a_remote_region_pays_its_own_rate():
    member = make_member()
    template = make_freight_template()
    template.regions.create(region_prefix="65", first_fee_fen=2_000, step_fee_fen=800)
    product = make_product(price_fen=1_000, freight_template=template, weight_grams=2_300)
    make_stock(sku=product.skus.get(), on_hand=2)
    near = make_address(member=member)
    far = make_address(member=member, region_code=XINJIANG, is_default=False)

    assert submit(member, product.skus.get(), address_id=near.pk).freight_fen == 700
    assert submit(member, product.skus.get(), address_id=far.pk).freight_fen == 3_600


def test_the_cart_is_consumed_and_what_cannot_be_ordered_stays(gold):
    good, gone, unselected = make_stocked_sku(), make_stocked_sku(), make_stocked_sku()
    owner = CartOwner(member_id=gold.pk)
    for sku in (good, gone, unselected):
        line = add_line(owner=owner, sku_id=sku.pk, quantity=1, at=NOON)
    type(gold.cart.lines.get(pk=line.line_id)).objects.filter(pk=line.line_id).update(
        is_selected=False
    )
    StockItem.objects.filter(sku=gone).update(on_hand=0)
    submission = Submission(address_id=gold.addresses.get().pk)

    order = place_order(member_id=gold.pk, submission=submission, at=NOON)

    assert [line.sku_id for line in order.lines.all()] == [good.pk]
    left = {line.facts.id for line in cart_view(owner, NOON).lines}
    assert left == {gone.pk, unselected.pk}
    with pytest.raises(OutOfStock):
        place_order(member_id=gold.pk, submission=submission, at=NOON)


def test_an_empty_cart_orders_nothing(gold):
    with pytest.raises(errors.NothingSelected):
        place_order(
            member_id=gold.pk,
            submission=Submission(address_id=gold.addresses.get().pk),
            at=NOON,
        )


def test_the_same_sku_on_two_lines_is_two_lines(gold):
    sku = make_stocked_sku(on_hand=5)
    wanted = (Wanted(sku.pk, 2), Wanted(sku.pk, 3))

    order = make_order(member=gold, wanted=wanted)

    assert [line.quantity for line in order.lines.all()] == [2, 3]
    assert StockItem.objects.get(sku=sku).reserved == 5


def test_O_13_what_was_sold_stays_as_it_was_sold(gold):
    product = make_product("龙井", price_fen=5_000, skus=2, category=make_category())
    sku = product.skus.first()
    make_stock(sku=sku, on_hand=2)
    order = submit(gold, sku)
    before = order_dict(read_order(gold.pk, order.number), at=NOON)

    type(product).objects.update(title_zh="别的茶")
    set_sku_prices(prices={sku.pk: (1, 2)}, at=NOON)
    gold.addresses.update(name="别人", detail="别处")

    assert order_dict(read_order(gold.pk, order.number), at=NOON) == before
    assert before["lines"][0]["title"] == "龙井"
    assert before["lines"][0]["options"] == {"尺码": "1号"}
    for table, column in (
        ("orders_order", "payable_fen = 1"),
        ("orders_orderline", "title_zh = 'x'"),
        ("orders_orderlinestep", "amount_fen = 1"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column}")  # noqa: S608 - three literals


def test_numbers_cannot_be_guessed_and_fit_a_payment_provider(gold):
    sku = make_stocked_sku()
    numbers = {submit(gold, sku).number for _n in range(5)}

    assert len(numbers) == 5
    assert all(number.startswith("20261122") and len(number) == 18 for number in numbers)
    assert all(number.isalnum() for number in numbers)


def test_a_number_that_is_taken_is_drawn_again(gold, monkeypatch):
    taken = make_order(member=gold).number
    drawn = iter([taken, taken, "20261122ZZZZZZZZZZ"])
    monkeypatch.setattr("orders.services.freezing.new_number", lambda _at: next(drawn))

    assert submit(gold, make_stocked_sku()).number == "20261122ZZZZZZZZZZ"
