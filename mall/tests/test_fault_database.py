"""PostgreSQL in trouble: whoever asks is told to come back, nothing is half done (F-19, F-20).

F-17 and F-18 need processes: test_fault_restart.py, test_fault_processes.py.
"""

import secrets
from contextlib import contextmanager

import psycopg2
import pytest
import yaml
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.test import Client

from inventory.models import StockItem
from mall.api.testing import ApiClient
from mall.kernel.db import atomic_retry
from mall.kernel.errors import Busy
from mall.runner.system import wait_until
from mall.tests.source import PROJECT
from members.testing import make_address, make_member, make_operator
from orders.models import Order
from orders.testing import make_stocked_sku

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60.0
DISK_FULL = """
    CREATE FUNCTION fault_no_room() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER fault_no_room BEFORE INSERT ON orders_order
    FOR EACH STATEMENT EXECUTE FUNCTION fault_no_room()
"""
ROOM_AGAIN = "DROP TRIGGER fault_no_room ON orders_order; DROP FUNCTION fault_no_room()"


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(autouse=True)
def own_session():
    """What a test sets on its connection ends with it."""
    yield
    connection.close()


@contextmanager
def another_session():
    """A client of the database that the mall knows nothing of."""
    link = psycopg2.connect(**{**connection.get_connection_params(), "options": ""})
    try:
        yield link
    finally:
        link.close()


class Buyer:
    """A member who wants one piece of something."""

    def __init__(self, **values):
        self.member = make_member()
        self.address = make_address(member=self.member)
        self.client = ApiClient.of(self.member)
        self.sku = make_stocked_sku(on_hand=9, **values)
        self.body = {
            "lines": [{"sku_id": self.sku.pk, "quantity": 1}],
            "address_id": self.address.pk,
        }
        quoted = self.client.post_json("checkout/quote/", self.body).json()
        self.body["quote_hash"] = quoted["quote_hash"]

    def order(self):
        return self.client.post_json("orders/", self.body, key="k-1")


def is_told_to_come_back(answer):
    assert (answer.status_code, answer.json()["code"]) == (503, "kernel.busy"), answer.content
    return int(answer.headers["Retry-After"]) >= 1


def test_F_19_the_processes_of_production_fit_into_its_connections():
    compose = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
    command = compose["services"]["postgres"]["command"]
    most = next(int(part.split("=")[1]) for part in command if "max_connections" in part)
    web = compose["services"]["web"]["environment"]
    workers = int(str(web["WEB_WORKERS"]).split(":-")[1].rstrip("}"))

    rolling_restart, worker, beat, tools, for_the_superuser = 2, 3, 1, 5, 3

    assert workers * rolling_restart + worker + beat + tools + for_the_superuser <= most


def test_F_19_without_a_free_connection_the_answer_is_a_503_and_no_waiting(monkeypatch):
    role = f"fault_{secrets.token_hex(4)}"
    run(f"CREATE ROLE {role} LOGIN PASSWORD 'fault' CONNECTION LIMIT 0")  # noqa: S608 - our own name
    visitor = Client(raise_request_exception=False)
    visitor.force_login(make_operator(), backend="members.backends.AccountBackend")
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "USER", role)
        patch.setitem(connection.settings_dict, "PASSWORD", "fault")
        api = ApiClient().get_json("catalog/products/")
        pages = [visitor.get(path) for path in ("/", "/cart/", "/me/", "/admin/", "/healthz")]
        connection.close()
    run(f"DROP ROLE {role}")

    assert is_told_to_come_back(api)
    assert [page.status_code for page in pages] == [503] * 5
    assert all("Retry-After" in page.headers for page in pages[:4])
    assert ApiClient().get_json("catalog/products/").status_code == 200


def test_F_20a_a_lock_held_on_the_hot_sku_costs_a_503_there_and_nothing_elsewhere():
    hot, other = Buyer(), Buyer()
    assert settings.DATABASES["default"]["OPTIONS"]["options"].count("lock_timeout=3000") == 1
    run("SET lock_timeout = '300ms'")
    with another_session() as rogue:
        rogue.cursor().execute(
            "SELECT 1 FROM inventory_stockitem WHERE sku_id = %s FOR UPDATE", [hot.sku.pk]
        )

        refused = hot.order()

        assert is_told_to_come_back(refused)
        assert (Order.objects.count(), StockItem.objects.get(sku=hot.sku).reserved) == (0, 0)
        assert other.order().status_code == 201
    assert hot.order().status_code == 201


@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_F_20b_a_deadlock_that_happens_all_the_same_is_tried_again_once(code):
    tries = []

    @atomic_retry()
    def verb():
        tries.append(1)
        if len(tries) == 1:
            run("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '%s'; END $$" % code)  # noqa: UP031
        return "done"

    assert (verb(), len(tries)) == ("done", 2)


def sleep_in_a_transaction(pid, sku):
    """Lock a row, and write it once the database has lost patience with the session ``pid``."""
    with another_session() as other, transaction.atomic():
        StockItem.objects.locked().get(sku=sku)
        other.autocommit = True
        sessions = other.cursor()

        def is_gone():
            sessions.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
            return sessions.fetchone() == (0,)

        assert wait_until(is_gone, PATIENCE)
        StockItem.objects.update(reserved=1)


def test_F_20c_who_sleeps_in_a_transaction_loses_it_and_the_next_request_is_served():
    told = {name: run(f"SHOW {name}")[0][0] for name in ("statement_timeout", "lock_timeout")}
    told["idle"] = run("SHOW idle_in_transaction_session_timeout")[0][0]
    assert told == {"statement_timeout": "15s", "lock_timeout": "3s", "idle": "15s"}
    buyer = Buyer()
    pid = run("SELECT pg_backend_pid()")[0][0]
    run("SET idle_in_transaction_session_timeout = '100ms'")

    with pytest.raises(OperationalError):
        sleep_in_a_transaction(pid, buyer.sku)

    assert buyer.order().status_code == 201
    assert StockItem.objects.get(sku=buyer.sku).reserved == 1


def test_F_20c_a_statement_that_takes_too_long_is_ended_and_told_as_busy():
    run("SET statement_timeout = '100ms'")

    @atomic_retry()
    def slow():
        run("SELECT pg_sleep(30)")

    with pytest.raises(Busy):
        slow()


def test_F_20d_tries_that_run_out_are_a_503_and_no_crash(monkeypatch):
    buyer = Buyer()
    tries = []

    @atomic_retry()
    def never_serializable(**_kwargs):
        tries.append(1)
        run("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$")

    with pytest.raises(Busy):
        never_serializable()
    assert len(tries) == 3
    with monkeypatch.context() as patch:
        patch.setattr("orders.services.place_order", never_serializable)
        assert is_told_to_come_back(buyer.order())

    assert buyer.order().status_code == 201


def test_F_20e_a_full_disk_refuses_orders_cleanly_and_pages_go_on():
    buyer = Buyer()
    run(DISK_FULL)

    refused = buyer.order()

    assert is_told_to_come_back(refused)
    assert (Order.objects.count(), StockItem.objects.get().reserved) == (0, 0)
    assert ApiClient().get_json("catalog/products/").status_code == 200
    assert Client().get("/healthz").status_code == 200
    run(ROOM_AGAIN)
    assert buyer.order().status_code == 201
