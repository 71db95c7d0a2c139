"""The trade report: its numbers are the orders', its export is safe, its doors are guarded."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.urls import reverse

from analytics import selectors
from analytics.models import DailyReport
from analytics.services import aggregate_days
from mall.console.testing import client_of, make_clerk
from mall.kernel.money import yuan
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator
from orders.testing import make_order, make_stocked_sku

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
WEEK = TODAY - timedelta(days=6)
DAY = timedelta(days=1)

TRADE_SQL = """
SELECT COALESCE(SUM(paid_fen), 0), COUNT(*),
       COALESCE(SUM(discount_fen), 0), COALESCE(SUM(freight_fen), 0),
       COALESCE(SUM((SELECT SUM(quantity) FROM orders_orderline l WHERE l.order_id = o.id)), 0)
  FROM orders_order o
 WHERE paid_at >= %(start)s::timestamp AT TIME ZONE 'Asia/Shanghai'
   AND paid_at < (%(last)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
"""
PLACED_SQL = """
SELECT COUNT(*) FROM orders_order
 WHERE placed_at >= %(start)s::timestamp AT TIME ZONE 'Asia/Shanghai'
   AND placed_at < (%(last)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
"""
BEST_SQL = """
SELECT l.product_id, SUM(l.payable_fen)
  FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
 WHERE o.paid_at >= %(start)s::timestamp AT TIME ZONE 'Asia/Shanghai'
   AND o.paid_at < (%(last)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
 GROUP BY 1 ORDER BY 2 DESC, 1
"""


def ask(sql: str, first: date, last: date) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"start": first, "last": last})
        return cursor.fetchall()


@pytest.fixture
def sold():
    """Orders at the edges of days, paid and unpaid, over a week and the week before."""
    skus = [make_stocked_sku(price_fen=12_345), make_stocked_sku(price_fen=6_789)]
    member = make_member(at=NOON - 20 * DAY)
    midnight = datetime(2026, 11, 19, 16, tzinfo=UTC)  # the 20th begins in Shanghai
    moments = [
        midnight - timedelta(microseconds=1), midnight, NOON, NOON - DAY, NOON - 9 * DAY,
        NOON - 10 * DAY, NOON - 13 * DAY, NOON - 15 * DAY,
    ]  # fmt: skip
    for number, moment in enumerate(moments):
        make_order(member=member, sku=skus[number % 2], quantity=number + 1, paid=True, at=moment)
    make_order(member=member, sku=skus[0], paid=False, at=NOON - 2 * DAY)
    aggregate_days(first=WEEK - 7 * DAY, last=TODAY, at=NOON)


def page(client, **query):
    with time_machine.travel(NOON, tick=False):
        return client.get(reverse("admin:reports"), query)


def test_the_figures_are_those_of_the_orders(sold):
    client = client_of(make_clerk("finance"))

    trade = page(client, span="7d").context["trade"]

    for span in (trade.now, trade.before):
        [(gmv, paid, discount, freight, units)] = ask(TRADE_SQL, span.first, span.last)
        [(placed,)] = ask(PLACED_SQL, span.first, span.last)
        totals = [span.total(name) for name in (
            "gmv_fen", "paid_orders", "discount_fen", "freight_fen", "units", "placed_orders"
        )]  # fmt: skip
        assert totals == [gmv, paid, discount, freight, units, placed]
        assert paid > 0


@pytest.mark.parametrize("day", [date(2026, 11, 19), date(2026, 11, 20), TODAY])
def test_F_42_a_day_begins_and_ends_at_midnight_in_shanghai(sold, day):
    [(gmv, paid, *_rest)] = ask(TRADE_SQL, day, day)

    span = selectors.trade(first=day, last=day).now

    assert (span.total("gmv_fen"), span.total("paid_orders"), paid) == (gmv, 1, 1)


def test_the_best_products_are_those_of_the_order_lines(sold):
    products = page(client_of(make_clerk("finance")), span="7d").context["products"]

    rows = [(entry["row"].product_id, entry["row"].gmv_fen) for entry in products]
    assert rows == ask(BEST_SQL, WEEK, TODAY)
    assert len(rows) == 2


def test_every_figure_is_compared_with_the_span_before(sold):
    trade = selectors.trade(first=WEEK, last=TODAY)
    now, before = trade.now.total("gmv_fen"), trade.before.total("gmv_fen")

    assert trade.before.last == WEEK - DAY
    assert trade.change_bp("gmv_fen") == pytest.approx((now - before) / before * 10_000, abs=1)
    assert trade.change_bp("coupons_used") is None


def test_the_average_order_is_of_the_whole_span(sold):
    span = selectors.trade(first=WEEK, last=TODAY).now

    gmv, paid = span.total("gmv_fen"), span.total("paid_orders")
    assert span.total("average_order_fen") == (2 * gmv + paid) // (2 * paid)
    assert (
        selectors.trade(first=NOON.date() + DAY, last=NOON.date() + DAY).now.total(
            "average_order_fen"
        )
        is None
    )


def test_the_page_shows_the_sums_and_says_how_old_they_are(sold):
    answer = page(client_of(make_clerk("finance")), span="7d")

    [(gmv, *_rest)] = ask(TRADE_SQL, WEEK, TODAY)
    text = answer.content.decode()
    assert f"¥{yuan(int(gmv))}" in text
    assert answer.context["trade"].now.as_of == NOON
    assert "as of 2026-11-22 12:00" in text


def test_a_day_without_a_report_is_named_and_can_be_built(sold):
    DailyReport.objects.filter(day=TODAY).delete()
    client = client_of(make_clerk("finance"))

    assert "1 day has no figures yet" in page(client, span="7d").content.decode()

    with time_machine.travel(NOON, tick=False):
        client.post(reverse("admin:reports_rebuild"), {"first": WEEK, "last": TODAY})
    assert page(client, span="7d").context["trade"].now.missing == 0


def test_who_may_not_rebuild_sees_no_button_and_is_refused(sold):
    client = client_of(make_clerk("marketing"))

    text = page(client, span="7d").content.decode()
    answer = client.post(reverse("admin:reports_rebuild"), {"first": WEEK, "last": TODAY})

    assert "Build again now" not in text
    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["service", "warehouse"])
@pytest.mark.parametrize("name", ["reports", "reports_export"])
def test_roles_without_reports_are_refused(role, name):
    assert client_of(make_clerk(role)).get(reverse(f"admin:{name}")).status_code == 403


def test_rebuilding_by_get_is_refused():
    client = client_of(make_clerk("finance"))

    assert client.get(reverse("admin:reports_rebuild")).status_code == 405


def test_the_export_has_a_row_a_day_in_plain_yuan(sold):
    client = client_of(make_clerk("finance"))
    with time_machine.travel(NOON, tick=False):
        answer = client.get(reverse("admin:reports_export"), {"span": "7d"})

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    gmv = [row[1] for row in rows[1:]]
    [(total, *_rest)] = ask(TRADE_SQL, WEEK, TODAY)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [row[0] for row in rows[1:]] == [str(WEEK + number * DAY) for number in range(7)]
    assert sum(int(cell.replace(".", "")) for cell in gmv) == total
    assert rows[0][:2] == ["Day", "Turnover"]


def test_a_year_costs_as_many_queries_as_a_day(sold):
    client = client_of(make_operator())
    page(client, span="today")

    with count_queries() as one_day:
        page(client, span="today")
    with count_queries() as a_year:
        page(client, first="2025-11-22", last="2026-11-22")

    assert len(one_day) == len(a_year) <= 6


@pytest.mark.parametrize("sees_costs", [True, False])
def test_C_74_the_loss_below_cost_is_shown_to_who_may_see_costs(sees_costs):
    sku = make_stocked_sku(price_fen=3_900)
    type(sku).objects.filter(pk=sku.pk).update(cost_fen=5_000)
    make_order(sku=sku, quantity=2, paid=True, at=NOON)
    aggregate_days(first=TODAY, last=TODAY, at=NOON)
    clerk = make_operator(is_superuser=False)
    named = ["view_dailyreport", *(["see_cost"] if sees_costs else [])]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=named))
    client = client_of(clerk)

    text = page(client, span="7d").content.decode()
    with time_machine.travel(NOON, tick=False):
        sheet = client.get(reverse("admin:reports_export"), {"span": "7d"}).content.decode()

    assert ("Lost below cost" in text) == sees_costs
    assert ("22.00" in text) == sees_costs
    assert ("Lost below cost" in sheet) == sees_costs
