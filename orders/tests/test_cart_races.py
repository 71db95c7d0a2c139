"""Carts under contention: one cart is one order, and a merge survives a first click elsewhere."""

import pytest
from django.db import IntegrityError

from mall.kernel.testing.race import (
    all_read_before_any_writes,
    rival_before,
    stampede,
    without_locks,
)
from members.testing import make_address, make_member
from orders.errors import NothingSelected
from orders.models import Cart, CartLine, Order
from orders.services import CartOwner, Submission, add_line, merge_cart, place_order
from orders.testing import NOON, make_stocked_sku

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS, FEW = 20, 5


@pytest.fixture
def buyer():
    member = make_member()
    make_address(member=member)
    put_in(CartOwner(member_id=member.pk))
    return member


def put_in(owner):
    return add_line(owner=owner, sku_id=make_stocked_sku().pk, quantity=1, at=NOON)


def order_cart(member):
    submission = Submission(address_id=member.addresses.get().pk)
    return place_order(member_id=member.pk, submission=submission, at=NOON)


def test_a_cart_submitted_from_many_windows_is_ordered_once(buyer):
    outcomes = stampede(CLICKS, lambda _n: order_cart(buyer))

    assert (len(outcomes.results), Order.objects.count()) == (1, 1)
    assert outcomes.only(NothingSelected)
    assert not CartLine.objects.exists()


def test_control_without_locks_a_cart_is_ordered_many_times(buyer):
    with without_locks(), all_read_before_any_writes("orders.services.placing._basket", FEW):
        stampede(FEW, lambda _n: order_cart(buyer))

    assert Order.objects.count() == FEW


def sign_in_while_clicking_elsewhere(member, token):
    with rival_before(
        "orders.services.merging._hand_over", lambda: put_in(CartOwner(member_id=member.pk))
    ) as rival:
        merge_cart(token=token, member_id=member.pk, at=NOON)
    assert rival.error is None


def test_F_38_a_guest_cart_comes_along_while_the_member_makes_one_elsewhere():
    member = make_member()
    token = put_in(CartOwner()).token

    sign_in_while_clicking_elsewhere(member, token)

    assert Cart.objects.get().member_id == member.pk
    assert CartLine.objects.count() == 2


def take_over(guest, member_id):
    """What `_hand_over` would be if it counted on what was read: no cart of the member's."""
    Cart.objects.filter(pk=guest.pk).update(member_id=member_id, token_hash=None)


def test_control_without_a_second_look_the_constraint_alone_keeps_one_cart_a_member(monkeypatch):
    member = make_member()
    token = put_in(CartOwner()).token
    monkeypatch.setattr("orders.services.merging._hand_over", take_over)

    with pytest.raises(IntegrityError, match="member"):
        sign_in_while_clicking_elsewhere(member, token)

    assert sorted(Cart.objects.values_list("lines__quantity", flat=True)) == [1, 1]
