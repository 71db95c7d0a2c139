"""From the cart to the order: rows of the plan with their own numbers.

Source: O-01, O-02, O-08, O-12, O-55, X-55; F-38.
"""

from datetime import timedelta

import pytest

from catalog.models import FreightRegion, FreightTemplate, Product
from inventory.models import StockItem
from inventory.testing import make_stock
from mall.kernel.errors import NotFound
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members.testing import make_address, make_member
from orders import selectors
from orders.errors import IllegalMove
from orders.models import CartLine, Order
from orders.services import (
    Ask,
    CartOwner,
    Journey,
    Submission,
    Wanted,
    add_line,
    buy_again,
    cancel_order,
    hide_order,
    merge_cart,
    place_order,
    quote,
    remove_invalid,
    selected_lines,
    unhide_order,
)
from orders.sources import clean_source
from orders.tax_numbers import is_tax_no
from orders.testing import NOON, make_order, make_stocked_sku, pay
from promotions.testing import make_threshold_off

pytestmark = pytest.mark.django_db(transaction=True)
GUEST = CartOwner()


def put(owner, sku, quantity=1, **values):
    return add_line(owner=owner, sku_id=sku.pk, quantity=quantity, at=NOON, **values)


def invalid(owner, **values):
    view = selectors.cart_view(owner, NOON, **values)
    return {line.facts.id: line.invalid for line in view.lines}


def test_O_01_a_guest_cart_of_2_merges_and_what_is_off_the_shelf_says_so():
    member, skus = make_member(), [make_stocked_sku(), make_stocked_sku()]
    mine = CartOwner(member_id=member.pk)
    put(mine, skus[0])
    token = put(GUEST, skus[0]).token
    put(CartOwner(token=token), skus[1])

    merge_cart(token=token, member_id=member.pk, at=NOON)
    Product.objects.filter(pk=skus[1].product_id).update(status="off_sale")

    lines = CartLine.objects.filter(cart__member=member).values_list("sku_id", "quantity")
    assert sorted(lines) == sorted([(skus[0].pk, 2), (skus[1].pk, 1)])
    assert invalid(mine) == {skus[0].pk: None, skus[1].pk: "off_shelf"}


def merge_from_two_devices():
    """Two pieces of a SKU with a limit of 5 in the member's cart and in each guest's; the lines
    after both devices have signed in."""
    member, sku = make_member(), make_stocked_sku()
    sku.order_limit = 5
    sku.save()
    put(CartOwner(member_id=member.pk), sku, 2)
    tokens = [put(GUEST, sku, 2).token for _device in range(2)]
    outcomes = stampede(2, lambda n: merge_cart(token=tokens[n], member_id=member.pk, at=NOON))
    assert not outcomes.errors
    return [line.quantity for line in CartLine.objects.filter(sku=sku)]


def test_F_38_two_devices_signing_in_at_once_add_up_to_the_limit_without_double_lines():
    assert merge_from_two_devices() == [5]


def test_control_without_locks_what_one_of_two_devices_brought_is_lost():
    with without_locks(), all_read_before_any_writes("orders.services.merging._most_of", 2):
        assert merge_from_two_devices() == [4]


def test_O_02_buying_now_leaves_the_cart_alone_and_costs_the_same():
    make_threshold_off()
    member, sku = make_member(), make_stocked_sku(price_fen=40_000)
    address, owner = make_address(member=member), CartOwner(member_id=member.pk)
    put(owner, sku, 2)
    before = list(CartLine.objects.values())
    wanted = tuple(Wanted(line.sku_id, line.quantity) for line in selected_lines(owner, at=NOON))

    ways = [
        quote(
            ask=Ask(wanted=lines, region_code=address.region_code), member_id=member.pk, at=NOON
        ).quote
        for lines in (wanted, (Wanted(sku.pk, 2),))
    ]
    bought = make_order(member=member, sku=sku, quantity=2)

    assert ways[0].payable_fen == ways[1].payable_fen == bought.payable_fen
    assert list(CartLine.objects.values()) == before


def test_O_02_adding_to_the_cart_is_a_tracked_event():
    member, sku = make_member(), make_stocked_sku()

    put(CartOwner(member_id=member.pk), sku, 3, source="live:9")

    event = OutboxEvent.objects.get(name="orders.cart_line_added")
    said = {name: event.payload[name] for name in ("member_id", "sku_id", "quantity", "source")}
    assert said == {"member_id": member.pk, "sku_id": sku.pk, "quantity": 3, "source": "live:9"}


def test_O_08_of_100_orders_on_10_pieces_10_are_placed_and_none_is_left():
    sku = make_stocked_sku(on_hand=10)
    buyers = [make_address(member=make_member()).member for _n in range(20)]

    def buy(number):
        buyer = buyers[number % 20]
        submission = Submission(address_id=buyer.addresses.get().pk, wanted=(Wanted(sku.pk, 1),))
        return [place_order(member_id=buyer.pk, submission=submission, at=NOON)]

    placed = sum(len(stampede(20, lambda n, r=r: buy(n + 20 * r)).results) for r in range(5))

    item = StockItem.objects.get(sku=sku)
    assert (placed, Order.objects.count(), item.available) == (10, 10, 0)


def unsent(sku, prefix="33"):
    template = FreightTemplate.objects.create(code="near", title_zh="近", title_en="Near")
    FreightRegion.objects.create(template=template, region_prefix=prefix, is_delivered=False)
    FreightRegion.objects.create(template=template, region_prefix=f"{prefix}02", is_delivered=True)
    Product.objects.filter(pk=sku.product_id).update(freight_template=template)


def test_what_is_not_sent_to_the_region_is_marked_and_left_out_of_the_price():
    owner = CartOwner(member_id=make_member().pk)
    near, far = make_stocked_sku(), make_stocked_sku()
    unsent(far)
    put(owner, near)
    put(owner, far)

    assert invalid(owner, region_code="330106001") == {near.pk: None, far.pk: "region"}
    assert invalid(owner, region_code="330201001") == {near.pk: None, far.pk: None}
    assert invalid(owner) == {near.pk: None, far.pk: None}
    view = selectors.cart_view(owner, NOON, region_code="330106001")
    assert [line.sku_id for line in view.quoted.quote.lines] == [near.pk]


def test_everything_invalid_goes_at_once_and_what_is_only_scarce_stays():
    owner = CartOwner(member_id=make_member().pk)
    good, off, gone, scarce, far = (make_stocked_sku(on_hand=5) for _n in range(5))
    unsent(far)
    for sku in (good, off, gone, scarce, far):
        put(owner, sku, 3)
    Product.objects.filter(pk=off.product_id).update(status="off_sale")
    StockItem.objects.filter(sku=gone).update(on_hand=0)
    StockItem.objects.filter(sku=scarce).update(on_hand=1)

    removed = remove_invalid(owner=owner, region_code="330106001", at=NOON)

    assert removed == 3
    assert set(invalid(owner)) == {good.pk, scarce.pk}
    assert remove_invalid(owner=owner, region_code="330106001", at=NOON) == 0
    assert remove_invalid(owner=GUEST, at=NOON) == 0


def test_buying_again_takes_what_is_there_and_says_what_is_not():
    member = make_member()
    good, off, gone, few = (make_stocked_sku(on_hand=9) for _n in range(4))
    wanted = tuple(Wanted(sku.pk, 3) for sku in (good, off, gone, few))
    order = make_order(member=member, wanted=wanted)
    cancel_order(number=order.number, member_id=member.pk, reason="", at=NOON)
    Product.objects.filter(pk=off.product_id).update(status="off_sale")
    StockItem.objects.filter(sku=gone).update(on_hand=0)
    StockItem.objects.filter(sku=few).update(on_hand=2)

    rebuy = buy_again(number=order.number, member_id=member.pk, at=NOON)

    assert dict(rebuy.added) == {good.pk: 3, few.pk: 2}
    assert [(gone.line.sku_id, gone.reason) for gone in rebuy.refused] == [
        (off.pk, "off_shelf"),
        (gone.pk, "sold_out"),
    ]
    assert dict(CartLine.objects.values_list("sku_id", "quantity")) == {good.pk: 3, few.pk: 2}


def test_buying_again_twice_adds_up_to_what_may_be_had():
    member, sku = make_member(), make_stocked_sku(on_hand=9)
    sku.order_limit = 4
    sku.save()
    order = make_order(member=member, sku=sku, quantity=3)
    for _n in range(2):
        rebuy = buy_again(number=order.number, member_id=member.pk, at=NOON)

    assert dict(rebuy.added) == {sku.pk: 1}
    assert buy_again(number=order.number, member_id=member.pk, at=NOON).refused[0].reason == "limit"
    with pytest.raises(NotFound):
        buy_again(number=order.number, member_id=make_member().pk, at=NOON)


def test_a_hidden_order_stands_under_hidden_and_comes_back():
    order = make_order()
    buyer = order.member_id
    with pytest.raises(IllegalMove):
        hide_order(number=order.number, member_id=buyer)
    cancel_order(number=order.number, member_id=buyer, reason="", at=NOON)
    hide_order(number=order.number, member_id=buyer)

    assert not selectors.orders_of(buyer).exists()
    assert [row.number for row in selectors.orders_of(buyer, status="hidden")] == [order.number]
    with pytest.raises(NotFound):
        unhide_order(number=order.number, member_id=make_member().pk)
    unhide_order(number=order.number, member_id=buyer)
    assert [row.number for row in selectors.orders_of(buyer)] == [order.number]


def came_by(channel, **values):
    return make_order(journey=Journey(channel=channel), **values)


def test_X_55_three_web_orders_and_one_of_the_mini_program_are_75_and_25_percent():
    for _n in range(3):
        came_by("web")
    pay(came_by("miniprogram"))

    found = selectors.channel_figures(start=NOON, end=NOON + timedelta(days=1))
    figures = {one.code: one for one in found}

    assert (figures["web"].share_bp, figures["miniprogram"].share_bp) == (7_500, 2_500)
    assert (figures["web"].conversion_bp, figures["miniprogram"].conversion_bp) == (0, 10_000)
    mini = Order.objects.get(channel="miniprogram")
    assert (figures["web"].gmv_fen, figures["miniprogram"].gmv_fen) == (0, mini.paid_fen)
    assert {"store", "live", "partner"} <= figures.keys()


def test_O_55_the_report_of_sources_counts_paid_lines_by_kind():
    for source in ("live:1", "live:2", "share", ""):
        pay(make_order(wanted=(Wanted(make_stocked_sku().pk, 2, source=source),)))
    make_order(wanted=(Wanted(make_stocked_sku().pk, 1, source="ad:9"),))

    found = selectors.source_figures(start=NOON, end=NOON + timedelta(days=1))

    assert {one.kind: (one.lines, one.pieces) for one in found} == {
        "live": (2, 4),
        "share": (1, 2),
        "": (1, 2),
    }


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("live:12", "live:12"),
        ("share", "share"),
        ("live:", ""),
        ("tv:1", ""),
        ("live:<b>", ""),
        ("live:１", ""),
        (None, ""),
    ],
)
def test_a_source_is_a_kind_and_a_name(text, kept):
    assert clean_source(text) == kept


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("91350100M000100Y43", True),
        ("9135 0100 m000 100y 43", True),
        ("91350100M000100Y44", False),
        ("91350100I000100Y43", False),
        ("330106123456789", True),
        ("33010612345678", False),
        ("", False),
    ],
)
def test_O_12_a_tax_number_checks_itself(text, is_one):
    assert is_tax_no(text) is is_one


def test_stock_that_comes_back_makes_a_line_whole_again():
    owner, sku = CartOwner(member_id=make_member().pk), make_stocked_sku(on_hand=2)
    put(owner, sku, 2)
    StockItem.objects.filter(sku=sku).update(on_hand=0)
    assert invalid(owner) == {sku.pk: "sold_out"}

    make_stock(sku=sku, on_hand=2)

    assert invalid(owner) == {sku.pk: None}
