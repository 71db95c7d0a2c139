"""Carts: limits, stock, merging, and who owns what (O-01)."""

import pytest

from catalog.services import take_off_sale
from inventory.errors import OutOfStock
from mall.kernel.errors import NotFound
from members.testing import make_member
from orders.errors import CartFull, NotBuyable, QuantityLimit
from orders.models import Cart, CartLine
from orders.selectors import cart_pieces, cart_view
from orders.services import (
    CartOwner,
    add_line,
    change_line,
    merge_cart,
    remove_line,
    select_lines,
)
from orders.testing import NOON, make_stocked_sku

pytestmark = pytest.mark.django_db
GUEST = CartOwner()


def put(owner, sku, quantity=1):
    return add_line(owner=owner, sku_id=sku.pk, quantity=quantity, at=NOON)


def contents(owner):
    return [(line.facts.id, line.quantity) for line in cart_view(owner, NOON).lines]


@pytest.fixture
def member_owner():
    return CartOwner(member_id=make_member().pk)


def test_a_guest_gets_a_token_once_and_only_its_digest_is_kept():
    sku = make_stocked_sku()
    first = put(GUEST, sku, 2)
    owner = CartOwner(token=first.token)

    again = put(owner, sku, 3)

    assert (again.token, again.quantity) == (None, 5)
    assert contents(owner) == [(sku.pk, 5)]
    assert first.token not in Cart.objects.get().token_hash
    assert len(first.token) >= 43


def test_an_unknown_token_opens_nothing_and_gets_a_new_cart():
    stranger = CartOwner(token="a" * 43)
    assert cart_view(stranger, NOON).lines == ()

    change = put(stranger, make_stocked_sku())

    assert change.token not in (None, stranger.token)


def test_more_than_there_is_cannot_be_put_in(member_owner):
    sku = make_stocked_sku(on_hand=5)
    put(member_owner, sku, 3)

    with pytest.raises(OutOfStock) as refusal:
        put(member_owner, sku, 3)

    assert refusal.value.facts == {"sku": sku.code, "available": 5}
    assert contents(member_owner) == [(sku.pk, 3)]


def test_ATK_95_limits_of_pieces_and_lines(member_owner, monkeypatch):
    monkeypatch.setattr("orders.services.carting.MAX_LINES", 2)
    sku = make_stocked_sku(on_hand=2_000)
    put(member_owner, sku, 999)

    with pytest.raises(QuantityLimit):
        put(member_owner, sku, 1)
    put(member_owner, make_stocked_sku())
    with pytest.raises(CartFull):
        put(member_owner, make_stocked_sku())


def test_what_is_not_on_sale_or_not_there_cannot_be_put_in(member_owner):
    sku = make_stocked_sku()
    take_off_sale(product=sku.product, actor=None, at=NOON)

    with pytest.raises(NotBuyable):
        put(member_owner, sku)
    with pytest.raises(NotFound):
        add_line(owner=member_owner, sku_id=10**12, quantity=1, at=NOON)
    assert not CartLine.objects.exists()


def test_lines_change_and_go_and_every_change_moves_the_version(member_owner):
    line = put(member_owner, make_stocked_sku(on_hand=9))

    change_line(owner=member_owner, line_id=line.line_id, quantity=9, at=NOON)
    change_line(owner=member_owner, line_id=line.line_id, is_selected=False, at=NOON)
    (shown,) = cart_view(member_owner, NOON).lines
    assert (shown.quantity, shown.is_selected) == (9, False)
    select_lines(owner=member_owner, is_selected=True, at=NOON)
    with pytest.raises(OutOfStock):
        change_line(owner=member_owner, line_id=line.line_id, quantity=10, at=NOON)
    assert cart_pieces(member_owner) == 9
    remove_line(owner=member_owner, line_id=line.line_id, at=NOON)

    assert contents(member_owner) == []
    assert Cart.objects.get().version == 5


def test_anothers_line_is_not_there(member_owner):
    line = put(member_owner, make_stocked_sku())
    guest = CartOwner(token=put(GUEST, make_stocked_sku()).token)

    for stranger in (CartOwner(member_id=make_member().pk), guest, GUEST):
        with pytest.raises(NotFound):
            change_line(owner=stranger, line_id=line.line_id, quantity=2, at=NOON)
        with pytest.raises(NotFound):
            remove_line(owner=stranger, line_id=line.line_id, at=NOON)
    assert len(contents(member_owner)) == 1


def test_merging_adds_up_caps_and_happens_once(member_owner):
    shared, own, brought = make_stocked_sku(on_hand=2_000), make_stocked_sku(), make_stocked_sku()
    put(member_owner, shared, 600)
    put(member_owner, own, 1)
    token = put(GUEST, shared, 500).token
    put(CartOwner(token=token), brought, 2)

    for _twice in range(2):
        merge_cart(token=token, member_id=member_owner.member_id, at=NOON)

    assert sorted(contents(member_owner)) == sorted(
        [(shared.pk, 999), (own.pk, 1), (brought.pk, 2)]
    )
    assert contents(CartOwner(token=token)) == []
    assert Cart.objects.count() == 1


def test_merging_into_no_cart_hands_the_cart_over(member_owner):
    sku = make_stocked_sku()
    token = put(GUEST, sku, 2).token

    merge_cart(token=token, member_id=member_owner.member_id, at=NOON)

    assert contents(member_owner) == [(sku.pk, 2)]
    assert contents(CartOwner(token=token)) == []


def test_merging_keeps_to_the_most_lines(member_owner, monkeypatch):
    monkeypatch.setattr("orders.services.merging.MAX_LINES", 3)
    for _n in range(2):
        put(member_owner, make_stocked_sku())
    token = put(GUEST, make_stocked_sku()).token
    for _n in range(2):
        put(CartOwner(token=token), make_stocked_sku())

    merge_cart(token=token, member_id=member_owner.member_id, at=NOON)

    assert len(contents(member_owner)) == 3


def test_dead_lines_are_shown_but_not_priced(member_owner):
    good, gone, few, off = (make_stocked_sku(on_hand=5, price_fen=1_000) for _n in range(4))
    for sku in (good, gone, few, off):
        put(member_owner, sku, 4)
    for sku, on_hand in ((gone, 0), (few, 3)):
        sku.stock_items.update(on_hand=on_hand)
    take_off_sale(product=off.product, actor=None, at=NOON)
    type(good).objects.filter(pk=good.pk).update(price_fen=900)

    view = cart_view(member_owner, NOON)

    assert {line.facts.id: line.invalid for line in view.lines} == {
        good.pk: "price_changed",
        gone.pk: "sold_out",
        few.pk: "limit",
        off.pk: "off_shelf",
    }
    assert [line.sku_id for line in view.quoted.quote.lines] == [good.pk]
    assert view.quoted.quote.payable_fen == 3_600
