"""Carts of guests that nobody came back for. Source: O-01."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from mall.kernel.testing.race import rival_before, without_claims
from members.testing import make_member
from orders.models import Cart, CartLine
from orders.services import CartOwner, add_line, forget_guest_carts
from orders.services.clearing_guests import KEEP
from orders.testing import NOON, make_stocked_sku

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def put(owner, at):
    change = add_line(owner=owner, sku_id=make_stocked_sku().pk, quantity=1, at=at)
    Cart.objects.filter(pk=change.cart_id).update(updated_at=at)
    return change


def test_a_guests_cart_is_kept_90_days_after_its_last_change_and_a_members_for_good():
    old, kept = put(CartOwner(), NOON - KEEP - SECOND), put(CartOwner(), NOON - KEEP)
    mine = put(CartOwner(member_id=make_member().pk), NOON - 3 * KEEP)

    assert [forget_guest_carts(NOON), forget_guest_carts(NOON)] == [1, 0]

    left = set(Cart.objects.values_list("pk", flat=True))
    assert left == {kept.cart_id, mine.cart_id}
    assert set(CartLine.objects.values_list("cart_id", flat=True)) == left
    assert old.cart_id not in left


def test_the_limit_is_kept_in_batches(monkeypatch):
    monkeypatch.setattr("orders.services.clearing_guests.BATCH", 2)
    for _n in range(5):
        put(CartOwner(), NOON - 2 * KEEP)

    assert [forget_guest_carts(NOON, limit=2), forget_guest_carts(NOON)] == [2, 3]


def add_while_forgetting(sku, forgotten):
    """Put pieces into an old cart of a guest; in the middle of it old carts are forgotten."""
    token = put(CartOwner(), NOON - 2 * KEEP).token
    with rival_before(
        "orders.services.carting._put", lambda: forgotten.append(forget_guest_carts(NOON))
    ):
        add_line(owner=CartOwner(token=token), sku_id=sku.pk, quantity=2, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_a_cart_that_is_used_at_that_instant_stays():
    sku, forgotten = make_stocked_sku(), []

    add_while_forgetting(sku, forgotten)

    assert forgotten == [0]
    assert CartLine.objects.filter(sku=sku).get().quantity == 2
    assert connection.in_atomic_block is False


@pytest.mark.django_db(transaction=True)
def test_control_without_locks_the_cart_is_forgotten_and_only_a_constraint_refuses_the_line():
    forgotten = []

    with without_claims(), pytest.raises(IntegrityError, match="orders_cart"):
        add_while_forgetting(make_stocked_sku(), forgotten)

    assert forgotten == [1]
    assert not CartLine.objects.exists()
