"""Promised, frozen and measured (O-52, I-17 to I-19); sold there or refused (C-71)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from catalog.models import RegionSet
from inventory.models import NextDayCity, PromiseCode
from inventory.presenting import arrival_dict
from inventory.services import reallocate_order
from inventory.testing import make_stock, make_warehouse
from mall.kernel.testing.queries import count_queries
from members.testing import make_address, make_member
from orders.errors import NotSoldThere
from orders.models import Carrier, Order, Shipment
from orders.selectors import (
    arrival_of_order,
    arrival_of_quote,
    cart_view,
    punctuality,
)
from orders.services import Ask, CartOwner, Submission, Wanted, add_line, place_order, quote
from orders.testing import make_order, make_stocked_sku, pay

pytestmark = pytest.mark.django_db
SHANGHAI, HANGZHOU, URUMQI = "310115004", "330106002", "650102002"


def beijing(day, hour, minute=0):
    return datetime(2026, 6, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def east():
    return make_warehouse(code="east", region_code="310115", served_prefixes=("31", "32", "33"))


@pytest.fixture
def sku(east):
    item = make_stock(sku=make_stocked_sku(on_hand=0), on_hand=90, warehouse=east)
    return item.sku


def shopper(region_code):
    member = make_member()
    make_address(member=member, region_code=region_code)
    return member


def ordered(sku, region_code=SHANGHAI, *, at, paid_at=None):
    order = make_order(member=shopper(region_code), sku=sku, at=at)
    if paid_at is not None:
        pay(order, at=paid_at)
    return Order.objects.get(pk=order.pk)


def signed(order, at):
    """The parcel of an order, as if the carrier had told us."""
    Shipment.objects.create(
        number=f"S{order.pk}",
        order=order,
        carrier=Carrier.objects.get(code="sf"),
        tracking_no=f"T{order.pk}",
        shipped_at=order.paid_at,
        signed_at=at,
    )
    Order.objects.filter(pk=order.pk).update(status=Order.Status.SHIPPED, stage="")


EVENING = beijing(20, 0)


def kept(at=EVENING):
    rows = punctuality(date(2026, 6, 1), date(2026, 6, 10), at)
    return [(row.warehouse.code, row.promise, row.orders, row.on_time, row.late) for row in rows]


@pytest.mark.parametrize(
    ("at", "code", "words"),
    [
        (beijing(1, 11, 59), "same_day", "Same-day delivery: pay before 12:00, arrives by June 1"),
        (beijing(1, 12, 1), "next_day", "Next-day delivery: arrives by June 2"),
    ],
)
def test_O_52_before_the_cut_off_it_arrives_today_after_it_tomorrow(sku, at, code, words):
    quoted = quote(ask=Ask((Wanted(sku.pk, 1),), SHANGHAI), member_id=None, at=at)

    with count_queries(at_most=1):
        promise = arrival_of_quote(quoted, SHANGHAI, at)
    order = ordered(sku, at=at, paid_at=at)

    assert promise.code == code
    assert arrival_of_order(order) == promise
    with translation.override("en"):
        assert arrival_dict(promise, at)["text"] == words


def test_what_is_paid_for_is_not_asked_to_be_paid_by_an_hour(sku):
    order = ordered(sku, at=beijing(1, 9), paid_at=beijing(1, 9, 20))

    with translation.override("en"):
        arrival = arrival_dict(arrival_of_order(order), order.paid_at, is_paid=True)

    assert arrival["text"] == "Same-day delivery: arrives by June 1"
    assert (arrival["code"], arrival["pay_by"]) == ("same_day", None)


def test_without_a_region_or_stock_nothing_is_promised(sku):
    at = beijing(1, 9)
    quoted = quote(ask=Ask((Wanted(sku.pk, 1),)), member_id=None, at=at)
    many = quote(ask=Ask((Wanted(sku.pk, 91),), SHANGHAI), member_id=None, at=at)

    assert arrival_of_quote(quoted, None, at) is None
    assert arrival_of_quote(many, SHANGHAI, at) is None
    assert arrival_dict(None, at) is None


def test_who_pays_after_the_cut_off_is_shown_and_measured_by_the_next_day(sku):
    order = ordered(sku, at=beijing(1, 11, 50), paid_at=beijing(1, 12, 10))
    signed(order, beijing(2, 20))

    arrival = arrival_dict(arrival_of_order(order), order.paid_at, is_paid=True)

    assert (arrival["code"], arrival["arrives_on"]) == ("next_day", date(2026, 6, 2))
    assert kept() == [("east", PromiseCode.NEXT_DAY, 1, 1, 0)]


@pytest.mark.parametrize(("hours", "on_time", "late"), [(72, 1, 0), (73, 0, 1)])
def test_I_19_signed_at_73_hours_counts_late(sku, hours, on_time, late):
    order = ordered(sku, URUMQI, at=beijing(1, 9), paid_at=beijing(1, 9, 20))
    signed(order, beijing(1, 9, 20) + timedelta(hours=hours))

    assert kept() == [("east", PromiseCode.WITHIN_HOURS, 1, on_time, late)]


def test_O_52_the_report_counts_each_promise_of_each_warehouse(sku, east):
    NextDayCity.objects.create(warehouse=east, city_code="3301")
    paid_at = beijing(1, 10)
    for place, (region, at) in enumerate(
        [
            (SHANGHAI, beijing(1, 22)),
            (SHANGHAI, beijing(2, 0, 1)),
            (HANGZHOU, beijing(2, 18)),
            (HANGZHOU, None),
        ]
    ):
        order = ordered(sku, region, at=paid_at - timedelta(minutes=place), paid_at=paid_at)
        if at:
            signed(order, at)

    with count_queries(at_most=2):
        early = kept(at=beijing(2, 20))
    assert early == [
        ("east", PromiseCode.NEXT_DAY, 2, 1, 0),
        ("east", PromiseCode.SAME_DAY, 2, 1, 1),
    ]
    assert kept()[0] == ("east", PromiseCode.NEXT_DAY, 2, 1, 1)
    row = punctuality(date(2026, 6, 1), date(2026, 6, 1), beijing(2, 20))[1]
    assert (row.on_time_bp, row.waiting) == (5_000, 0)


def test_the_sum_of_the_report_is_that_of_the_promise(sku, east):
    NextDayCity.objects.create(warehouse=east, city_code="3301")
    for region in (SHANGHAI, HANGZHOU, URUMQI):
        for hour in (9, 11, 13, 19, 21):
            at = beijing(1, hour, 50)
            order = ordered(sku, region, at=at, paid_at=at + timedelta(minutes=15))
            due = arrival_of_order(order).due_at(order.paid_at)
            signed(order, due + timedelta(seconds=1 if hour % 4 == 1 else 0))

    rows = kept()

    assert sum(orders for _code, _promise, orders, _on_time, _late in rows) == 15
    assert sum(late for *_row, late in rows) == 9


def test_an_order_that_went_elsewhere_counts_once_by_its_last_promise(sku):
    order = ordered(sku, at=beijing(1, 9), paid_at=beijing(1, 9))
    reallocate_order(order_number=order.number, region_code=URUMQI, at=beijing(1, 10))

    assert kept() == [("east", PromiseCode.WITHIN_HOURS, 1, 0, 1)]


def test_C_71_a_product_of_east_china_is_refused_for_an_address_in_xinjiang(sku):
    sku.product.sold_in.set(RegionSet.objects.filter(code="east"))
    member = shopper(URUMQI)
    submission = Submission(address_id=member.addresses.get().pk, wanted=(Wanted(sku.pk, 1),))

    with pytest.raises(NotSoldThere) as refusal:
        place_order(member_id=member.pk, submission=submission, at=beijing(1, 9))

    assert refusal.value.facts["sku_ids"] == [sku.pk]
    with translation.override("en"):
        assert str(refusal.value).endswith("is not sold to 新疆维吾尔自治区乌鲁木齐市.")
    assert not Order.objects.exists()


def test_C_71_the_cart_says_which_line_is_not_sold_there(sku):
    sku.product.sold_in.set(RegionSet.objects.filter(code="east"))
    owner = CartOwner(member_id=shopper(SHANGHAI).pk)
    add_line(owner=owner, sku_id=sku.pk, quantity=1, at=beijing(1, 9))

    there, here = (cart_view(owner, beijing(1, 9), region_code=code) for code in (URUMQI, SHANGHAI))

    assert [line.invalid for line in there.lines] == ["region"]
    assert [line.invalid for line in here.lines] == [None]
