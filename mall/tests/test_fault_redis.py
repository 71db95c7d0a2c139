"""Redis in trouble: stopped, emptied, full, silent. Nothing of value is in it (F-11 to F-16)."""

import json
import signal

import pytest
import redis
from celery import current_app
from django.core.cache import cache
from django.test import Client
from kombu import pools

from catalog.models import Product
from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.db.cache import REST
from mall.kernel.monitor.broker import refuse_evicting
from mall.kernel.outbox import relay_batch
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.outbox.publishing import BROKER_REST, nudge_relay
from mall.kernel.tasks import relay_outbox
from mall.kernel.testing.queries import count_queries
from mall.runner.places import prepare
from mall.runner.servers import Redis
from mall.runner.system import wait_until
from mall.runner.tests.processes import data_folder
from members.models import SmsCode
from members.testing import make_address, make_member
from orders.models import Order
from orders.testing import make_stocked_sku
from promotions.services import gating

pytestmark = [pytest.mark.runner, pytest.mark.django_db(transaction=True)]
PASSWORD = "Fault-tests-2026"  # noqa: S105 - of a made-up member
FULL = {"maxmemory": "1", "maxmemory-policy": "noeviction"}


@pytest.fixture(scope="module")
def _server():
    with data_folder() as var:
        server = Redis(prepare(var), durable=False)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def server(_server, settings, monkeypatch):
    """A Redis of the test's own, that the mall uses for cache, gate and queue."""
    if _server.child is None or _server.child.poll() is not None:
        _server.start()
    redis.Redis.from_url(_server.url).flushall()
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": _server.url}}
    settings.CACHE_URL = settings.CELERY_BROKER_URL = _server.url
    with current_app.connection_for_write(_server.url) as line:
        send = relay_outbox.apply_async
        monkeypatch.setattr(
            "mall.kernel.tasks.relay_outbox.apply_async",
            lambda **options: send(**options, connection=line),
        )
        yield _server
    pools.reset()
    current_app._after_fork()  # the app kept pools that are closed now
    for rest in (REST, BROKER_REST):
        rest.end()
    gating.rest_no_longer()


class Shopper:
    """Somebody with an account, an address and something to buy."""

    def __init__(self):
        self.member = make_member(points=0)
        self.account = self.member.account
        self.account.set_password(PASSWORD)
        self.account.save()
        self.address = make_address(member=self.member)
        self.sku = make_stocked_sku(on_hand=9)

    def buys(self, between=lambda: None):
        """Browse, sign in, fill the cart, order, pay: ``between`` every two steps; the statuses."""
        client, seen = ApiClient(), []

        def step(answer):
            seen.append(answer.status_code)
            between()
            return answer.json()

        step(client.get_json("catalog/products/"))
        said = step(
            client.post_json("auth/login/", {"phone": self.account.phone, "password": PASSWORD})
        )
        client.token = said["access"]
        step(client.post_json("cart/lines/", {"sku_id": self.sku.pk, "quantity": 1}))
        body = {"cart": True, "address_id": self.address.pk}
        body["quote_hash"] = step(client.post_json("checkout/quote/", body))["quote_hash"]
        number = step(client.post_json("orders/", body, key="k-1"))["number"]
        way = {"provider": "sandbox", "scene": "sandbox"}
        payment = step(client.post_json(f"orders/{number}/pay/", way, key="k-2"))
        step(
            Client().post(
                payment["action"]["url"], json.dumps({"result": "success"}), "application/json"
            )
        )
        return seen


GOOD = [200, 200, 201, 200, 201, 201, 200]


def drained():
    """What beat does each minute, once the worker is back."""
    while relay_batch(clock.now()):
        pass
    return not OutboxEvent.objects.filter(done_at=None).exists()


def test_F_11_without_redis_a_shopper_browses_signs_in_buys_and_pays(server):
    shopper = Shopper()
    server.stop()

    assert shopper.buys() == GOOD

    assert Order.objects.get().status == "paid"
    assert OutboxEvent.objects.filter(done_at=None).count() > 0
    server.start()
    assert drained()
    assert Product.objects.get().sales_count == 1


def test_F_11_without_redis_guessing_a_code_ends_after_five_tries_all_the_same(server):
    member = make_member()
    server.stop()
    client = ApiClient()
    asked = client.post_json("auth/sms-codes/", {"phone": member.account.phone, "purpose": "login"})
    assert (asked.status_code, SmsCode.objects.count()) == (202, 1)

    guess = {"phone": member.account.phone, "code": "000000"}
    answers = [client.post_json("auth/login/", guess).status_code for _n in range(7)]

    assert answers[5:] == [429, 429]
    assert 200 not in answers


def test_F_12_F_15_a_redis_that_forgets_everything_between_any_two_steps_costs_nothing(server):
    shopper = Shopper()
    store = redis.Redis.from_url(server.url)

    assert shopper.buys(between=store.flushall) == GOOD

    assert (Order.objects.get().status, store.llen("celery")) == ("paid", 0)
    assert drained()
    assert Product.objects.get().sales_count == 1


def test_F_12_a_session_outlives_redis(server):
    shopper = Shopper()
    browser = Client()
    browser.force_login(shopper.account, backend="members.backends.AccountBackend")

    redis.Redis.from_url(server.url).flushall()

    assert browser.get("/me/").status_code == 200


def test_F_13_a_full_redis_takes_no_message_and_the_order_goes_on(server):
    shopper = Shopper()
    store = redis.Redis.from_url(server.url)
    for name, value in FULL.items():
        store.config_set(name, value)
    with pytest.raises(redis.exceptions.OutOfMemoryError):
        store.set("x", "y")

    assert shopper.buys() == GOOD

    assert Order.objects.get().status == "paid"
    store.config_set("maxmemory", "0")
    assert drained()


def test_F_13_a_worker_does_not_start_on_a_broker_that_throws_messages_away(server):
    store = redis.Redis.from_url(server.url)
    store.config_set("maxmemory-policy", "allkeys-lru")

    with pytest.raises(SystemExit, match="allkeys-lru"):
        refuse_evicting(server.url)

    store.config_set("maxmemory-policy", "noeviction")
    assert refuse_evicting(server.url) is None


def test_F_14_of_a_silent_redis_one_caller_waits_and_nobody_else(server, monkeypatch):
    asked = []
    real = redis.connection.Connection.read_response

    def count(line, *args, **kwargs):
        asked.append(1)
        return real(line, *args, **kwargs)

    server.child.send_signal(signal.SIGSTOP)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(redis.connection.Connection, "read_response", count)
            REST.seconds = BROKER_REST.seconds = 600.0
            first = cache.get("x", "none"), nudge_relay(), len(asked)
            rest = [cache.get("x", n) for n in range(50)], [nudge_relay() for _n in range(50)]
        assert first[0] == "none"
        assert (rest[0], REST.is_on, BROKER_REST.is_on) == (list(range(50)), True, True)
        assert len(asked) == first[2], "nobody asked again"
    finally:
        REST.seconds, BROKER_REST.seconds = 2.0, 10.0
        server.child.send_signal(signal.SIGCONT)

    def answers():
        for pause in (REST, BROKER_REST):
            pause.end()
        cache.set("x", "there")
        return cache.get("x") == "there"

    assert wait_until(answers, 30)


def test_F_16_pages_come_from_postgresql_so_a_cold_cache_costs_few_queries_more(server):
    sku = make_stocked_sku()
    path = f"/product/{sku.product_id}/"
    with count_queries() as warm_up:
        assert Client().get(path).status_code == 200
    with count_queries() as warm:
        Client().get(path)

    cache.clear()
    with count_queries() as cold:
        Client().get(path)

    more = [sql for sql in cold.sql if sql not in warm.sql]
    # The notice of maintenance, the words of the shop, rules of warranty, days to send back.
    assert len(cold) - len(warm) <= 4, more
    assert len(warm_up) >= len(warm)
