"""An open shop on servers of its own: PostgreSQL restarted, the schema changed (F-17, F-51)."""

import signal
import time

import pytest

from bench.live.crowd import Crowd
from bench.livemigration import SHORT, Mall, rehearse
from bench.servers import web
from mall.runner.places import prepare
from mall.runner.system import wait_until
from mall.tests.test_doomsday_run import empty

__all__ = ["empty"]
pytestmark = [pytest.mark.runner, pytest.mark.django_db(transaction=True)]
PATIENCE = 120.0
BACK_SECONDS = 10.0


@pytest.mark.long
def test_F_51_twelve_migrations_of_an_open_shop_fail_no_request_and_the_control_does(
    tmp_path, empty
):
    told = rehearse(tmp_path / "mall", SHORT, [("live",)], empty=empty)

    assert told["violations"] == [], told
    assert told["orders"] > 0
    assert told["steps"][0]["requests"] > 0
    assert told["control"]["failed"] > 0


def test_F_17_a_crash_of_postgresql_costs_503s_no_order_and_ten_seconds_at_most(tmp_path, empty):
    there = prepare(tmp_path / "mall")
    mall = Mall(there, durable=True)
    with mall.servers():
        mall.fill(empty)
        world = mall.world("open", SHORT)
        with web(mall.environment, there, mall.port):
            with Crowd(mall.port, world, per_second=10, clients=4) as crowd:
                assert wait_until(lambda: len(crowd.placed) >= 3, PATIENCE)
                mall.postgres.child.send_signal(signal.SIGQUIT)
                mall.postgres.child.wait(PATIENCE)
                mall.postgres.start()
                up = time.monotonic()
                assert wait_until(lambda: _served_since(crowd, up), BACK_SECONDS)
                so_far = len(crowd.placed)
                assert wait_until(lambda: len(crowd.placed) >= so_far + 3, PATIENCE)
            books = mall.world("close", SHORT)

    assert {one.status for one in crowd.answers} <= {200, 201, 503}
    assert set(crowd.placed) <= set(books["orders"])
    assert books["laws"] == {}


def _served_since(crowd, up):
    return any(one.at >= up and one.status in {200, 201} for one in list(crowd.answers))
