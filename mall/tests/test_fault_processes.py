"""Processes that die under a buyer's hands: over real HTTP, with the web server of production.

F-01, F-02, F-08, F-09, F-18 of reliability.md; the same faults in a whole mall: docs/doomsday.md.
"""

import http.client
import itertools
import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from inventory.models import StockItem
from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.invariants import audit
from mall.runner.system import wait_until
from mall.tests.served import PATIENCE, crowd, web_server
from members.testing import make_address, make_member, make_operator
from orders.models import Order, RiskPolicy
from orders.testing import make_order, make_stocked_sku

pytestmark = [pytest.mark.runner, pytest.mark.django_db(transaction=True)]
APPLICATION = "fault-tests"


@pytest.fixture(scope="module")
def web(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), web_server("--preload", PGAPPNAME=APPLICATION) as served:
        yield served


@pytest.fixture
def send(web):
    """Something that sends one order with one key, as the mini-program would."""
    member = make_member()
    address = make_address(member=member)
    sku = make_stocked_sku(on_hand=3)
    client = ApiClient.of(member)
    body = {"lines": [{"sku_id": sku.pk, "quantity": 1}], "address_id": address.pk}
    body["quote_hash"] = client.post_json("checkout/quote/", body).json()["quote_hash"]
    headers = {"Authorization": f"Bearer {client.token}", "Idempotency-Key": "k-1"}
    return lambda: web.call("POST", "/api/v1/orders/", body, **headers)


def nothing_broken():
    return [(law.code, rows) for law, rows in audit() if rows and law.code != "INV-31"] == []


@pytest.mark.parametrize(
    "point", ["checkout.after_order", "checkout.after_stock", "keyed.before_commit"]
)
def test_F_01_a_web_process_killed_before_the_commit_leaves_nothing(web, send, point):
    web.arm(point)

    with pytest.raises((OSError, http.client.HTTPException)):
        send()

    assert web.was_hit(point)
    assert (Order.objects.count(), StockItem.objects.get().reserved) == (0, 0)
    status, order = send()
    assert (status, order["status"]) == (201, "unpaid")
    assert (Order.objects.count(), StockItem.objects.get().reserved) == (1, 1)
    assert nothing_broken()


def test_F_02_a_web_process_killed_after_the_commit_answers_the_same_order_again(web, send):
    web.arm("keyed.after_commit")

    with pytest.raises((OSError, http.client.HTTPException)):
        send()

    placed = Order.objects.get()
    status, order = send()
    assert (status, order["number"]) == (201, placed.number)
    assert (Order.objects.count(), StockItem.objects.get().reserved) == (1, 1)
    assert nothing_broken()


def test_F_08_a_rolling_restart_fails_no_request(web):
    def ask(served):
        return served.call("GET", "/api/v1/catalog/products/")[0]

    with crowd(web, ask) as people:
        for _turn in range(2):
            old, so_far = web.children(), len(people.statuses)
            os.kill(web.child.pid, signal.SIGHUP)
            assert wait_until(lambda: not old & web.children(), PATIENCE), web.log  # noqa: B023
            wait_until(lambda: len(people.statuses) > so_far + 20, PATIENCE)  # noqa: B023

    assert people.broken == []
    assert Counter(people.statuses).keys() == {200}


def test_F_09_an_export_that_is_killed_leaves_no_file_and_works_the_next_time(web):
    make_order(at=clock.now())
    boss = Client()
    boss.force_login(make_operator(), backend="members.backends.AccountBackend")
    cookie = f"{settings.SESSION_COOKIE_NAME}={boss.cookies[settings.SESSION_COOKIE_NAME].value}"

    def export(_served=None):
        return web.call("GET", "/admin/orders-export/?kind=csv&status=", Cookie=cookie)[0]

    rogue = psycopg2.connect(**{**connection.get_connection_params(), "options": ""})
    rogue.cursor().execute("LOCK TABLE orders_order IN ACCESS EXCLUSIVE MODE")
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(export)
        assert wait_until(lambda: _waiting() == 1, PATIENCE), web.log
        old = web.children()
        for pid in old:
            os.kill(pid, signal.SIGKILL)
        with pytest.raises((OSError, http.client.HTTPException)):
            under_way.result(PATIENCE)
    rogue.close()

    assert wait_until(lambda: len(web.children() - old) == 2, PATIENCE), web.log
    assert list((web.folder / "tmp").iterdir()) == []
    assert export() == 200


def _waiting():
    """Sessions of the web server that wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
            " AND wait_event_type = 'Lock'",
            [APPLICATION],
        )
        return cursor.fetchone()[0]


def _ready_to_buy(sku):
    """A member's token, and an order that only needs sending."""
    member = make_member()
    body = {
        "lines": [{"sku_id": sku.pk, "quantity": 1}],
        "address_id": make_address(member=member).pk,
    }
    client = ApiClient.of(member)
    body["quote_hash"] = client.post_json("checkout/quote/", body).json()["quote_hash"]
    return client.token, body


def test_F_18_back_ends_that_are_ended_cost_a_503_and_nothing_else(web):
    RiskPolicy.objects.update(most_unpaid_orders=30_000, most_unpaid_pieces=30_000, burst_score=0)
    sku = make_stocked_sku(on_hand=5_000)
    buyers = [_ready_to_buy(sku) for _n in range(20)]
    numbers = itertools.count()

    def ask(served):
        number = next(numbers)
        token, body = buyers[number % len(buyers)]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"k-{number}"}
        return served.call("POST", "/api/v1/orders/", body, **headers)[0]

    with crowd(web, ask) as people:
        for _turn in range(12):
            so_far = len(people.statuses)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = %s AND datname = current_database()",
                    [APPLICATION],
                )
            wait_until(lambda: len(people.statuses) > so_far + 4, PATIENCE)  # noqa: B023

    seen = Counter(people.statuses)
    assert people.broken == []
    assert seen.keys() <= {201, 429, 503}, seen
    assert seen[201] == Order.objects.count()
    assert nothing_broken()
