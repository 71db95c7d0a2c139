"""`make run` from a fresh data folder to nothing left, with a `kill -9` in between."""

from __future__ import annotations

import json
import signal
import socket
import urllib.request
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from mall.runner.servers import free_port
from mall.runner.tests.processes import Runner, all_gone, data_folder, descendants
from mall.runner.tests.schema import SCHEMA

pytestmark = pytest.mark.runner
STARTED = r"Started in ([\d.]+) s"
START_SECONDS = 120  # two cores, and other tests beside us


def start(var: Path, port: int) -> Runner:
    return Runner(var, "run", PORT=str(port), MALL_SEED="0")


def health(port: int) -> dict[str, bool]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        return json.load(answer)


def ask(var: Path, sql: str) -> list[tuple[object, ...]]:
    folder = var / "postgres"
    link = psycopg2.connect(
        host="127.0.0.1",
        port=(folder / "port").read_text(),
        user="mall",
        dbname="mall",
        password=(folder / "password").read_text(),
    )
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
    link.close()
    return rows


@pytest.fixture
def tested_schema(django_db_setup, django_db_blocker) -> set[tuple[object, ...]]:
    """The tables that all other tests know: their database is migrated in a quicker way."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        return set(cursor.fetchall())


def test_the_mall_starts_refuses_a_second_start_survives_kill_9_and_stops_clean(tested_schema):
    port = free_port()
    with data_folder() as var:
        with start(var, port) as first:
            first.wait_for(STARTED, START_SECONDS)
            assert health(port)["db"]
            assert f"http://127.0.0.1:{port}/admin/" in first.said
            assert set(ask(var, SCHEMA)) == tested_schema
            ask(var, "CREATE TABLE kept AS SELECT '红富士' AS word")

            with start(var, port + 1) as second:
                assert second.process.wait(30) == 1
                assert f"already runs on {var} (pid {first.process.pid})" in second.said

            children = descendants(first.process.pid)
            assert len(children) > 8  # PostgreSQL, Redis, web, worker, beat and theirs
            first.end(signal.SIGKILL)
            assert all_gone(children, 20)

        with start(var, port) as third:
            third.wait_for(STARTED, START_SECONDS)
            assert health(port)["db"]
            assert ask(var, "SELECT word FROM kept") == [("红富士",)]

            children = descendants(third.process.pid)
            assert third.end(signal.SIGINT, 60) == 0
            assert "nothing is left running" in third.said
            assert all_gone(children, 1)


def test_a_port_in_use_is_named_before_anything_is_started():
    with data_folder() as var, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with start(var, port) as runner:
            assert runner.process.wait(30) == 1
            assert f"port {port} is in use" in runner.said

        assert not (var / "postgres").exists()
