"""scratch of the reviewer"""
import threading
import pytest
from mall.kernel.testing.race import stampede, rival_before
from members.testing import make_address, make_member
from orders.models import Cart, CartLine, Order
from orders.services import CartOwner, Submission, add_line, merge_cart, place_order
from orders.testing import NOON, make_stocked_sku

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_orders_from_one_cart():
    member = make_member()
    to = make_address(member=member)
    sku = make_stocked_sku(on_hand=40)
    add_line(owner=CartOwner(member_id=member.pk), sku_id=sku.pk, quantity=1, at=NOON)

    out = stampede(6, lambda n: place_order(member_id=member.pk, submission=Submission(address_id=to.pk), at=NOON))

    print(out)
    assert Order.objects.count() == 1


def test_merge_race():
    member = make_member()
    sku = make_stocked_sku(on_hand=40)
    other = make_stocked_sku(on_hand=40)
    token = add_line(owner=CartOwner(), sku_id=sku.pk, quantity=1, at=NOON).token

    def rival():
        add_line(owner=CartOwner(member_id=member.pk), sku_id=other.pk, quantity=1, at=NOON)

    from unittest.mock import patch
    from django.db.models import QuerySet
    from orders.models.cart import CartQuerySet
    original = CartQuerySet.update
    fired = []
    def update(self, **kw):
        if "member_id" in kw and not fired:
            fired.append(1)
            t = threading.Thread(target=rival); t.start(); t.join(10)
        return original(self, **kw)
    with patch.object(CartQuerySet, "update", update):
        merge_cart(token=token, member_id=member.pk, at=NOON)
    assert fired
    assert CartLine.objects.filter(cart__member=member).count() == 2
