"""P-67: who keeps goods in mind or in the cart hears of few left and of offers that have begun."""

from datetime import timedelta

import pytest

from catalog.services import toggle_favourite
from inventory.models import StockItem
from mall.kernel.notify import render
from mall.kernel.notify.models import Message
from mall.kernel.testing.queries import count_queries
from members.testing import make_member
from orders.services import CartOwner, add_line, tell_of_few_left, tell_of_offers
from orders.tasks import tell_of_wishes
from orders.testing import NOON, make_flash_sale, make_order, make_stocked_sku
from promotions.testing import make_sale

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def favour(sku, member=None):
    member = member or make_member()
    toggle_favourite(account=member.account, product_id=sku.product_id, at=NOON)
    return member


def heard(template):
    rows = Message.objects.filter(template=template, channel="inbox").order_by("pk")
    return list(rows.values_list("account_id", flat=True))


def test_P_67_few_left_of_a_favourite_are_told_once_a_week():
    sku = make_stocked_sku(on_hand=12)
    member = favour(sku)
    favour(make_stocked_sku(on_hand=5_000), make_member())
    assert tell_of_few_left(at=NOON) == 0

    make_order(sku=sku, quantity=2)
    told = [tell_of_few_left(at=NOON + n * DAY) for n in (0, 1, 6, 7)]

    assert told == [1, 0, 0, 1]
    assert heard("orders.few_left") == [member.account_id] * 2
    message = Message.objects.filter(template="orders.few_left").first()
    assert "10" in render(message.template, message.params)[1]
    assert (message.route, message.route_args) == ("storefront:product", [sku.product_id])
    StockItem.objects.update(on_hand=0, reserved=0)
    assert tell_of_few_left(at=NOON + 30 * DAY) == 0


def test_what_lies_in_a_cart_counts_too_and_both_are_one_message():
    sku = make_stocked_sku(on_hand=3)
    member = favour(sku)
    for owner in (CartOwner(member_id=member.pk), CartOwner(), CartOwner(make_member().pk)):
        add_line(owner=owner, sku_id=sku.pk, quantity=1, at=NOON)

    assert tell_of_few_left(at=NOON) == 2
    assert heard("orders.few_left").count(member.account_id) == 1


def test_P_67_a_sale_of_a_favourite_is_told_as_it_begins_and_not_again_within_24_hours():
    sku, begins = make_stocked_sku(price_fen=10_000), NOON + HOUR
    member = favour(sku)
    make_sale(prices={sku.pk: 7_900}, starts_at=begins, ends_at=begins + DAY)

    minutes = [tell_of_offers(at=begins + timedelta(minutes=n)) for n in (-1, 0, 5, 59)]
    late = favour(sku, make_member())
    after = [tell_of_offers(at=begins + timedelta(minutes=n)) for n in (59, 60)]

    assert (minutes, after) == ([0, 1, 0, 0], [1, 0])
    assert heard("orders.offer_began") == [member.account_id, late.account_id]
    message = Message.objects.filter(template="orders.offer_began").first()
    body = render(message.template, message.params)[1]
    assert "79.00" in body
    assert "11-23 13:00" in body


def test_a_flash_sale_is_told_at_its_price_and_what_is_for_some_only_is_not():
    flash, some = make_stocked_sku(price_fen=10_000), make_stocked_sku(price_fen=10_000)
    for sku in (flash, some):
        favour(sku)
    make_flash_sale(flash, price_fen=4_900, at=NOON + HOUR)
    make_sale(prices={some.pk: 100}, starts_at=NOON, ends_at=NOON + DAY, tier_codes=["gold"])

    assert tell_of_offers(at=NOON + timedelta(minutes=1)) == 1
    assert Message.objects.get(template="orders.offer_began").params["now_fen"] == 4_900


@pytest.mark.parametrize("where", ["favourite", "cart"])
def test_P_67_goods_past_the_limit_of_a_run_are_told_by_the_next(monkeypatch, where):
    monkeypatch.setattr("orders.services.price_alerts.MOST_PRODUCTS", 2)
    member = make_member()
    goods = [make_stocked_sku(on_hand=3, price_fen=10_000) for _n in range(8)]
    make_sale(prices={sku.pk: 7_900 for sku in goods}, starts_at=NOON, ends_at=NOON + DAY)
    for sku in goods[3:]:
        if where == "favourite":
            favour(sku, member)
        else:
            add_line(owner=CartOwner(member_id=member.pk), sku_id=sku.pk, quantity=1, at=NOON)

    runs = [NOON + timedelta(minutes=5 * n) for n in range(4)]
    told = [(tell_of_few_left(at=at), tell_of_offers(at=at)) for at in runs]

    assert told == [(2, 2), (2, 2), (1, 1), (0, 0)]
    for template in ("orders.few_left", "orders.offer_began"):
        rows = Message.objects.filter(template=template).order_by("pk")
        assert [row.params["product_id"] for row in rows] == [sku.product_id for sku in goods[3:]]


def test_P_67_what_one_has_heard_is_still_news_to_another():
    sku = make_stocked_sku(on_hand=3)
    first = favour(sku)
    assert tell_of_few_left(at=NOON) == 1
    second = favour(sku)

    assert tell_of_few_left(at=NOON + HOUR) == 1
    assert heard("orders.few_left") == [first.account_id, second.account_id]


def test_nothing_to_tell_costs_three_statements_and_the_timer_runs():
    with count_queries(at_most=4):
        assert (tell_of_offers(at=NOON), tell_of_few_left(at=NOON)) == (0, 0)

    assert tell_of_wishes() == 0
