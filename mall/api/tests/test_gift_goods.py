"""Goods that are only given: no door sells them, a promotion brings them for nothing (C-14)."""

import pytest

from catalog.services import change_sku
from mall.api.testing import ApiClient
from mall.kernel import clock
from members.testing import make_address, make_member
from orders.models import CartLine, Order
from orders.testing import make_stocked_sku
from promotions.testing import make_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    sku = make_stocked_sku(price_fen=2_900)
    change_sku(sku_id=sku.pk, values={"is_gift_only": True}, at=clock.now())
    return sku


def test_C_14_a_gift_is_refused_by_cart_and_quote_and_nothing_is_kept(mug):
    member = make_member()
    client, address = ApiClient.of(member), make_address(member=member)
    line = {"sku_id": mug.pk, "quantity": 1}

    added = client.post_json("cart/lines/", line)
    quoted = client.post_json("checkout/quote/", {"lines": [line], "address_id": address.pk})

    for answer in (added, quoted):
        assert (answer.status_code, answer.json()["code"]) == (400, "orders.gift_only")
    assert not CartLine.objects.exists()


def test_C_14_it_comes_as_a_line_of_nothing_when_the_promotion_is_met(mug):
    tea, member = make_stocked_sku(price_fen=10_000), make_member()
    client, address = ApiClient.of(member), make_address(member=member)
    options = [{"sku_id": mug.pk, "value_fen": 2_900}]
    make_campaign("gift", rule={"options": options, "threshold_fen": 20_000})

    def ask(quantity):
        lines = [{"sku_id": tea.pk, "quantity": quantity}]
        body = {"lines": lines, "address_id": address.pk}
        return body, client.post_json("checkout/quote/", body).json()

    _body, one = ask(1)
    body, two = ask(2)
    placed = client.post_json("orders/", {**body, "quote_hash": two["quote_hash"]}, key="a")

    assert [line["sku_id"] for line in one["lines"]] == [tea.pk]
    gift = next(line for line in two["lines"] if line["sku_id"] == mug.pk)
    assert (gift["quantity"], gift["payable_fen"]) == (1, 0)
    assert two["payable_fen"] - two["freight_fen"] == 20_000
    assert placed.status_code == 201
    kept = Order.objects.get().lines.get(sku=mug)
    assert (kept.is_gift, kept.quantity, kept.payable_fen) == (True, 1, 0)
