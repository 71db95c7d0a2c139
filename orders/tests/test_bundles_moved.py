"""Bundles that go elsewhere: exchanged, sent from another warehouse, and what the judge says of a
part that is missing. C-13."""

import pytest
from django.db import connection

from catalog.models import Sku
from catalog.testing import make_bundle
from inventory.models import Reservation, StockItem
from inventory.services import reallocate_order
from inventory.testing import broken_books, make_stock, make_warehouse
from mall.kernel.invariants import audit
from members.testing import make_operator
from orders.after_sales_presenting import after_sale_dict
from orders.models import AfterSale, Reason
from orders.services import (
    Request,
    Wish,
    approve_after_sale,
    inspect_return,
    request_after_sale,
    resend_after_sale,
)
from orders.testing import NOON, make_order, make_received_order, make_stocked_sku

pytestmark = pytest.mark.django_db
SHANGHAI = "310101"


def bundle_of(on_hand=5):
    """A bundle of two pieces of A and one of B."""
    a, b = make_stocked_sku(on_hand=on_hand), make_stocked_sku(on_hand=on_hand)
    return make_bundle({a: 2, b: 1}, price_fen=9_900), a, b


def books(*skus):
    items = {item.sku_id: item for item in StockItem.objects.filter(sku__in=skus)}
    return [(items[sku.pk].on_hand, items[sku.pk].reserved) for sku in skus]


def test_an_exchanged_bundle_is_held_and_sent_again_part_by_part():
    bundle, a, b = bundle_of()
    actor = make_operator()
    order = make_received_order(sku=bundle)
    assert books(a, b) == [(3, 0), (4, 0)]
    wish = Wish(
        kind=AfterSale.Kind.EXCHANGE, reason=Reason.QUALITY, pieces={order.lines.get().pk: 1}
    )
    case = request_after_sale(
        number=order.number, member_id=order.member_id, request=Request(wish=wish), at=NOON
    )

    approve_after_sale(number=case.number, actor=actor, at=NOON)
    assert books(a, b) == [(3, 2), (4, 1)]
    inspect_return(
        number=case.number,
        grades={case.lines.get().pk: {"A": 1}},
        warehouse_id=StockItem.objects.get(sku=a).warehouse_id,
        actor=actor,
        at=NOON,
    )
    resend_after_sale(
        number=case.number, carrier="sf", tracking_no="SF0000009999", actor=actor, at=NOON
    )

    assert books(a, b) == [(3, 0), (4, 0)]
    assert broken_books() == []


def test_an_order_of_bundles_that_goes_elsewhere_is_reserved_anew_whole():
    bundle, a, b = bundle_of()
    near = make_warehouse(served_prefixes=("31",))
    order = make_order(sku=bundle, quantity=2)
    for part in (a, b):
        make_stock(sku=part, on_hand=9, warehouse=near)

    pieces = reallocate_order(order_number=order.number, region_code=SHANGHAI, at=NOON)

    assert pieces == 6
    rows = Reservation.objects.filter(source_id=order.number, attempt=2).select_related("item")
    assert sorted((row.item.sku_id, row.quantity, row.pieces_each) for row in rows) == [
        (a.pk, 4, 2),
        (b.pk, 2, 1),
    ]
    assert {row.item.warehouse_id for row in rows} == {near.pk}
    assert broken_books() == []


@pytest.mark.parametrize(
    ("costs", "came", "kept_fen"),
    [
        ((4_000, 2_000), (2, 0), 1_980),  # 9,900 by 2 x 40 to 20: a fifth is missing
        ((4_000, 2_000), (1, 1), 3_960),
        ((4_000, 2_000), (0, 0), 9_900),
        ((100, 100), (2, 0), 3_300),
        ((0, 2_000), (2, 0), 3_300),  # a cost that is not known: by their prices, equal here
        ((4_000, 2_000), (2, 1), 0),
    ],
)
def test_of_a_bundle_that_lacks_a_part_the_share_of_that_part_is_kept(costs, came, kept_fen):
    bundle, a, b = bundle_of()
    for sku, cost_fen in zip((a, b), costs, strict=True):
        Sku.objects.filter(pk=sku.pk).update(cost_fen=cost_fen)
    order, actor = make_received_order(sku=bundle), make_operator()
    pieces = {order.lines.get().pk: 1}
    wish = Wish(kind=AfterSale.Kind.RETURN_REFUND, reason=Reason.UNWANTED, pieces=pieces)
    case = request_after_sale(
        number=order.number, member_id=order.member_id, request=Request(wish=wish), at=NOON
    )
    approve_after_sale(number=case.number, actor=actor, at=NOON)

    case = inspect_return(
        number=case.number,
        grades={},
        part_grades={
            case.lines.get().pk: {
                sku.pk: {"A": number} for sku, number in zip((a, b), came, strict=True)
            }
        },
        warehouse_id=StockItem.objects.get(sku=a).warehouse_id,
        actor=actor,
        at=NOON,
    )

    assert case.goods_fen == 9_900 - kept_fen
    assert case.lines.get().amount_fen == 9_900 - kept_fen
    assert [stock for stock, _reserved in books(a, b)] == [3 + came[0], 4 + came[1]]
    shown = {
        part["sku_id"]: part["quantity"] for part in after_sale_dict(case)["lines"][0]["missing"]
    }
    lost = {a.pk: 2 - came[0], b.pk: 1 - came[1]}
    assert shown == {sku_id: pieces for sku_id, pieces in lost.items() if pieces}
    assert broken_books() == []


def codes():
    """Codes of the judge's findings about what is held."""
    return {rule.code for rule, found in audit() if found and rule.code.startswith("INV-04")}


def test_the_judge_finds_a_bundle_of_which_one_part_is_held_more_than_the_other():
    bundle, a, _b = bundle_of()
    order = make_order(sku=bundle)
    assert codes() == set()

    Reservation.objects.filter(source_id=order.number, item__sku=a).update(quantity=4)

    assert "INV-04c" in codes()


def test_the_judge_finds_a_line_that_lacks_a_part():
    bundle, a, _b = bundle_of()
    order = make_order(sku=bundle)

    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM inventory_reservation USING inventory_stockitem item"
            " WHERE item.id = item_id AND item.sku_id = %s AND source_id = %s",
            [a.pk, order.number],
        )

    assert "INV-04e" in codes()
