"""Limited editions: the third unit is refused, over all orders, in any race. Source: C-15, O-01."""

import pytest
from django.utils import translation

from catalog.models import Product, Sku
from inventory.testing import make_stock
from mall.kernel.invariants import audit
from mall.kernel.testing.race import stampede
from members.testing import make_address, make_member
from orders.errors import EditionLimit, EditionSoldOut, OrderLimit
from orders.models import EditionTake, EditionUse, Order
from orders.services import CartOwner, add_line, cancel_order, close_unpaid, limiting
from orders.testing import NOON, make_order, make_stocked_sku, pay

pytestmark = pytest.mark.django_db(transaction=True)


def limited(member_limit=2, total_limit=None):
    sku = make_stocked_sku()
    Product.objects.filter(pk=sku.product_id).update(
        edition=Product.Edition.LIMITED, member_limit=member_limit, total_limit=total_limit
    )
    return sku


def broken_laws():
    return [law.code for law, violation in audit() if violation]


def test_C_15_the_third_unit_is_refused_with_a_clear_message():
    sku, buyer = limited(), make_member()
    make_order(member=buyer, sku=sku, quantity=2)

    with translation.override("en"):
        with pytest.raises(EditionLimit) as refusal:
            make_order(member=buyer, sku=sku)
        assert refusal.value.facts["max"] == 2
        assert sku.product.title_en in str(refusal.value)
    assert Order.objects.filter(member=buyer).count() == 1
    assert make_order(sku=sku, quantity=2).member_id != buyer.pk
    assert broken_laws() == []


def test_three_in_one_order_are_refused_before_anything_is_locked():
    sku, buyer = limited(), make_member()

    with pytest.raises(EditionLimit):
        make_order(member=buyer, sku=sku, quantity=3)
    with pytest.raises(EditionLimit):
        add_line(owner=CartOwner(member_id=buyer.pk), sku_id=sku.pk, quantity=3, at=NOON)

    assert not EditionTake.objects.exists()


def test_two_skus_of_one_product_count_together():
    sku, buyer = limited(), make_member()
    other = Sku.objects.get(pk=sku.pk)
    other.pk, other.code, other.options_key, other._state.adding = None, "another", "b", True
    other.save()
    make_stock(sku=other)
    make_order(member=buyer, sku=sku)
    make_order(member=buyer, sku=other)

    with pytest.raises(EditionLimit):
        make_order(member=buyer, sku=other)


def test_a_cancelled_order_gives_its_pieces_back_once():
    sku, buyer = limited(total_limit=2), make_member()
    first = make_order(member=buyer, sku=sku, quantity=2, paid=True)
    cancel_order(number=first.number, member_id=buyer.pk, reason="", at=NOON)

    make_order(member=buyer, sku=sku, quantity=2)

    assert sorted(EditionTake.objects.values_list("pieces", flat=True)) == [2, 2]
    assert EditionUse.objects.get(order=first).returned_at == NOON
    assert broken_laws() == []


def test_the_total_limit_holds_over_all_members():
    sku = limited(member_limit=None, total_limit=3)
    make_order(sku=sku, quantity=2)

    with pytest.raises(EditionSoldOut):
        make_order(sku=sku, quantity=2)

    make_order(sku=sku)
    assert EditionTake.objects.get(member=None).pieces == 3


def test_an_order_limit_of_a_sku_is_kept_by_cart_and_order():
    sku, buyer = make_stocked_sku(), make_member()
    Sku.objects.filter(pk=sku.pk).update(order_limit=2)
    owner = CartOwner(member_id=buyer.pk)
    add_line(owner=owner, sku_id=sku.pk, quantity=2, at=NOON)

    with pytest.raises(OrderLimit) as refusal:
        add_line(owner=owner, sku_id=sku.pk, quantity=1, at=NOON)
    with pytest.raises(OrderLimit):
        make_order(member=buyer, sku=sku, quantity=3)

    assert refusal.value.facts["max"] == 2
    assert make_order(member=buyer, sku=sku, quantity=2).goods_fen


def test_an_unpaid_order_that_times_out_gives_back():
    sku, buyer = limited(), make_member()
    order = make_order(member=buyer, sku=sku, quantity=2)

    close_unpaid(order.expires_at)

    assert EditionTake.objects.get(member=buyer).pieces == 0


@pytest.mark.parametrize("is_guarded", [True, False])
def test_twenty_orders_at_once_have_two_pieces_and_without_the_guard_more(monkeypatch, is_guarded):
    sku, buyer = limited(), make_member()
    make_address(member=buyer)
    if not is_guarded:
        monkeypatch.setattr(limiting, "_count", lambda *_args: True)

    outcomes = stampede(20, lambda _n: make_order(member=buyer, sku=sku))

    sold = Order.objects.filter(member=buyer).count()
    assert (sold == 2) is is_guarded
    if is_guarded:
        assert [type(error) for error in outcomes.errors] == [EditionLimit] * 18
        assert broken_laws() == []


def test_plain_goods_cost_no_statement():
    order = make_order()
    pay(order)

    assert not EditionUse.objects.exists()
