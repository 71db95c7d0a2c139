"""Backup and restore to a moment: the scripts of production, on the embedded server.

Source: X-37, F-50, INV-44.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from mall.runner.places import PROJECT
from mall.runner.system import wait_until
from mall.runner.tests.processes import Runner, data_folder

pytestmark = pytest.mark.runner

ARCHIVED = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"
COUNTS = """
SELECT relname, (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || oid::regclass,
       false, true, '')))[1]::text::int
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
SELL = """
import itertools
import django; django.setup()
import catalog.testing, inventory.testing, members.testing
for builders in (catalog.testing, inventory.testing, members.testing):
    builders._numbers = itertools.count({first})
from mall.kernel import clock
from orders.testing import make_order
for _n in range({orders}): make_order(paid=True, at=clock.now())
"""
TRAIL = """
CREATE TABLE kernel_auditentry (at timestamptz NOT NULL, verb text NOT NULL,
  target_type text NOT NULL, target_id text NOT NULL, before jsonb NOT NULL, after jsonb NOT NULL,
  reason text NOT NULL)
"""
NOTED = """
SELECT verb, target_id, at = target_id::timestamptz FROM kernel_auditentry
WHERE target_type = 'kernel.backup'
"""


@contextmanager
def running(var: Path) -> Iterator[str]:
    with Runner(var, "servers") as runner:
        yield runner.wait_for(r"DATABASE_URL=(\S+)", 60)[1]
        runner.end(signal.SIGINT)


def ask(url: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def archive_all(url: str) -> None:
    """Wait until the log up to now is kept."""
    ask(url, "SELECT pg_create_restore_point('here')")  # something to keep
    segment = ask(url, "SELECT pg_walfile_name(pg_switch_wal())")[0][0]
    assert wait_until(lambda: ask(url, ARCHIVED, segment)[0][0], 120, pause=0.2)


def mall(var: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    with Runner(var, *arguments, **variables) as runner:
        return runner.process.wait(300), runner.said


def test_X_37_the_shop_goes_back_to_the_moment_before_the_mistake():
    with data_folder() as var:
        with running(var) as url:
            ask(url, "CREATE TABLE kept (word text)")
            assert mall(var, "backup")[0] == 0
            ask(url, "INSERT INTO kept VALUES ('红富士'), ('嘎啦')")
            moment = ask(url, "SELECT now()::text")[0][0]
            ask(url, "SELECT pg_sleep(0.1)")
            ask(url, "DELETE FROM kept")
            archive_all(url)

        code, said = mall(var, "restore", moment)

        assert code == 0, said
        with running(var) as url:
            assert ask(url, "SELECT word FROM kept ORDER BY word") == [("嘎啦",), ("红富士",)]
            ask(url, "INSERT INTO kept VALUES ('秦冠')")  # it is a server like any other
        assert len(list((var / "postgres").glob("data.before-*"))) == 1


def test_a_backup_is_noted_once_in_the_trail_of_a_shop_that_has_one():
    with data_folder() as var, running(var) as url:
        assert mall(var, "backup")[0] == 0
        ask(url, TRAIL)

        code, said = mall(var, "backup")

        assert code == 0, said
        ((verb, name, is_of_then),) = ask(url, NOTED)
        assert (verb, is_of_then) == ("kernel.note_backup", True)
        assert name in said
        assert "not noted" not in said


def test_without_a_time_everything_that_was_kept_comes_back():
    with data_folder() as var:
        with running(var) as url:
            ask(url, "CREATE TABLE kept (word text)")
            assert mall(var, "backup")[0] == 0
            ask(url, "INSERT INTO kept VALUES ('后来')")
            archive_all(url)

        assert mall(var, "restore")[0] == 0

        with running(var) as url:
            assert ask(url, "SELECT word FROM kept") == [("后来",)]


def test_what_cannot_be_restored_is_refused_and_changes_nothing():
    with data_folder() as var:
        assert "there is no mall" in mall(var, "restore")[1]
        with running(var) as url:
            ask(url, "CREATE TABLE kept (word text)")
            assert "stop it first" in mall(var, "restore")[1]
            assert mall(var, "backup")[0] == 0

        code, said = mall(var, "restore", "2020-01-01 00:00:00+08")

        assert (code, "no backup was made before 2019-12-31T16:00:00Z" in said) == (1, True), said
        with running(var) as url:
            assert ask(url, "SELECT word FROM kept") == []


def test_only_the_last_backups_stay_with_the_log_that_they_need():
    with data_folder() as var, running(var) as url:
        for _n in range(2):
            code, said = mall(var, "backup", BACKUPS_KEPT="1")
            assert code == 0, said
            archive_all(url)

        kept = [path.name for path in (var / "backups" / "base").iterdir()]
        assert len(kept) == 1
        label = (var / "backups" / "base" / kept[0] / "backup_label").read_text()
        first = label.split("(file ")[1].split(")")[0]
        segments = [path.name for path in (var / "backups" / "wal").iterdir()]
        assert min(name for name in segments if len(name) == 24) == first


@pytest.mark.long
def test_INV_44_a_restored_shop_has_the_rows_of_then_and_passes_its_audit():
    with data_folder() as var:
        with running(var) as url:
            manage(url, "migrate", "--verbosity", "0")
            sell(url, orders=3, first=100)
            assert mall(var, "backup")[0] == 0
            assert len(ask(url, NOTED)) == 1
            sell(url, orders=4, first=200)
            then = ask(url, COUNTS)
            moment = ask(url, "SELECT now()::text")[0][0]
            sell(url, orders=2, first=300)
            archive_all(url)

        assert mall(var, "restore", moment)[0] == 0

        with running(var) as url:
            assert ask(url, COUNTS) == then
            assert ask(url, "SELECT count(*) FROM orders_order") == [(7,)]
            manage(url, "audit_invariants")


def sell(url: str, *, orders: int, first: int) -> None:
    python(url, "-c", SELL.format(orders=orders, first=first))


def manage(url: str, *arguments: str) -> None:
    python(url, "manage.py", *arguments)


def python(url: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "MALL_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "mall.settings",
            "DB_STATEMENT_TIMEOUT_MS": "0",
            "LOG_LEVEL": "WARNING",
        },
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
