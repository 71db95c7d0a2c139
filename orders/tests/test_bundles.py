"""Bundles through the deal: placed, paid, shipped in parts, cancelled, given back. C-13."""

from datetime import timedelta

import pytest

from catalog.services import set_bundle_parts
from catalog.testing import make_bundle
from inventory.errors import BundleNotSetAside, OutOfStock
from inventory.models import Grade, Reservation, StockItem, Warehouse
from inventory.selectors import available_pieces, outlook, stock_badges
from inventory.services import receive_stock
from inventory.testing import broken_books, make_stock, make_supplier, make_warehouse
from members.testing import make_address, make_member, make_operator
from orders.models import AfterSale, ForwardRoute, OrderLine, Reason
from orders.selectors.packing import boxes_of, summed
from orders.services import (
    CartOwner,
    Request,
    Submission,
    Wanted,
    Wish,
    add_line,
    approve_after_sale,
    cancel_order,
    close_unpaid,
    inspect_return,
    lock_flash_stock,
    place_order,
    receive_order,
    request_after_sale,
    selected_lines,
    ship_order,
)
from orders.testing import NOON, make_order, make_stocked_sku, pay
from promotions.models import ActivityItem, Campaign
from promotions.services import ask_for_stock
from promotions.testing import make_campaign

pytestmark = pytest.mark.django_db


def made(a_pieces=5, b_pieces=3, a_each=1, b_each=1, **values):
    """A bundle of two parts with stock: itself, A and B."""
    a = make_stocked_sku(price_fen=6_000, on_hand=a_pieces)
    b = make_stocked_sku(price_fen=5_000, on_hand=b_pieces)
    return make_bundle({a: a_each, b: b_each}, price_fen=9_900, **values), a, b


def placed(*wanted):
    """An order of what is there; `make_order` would bring stock in."""
    to = make_address(member=make_member())
    submission = Submission(address_id=to.pk, wanted=wanted)
    return place_order(member_id=to.member_id, submission=submission, at=NOON)


def on_hand(sku):
    return StockItem.objects.get(sku=sku).on_hand


def free(*skus):
    pieces = available_pieces([sku.pk for sku in skus])
    return [pieces[sku.pk] for sku in skus]


def sent(order, **values):
    return ship_order(
        order_number=order.number, carrier="sf", tracking_no=f"SF{order.pk:010}", at=NOON, **values
    )


def held(order):
    rows = Reservation.objects.filter(source_id=order.number).order_by("item__sku_id")
    return [(row.item.sku_id, row.held, row.pieces_each) for row in rows.select_related("item")]


def test_C_13_stock_is_that_of_the_least_part_and_buying_one_takes_a_piece_of_each():
    bundle, a, b = made(a_pieces=5, b_pieces=3)
    assert free(bundle, a, b) == [3, 5, 3]

    order = make_order(sku=bundle, paid=True)

    assert order.payable_fen - order.freight_fen == 9_900
    assert free(bundle, a, b) == [2, 4, 2]
    sent(order)
    assert [on_hand(a), on_hand(b)] == [4, 2]
    assert not StockItem.objects.filter(sku=bundle).exists()
    assert broken_books() == []


def test_a_bundle_takes_as_many_pieces_of_a_part_as_it_holds():
    bundle, a, b = made(a_pieces=7, b_pieces=9, a_each=2, b_each=3)
    assert free(bundle) == [3]

    order = make_order(sku=bundle, quantity=2)

    assert held(order) == [(a.pk, 4, 2), (b.pk, 6, 3)]
    assert free(bundle, a, b) == [1, 3, 3]


def test_more_bundles_than_the_parts_make_are_refused_and_nothing_is_held():
    bundle, a, b = made(a_pieces=5, b_pieces=3)
    make_order(sku=b, quantity=2)

    with pytest.raises(OutOfStock) as refused:
        placed(Wanted(a.pk, 1), Wanted(bundle.pk, 2))

    assert refused.value.facts == {"sku": bundle.code, "available": 1}
    assert free(bundle, a, b) == [1, 5, 1]


def test_a_part_beside_its_bundle_in_one_order_is_counted_once_each():
    bundle, a, b = made(a_pieces=5, b_pieces=5)

    order = make_order(wanted=(Wanted(bundle.pk, 3), Wanted(a.pk, 2)))

    assert free(bundle, a, b) == [0, 0, 2]
    lines = Reservation.objects.filter(source_id=order.number, item__sku=a)
    assert sorted(lines.values_list("line_key", "quantity")) == [("1", 3), ("2", 2)]


def test_cancelling_and_timing_out_give_every_part_back():
    bundle, a, b = made(a_each=2)
    order = make_order(sku=bundle)
    late = make_order(sku=bundle)
    assert free(bundle, a, b) == [0, 1, 1]

    cancel_order(number=order.number, member_id=order.member_id, reason="changed_mind", at=NOON)
    close_unpaid(NOON + timedelta(minutes=31))
    late.refresh_from_db()

    assert late.status == "closed"
    assert free(bundle, a, b) == [2, 5, 3]
    assert broken_books() == []


def test_half_of_the_bundles_leave_and_take_half_of_the_parts():
    bundle, a, b = made(a_pieces=6, b_pieces=6, a_each=2)
    order = make_order(sku=bundle, quantity=3, paid=True)
    line = order.lines.get()

    sent(order, pieces={line.pk: 1})
    assert held(order) == [(a.pk, 4, 2), (b.pk, 2, 1)]
    assert [on_hand(a), on_hand(b)] == [4, 5]

    ship_order(order_number=order.number, carrier="sf", tracking_no="SF00000000X2", at=NOON)
    assert [on_hand(a), on_hand(b)] == [0, 3]
    assert broken_books() == []


def test_a_bundle_never_comes_from_two_warehouses_but_bundles_may():
    north, south = make_warehouse(), make_warehouse()
    a, b = make_stocked_sku(on_hand=0), make_stocked_sku(on_hand=0)
    make_stock(sku=a, on_hand=3, warehouse=north)
    make_stock(sku=b, on_hand=1, warehouse=north)
    make_stock(sku=b, on_hand=1, warehouse=south)
    bundle = make_bundle({a: 1, b: 1})
    assert free(bundle) == [1]

    make_stock(sku=a, on_hand=1, warehouse=south)
    assert free(bundle) == [2]
    order = make_order(sku=bundle, quantity=2, paid=True)
    sent(order, warehouse_id=south.pk)

    rows = Reservation.objects.filter(source_id=order.number).select_related("item")
    assert {(row.item.warehouse_id, row.held_units) for row in rows} == {
        (north.pk, 1),
        (south.pk, 0),
    }
    assert order.lines.get().shipped == 1


def forwarded_cloud():
    cloud = make_warehouse(kind=Warehouse.Kind.CLOUD)
    ForwardRoute.objects.create(warehouse=cloud, adapter=ForwardRoute.Adapter.PORTAL)
    return cloud


@pytest.mark.parametrize(
    "house_of",
    [lambda: make_supplier(house=True).warehouses.get(), forwarded_cloud],
    ids=["supplier", "cloud"],
)
def test_what_lies_where_others_pack_makes_no_bundle(house_of):
    house = house_of()
    a, b = make_stocked_sku(on_hand=2), make_stocked_sku(on_hand=0)
    make_stock(sku=b, on_hand=9, warehouse=house)
    make_stock(sku=a, on_hand=9, warehouse=house)
    bundle, kit = make_bundle({a: 1, b: 1}), ((a.pk, 1), (b.pk, 1))

    assert free(bundle, a, b) == [0, 11, 9]
    assert outlook([bundle.pk], "330106", {bundle.pk: kit}).available == {bundle.pk: 0}
    with pytest.raises(OutOfStock):
        placed(Wanted(bundle.pk, 1))


def test_an_order_keeps_the_parts_that_it_was_placed_with():
    bundle, a, b = made()
    order = make_order(sku=bundle, paid=True)
    other = make_stocked_sku(on_hand=9)

    set_bundle_parts(sku_id=bundle.pk, parts={other.pk: 1}, at=NOON)
    sent(order)

    assert [on_hand(a), on_hand(b), on_hand(other)] == [4, 2, 9]
    parts = OrderLine.objects.get(order=order).parts
    assert [(part["sku_id"], part["quantity"], part["code"]) for part in parts] == [
        (a.pk, 1, a.code),
        (b.pk, 1, b.code),
    ]


def test_the_pick_list_and_the_box_name_the_parts():
    bundle, a, b = made(a_each=2)
    order = make_order(sku=bundle, paid=True)
    house = StockItem.objects.get(sku=a).warehouse

    boxes = boxes_of([order], house.pk)

    assert [(goods.sku_code, goods.pieces) for goods in boxes[0].goods] == [
        (a.code, 2),
        (b.code, 1),
    ]
    assert {goods.sku_code: goods.pieces for goods in summed(boxes)} == {a.code: 2, b.code: 1}


def returned(order, actor):
    receive_order(number=order.number, at=NOON)
    line = order.lines.get()
    wish = Wish(
        kind=AfterSale.Kind.RETURN_REFUND, reason=Reason.UNWANTED, pieces={line.pk: line.quantity}
    )
    case = request_after_sale(
        number=order.number, member_id=order.member_id, request=Request(wish=wish), at=NOON
    )
    approve_after_sale(number=case.number, actor=actor, at=NOON)
    return case, case.lines.get()


@pytest.fixture
def inspector():
    return make_operator()


def test_a_returned_bundle_brings_back_each_part(inspector):
    bundle, a, b = made(a_each=2)
    order = make_order(sku=bundle, paid=True)
    sent(order)
    assert [on_hand(a), on_hand(b)] == [3, 2]
    case, row = returned(order, inspector)
    house = StockItem.objects.get(sku=a).warehouse_id

    inspect_return(
        number=case.number,
        grades={row.pk: {Grade.A: 1}},
        warehouse_id=house,
        actor=inspector,
        at=NOON,
    )

    assert [on_hand(a), on_hand(b)] == [5, 3]
    assert broken_books() == []


def test_parts_of_one_returned_bundle_are_graded_each_by_itself(inspector):
    bundle, a, b = made(a_each=2)
    order = make_order(sku=bundle, quantity=2, paid=True)
    sent(order)
    case, row = returned(order, inspector)
    house = StockItem.objects.get(sku=a).warehouse_id

    case = inspect_return(
        number=case.number,
        grades={},
        part_grades={row.pk: {a.pk: {"A": 3, "C": 1}, b.pk: {"A": 1}}},
        warehouse_id=house,
        actor=inspector,
        at=NOON,
    )

    items = {item.sku_id: item for item in StockItem.objects.filter(sku__in=[a, b])}
    assert (items[a.pk].on_hand, items[a.pk].defective) == (4, 1)
    assert (items[b.pk].on_hand, items[b.pk].defective) == (2, 0)
    row.refresh_from_db()
    assert row.grades == {"C": 1}
    assert case.goods_fen == 19_800 - 2_912  # one B of 4 x 60 + 2 x 50: 5/34 are kept
    assert broken_books() == []


def test_a_cart_holds_no_more_bundles_than_there_are():
    bundle, _a, _b = made(a_pieces=5, b_pieces=3)
    owner = CartOwner(member_id=make_member().pk)

    with pytest.raises(OutOfStock):
        add_line(owner=owner, sku_id=bundle.pk, quantity=4, at=NOON)
    add_line(owner=owner, sku_id=bundle.pk, quantity=3, at=NOON)

    assert [line.free for line in selected_lines(owner, at=NOON)] == [3]


def test_a_flash_sale_of_a_bundle_is_sent_back_in_words():
    bundle, _a, _b = made()
    campaign = make_campaign(
        Campaign.Kind.FLASH,
        status="approved",
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=1),
    )
    ActivityItem.objects.create(
        campaign=campaign, sku=bundle, price_fen=9_000, quota=1, per_member=1
    )
    ask_for_stock(campaign, NOON)

    assert not lock_flash_stock(campaign_id=campaign.pk, at=NOON)

    campaign.refresh_from_db()
    said = str(BundleNotSetAside(sku=bundle.code, available=0))
    assert said in campaign.stock_lock.reason


def test_a_bundle_that_no_more_comes_in_sells_out_on_its_card_with_its_part(
    django_capture_on_commit_callbacks,
):
    bundle, a, b = made(a_pieces=5, b_pieces=3, b_each=2)
    badge = stock_badges([bundle.product_id])[bundle.product_id]
    assert (badge.available, badge.in_stock) == (1, True)
    cards = bundle.product.shelf_cards

    with django_capture_on_commit_callbacks(execute=True):
        make_order(sku=b, quantity=2)
    assert {card.in_stock for card in cards.all()} == {False}

    with django_capture_on_commit_callbacks(execute=True):
        receive_stock(
            sku=b,
            warehouse=StockItem.objects.get(sku=b).warehouse,
            quantity=1,
            source_type="delivery",
            source_id="1",
            at=NOON,
        )
    assert {card.in_stock for card in cards.all()} == {True}


def test_the_outlook_of_a_page_counts_bundles_and_promises_them(django_assert_num_queries):
    bundle, a, b = made(a_pieces=5, b_pieces=3)
    kit = ((a.pk, 1), (b.pk, 1))

    with django_assert_num_queries(1):
        seen = outlook([bundle.pk], "330106", {bundle.pk: kit})

    assert seen.available == {bundle.pk: 3}
    assert seen.promise([(bundle.pk, 3)], NOON) is not None
    assert seen.promise([(bundle.pk, 4)], NOON) is None


def test_an_unpaid_order_of_bundles_is_paid_and_holds_on():
    bundle, a, b = made()
    order = make_order(sku=bundle)

    pay(order)

    assert held(order) == [(a.pk, 1, 1), (b.pk, 1, 1)]
