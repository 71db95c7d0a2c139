"""P-67: a lower price is told to those who wait for it, once a day; C-14, C-74 at the till."""

from datetime import timedelta

import pytest

from catalog.models import PriceChange
from catalog.selectors import skus_for_pricing
from catalog.services import (
    PriceWish,
    approve_price_change,
    ask_prices,
    change_sku,
    set_sku_prices,
    toggle_favourite,
)
from mall.kernel.notify import render
from mall.kernel.notify.models import Message
from mall.kernel.outbox import relay_batch
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator
from orders.errors import GiftOnly
from orders.models import CartLine
from orders.services import Ask, CartOwner, Wanted, add_line, quote
from orders.services.price_alerts import tell_of_price_drops
from orders.testing import NOON, make_order, make_stocked_sku, pay

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def told(member=None):
    rows = Message.objects.filter(template="orders.price_dropped").order_by("pk")
    return rows.filter(account=member.account_id) if member else rows


def lower(sku, price_fen, at):
    set_sku_prices(prices={sku.pk: (price_fen, 10_000)}, at=at)
    relay_batch(at)


def favour(member, sku):
    toggle_favourite(account=member.account, product_id=sku.product_id, at=NOON)


def test_P_67_a_price_drop_of_a_favourite_yields_one_message_and_none_again_within_24_hours():
    sku, member = make_stocked_sku(price_fen=10_000), make_member()
    favour(member, sku)

    lower(sku, 9_000, NOON)
    lower(sku, 8_000, NOON + HOUR)
    lower(sku, 7_900, NOON + 23 * HOUR)

    (message,) = told(member)
    assert message.params["now_fen"] == 9_000
    _title, body = render(message.template, message.params)
    assert "90.00" in body
    assert "100.00" in body
    lower(sku, 7_800, NOON + 24 * HOUR)
    assert [row.params["now_fen"] for row in told(member)] == [9_000, 7_800]


def test_what_lies_in_a_cart_is_told_too_and_once_for_both():
    sku, member, guest = make_stocked_sku(price_fen=10_000), make_member(), CartOwner()
    add_line(owner=CartOwner(member_id=member.pk), sku_id=sku.pk, quantity=1, at=NOON)
    add_line(owner=guest, sku_id=sku.pk, quantity=1, at=NOON)
    favour(member, sku)

    lower(sku, 9_000, NOON)

    assert [message.account_id for message in told()] == [member.account_id]


def test_neither_a_rise_nor_another_sku_of_the_cart_is_told():
    sku, other = make_stocked_sku(price_fen=5_000), make_stocked_sku(price_fen=10_000)
    member = make_member()
    add_line(owner=CartOwner(member_id=member.pk), sku_id=sku.pk, quantity=1, at=NOON)

    lower(sku, 6_000, NOON)
    lower(other, 9_000, NOON)

    assert not told().exists()


@pytest.mark.parametrize("members", [2, 50])
def test_telling_costs_the_same_queries_however_many_listen(members):
    sku = make_stocked_sku(price_fen=10_000)
    for _number in range(members):
        favour(make_member(), sku)
    drops = [(sku.pk, sku.product_id, 10_000, 9_000)]

    with count_queries(at_most=5):
        assert tell_of_price_drops(drops=drops, at=NOON) == members


def test_P_67_of_an_event_with_more_products_than_a_batch_every_one_is_told(monkeypatch):
    """Also where an earlier batch has products that are news to nobody."""
    monkeypatch.setattr("orders.services.price_alerts.MOST_PRODUCTS", 2)
    goods = [make_stocked_sku(price_fen=10_000) for _n in range(7)]
    member = make_member()
    for sku in goods[2:]:
        favour(member, sku)
    drops = [(sku.pk, sku.product_id, 10_000, 9_000) for sku in goods]

    assert [tell_of_price_drops(drops=drops, at=NOON) for _n in range(2)] == [5, 0]
    products = [sku.product_id for sku in goods[2:]]
    assert [row.params["product_id"] for row in told(member)] == products


def test_P_67_one_writing_of_many_prices_tells_of_them_in_events_of_some_products_each(monkeypatch):
    monkeypatch.setattr("catalog.services.pricing.DROPS_AN_EVENT", 2)
    goods = [make_stocked_sku(price_fen=10_000) for _n in range(5)]
    members = [make_member() for _sku in goods]
    for member, sku in zip(members, goods, strict=True):
        favour(member, sku)

    set_sku_prices(prices={sku.pk: (9_000, 10_000) for sku in goods}, at=NOON)
    events = OutboxEvent.objects.filter(name="catalog.prices_dropped")
    sizes = [len(event.payload["drops"]) for event in events]
    relay_batch(NOON)

    assert sorted(sizes) == [1, 2, 2]
    assert sorted(row.account_id for row in told()) == [member.account_id for member in members]


def test_C_14_a_gift_is_not_sold_alone_and_not_shown_as_a_choice():
    sku = make_stocked_sku()
    owner = CartOwner(member_id=make_member().pk)
    change = add_line(owner=owner, sku_id=sku.pk, quantity=1, at=NOON)
    change_sku(sku_id=sku.pk, values={"is_gift_only": True}, at=NOON)

    with pytest.raises(GiftOnly) as refusal:
        add_line(owner=owner, sku_id=sku.pk, quantity=1, at=NOON)
    with pytest.raises(GiftOnly):
        quote(ask=Ask(wanted=(Wanted(sku.pk, 1),)), member_id=None, at=NOON)

    assert refusal.value.http_status == 400
    assert CartLine.objects.get(pk=change.line_id).quantity == 1
    facts = skus_for_pricing([sku.pk], NOON)[sku.pk]
    assert (facts.is_gift_only, facts.is_buyable) == (True, False)


def test_C_74_the_paid_piece_that_fills_the_quota_ends_the_price_below_cost():
    sku = make_stocked_sku(price_fen=6_000)
    change_sku(sku_id=sku.pk, values={"cost_fen": 5_000}, at=NOON)
    wish = PriceWish(
        sku_id=sku.pk,
        price_fen=4_900,
        list_price_fen=6_000,
        ends_at=NOON + 48 * HOUR,
        quota=2,
    )
    ask_prices(wishes=[wish], reason="引流", at=NOON, actor=make_operator())
    change = PriceChange.objects.get(price_fen=4_900)
    approve_price_change(change_id=change.pk, at=NOON, actor=make_operator())

    pay(make_order(sku=sku, quantity=2, at=NOON), at=NOON)
    relay_batch(NOON)

    change.refresh_from_db()
    assert (change.sold, change.loss_fen) == (2, 200)
    assert skus_for_pricing([sku.pk], NOON)[sku.pk].price_fen == 6_000
