"""The test database itself: what a test commits is undone, what a dead run leaves is dropped."""

from __future__ import annotations

import os
import re
import socket
import time

import pytest
import redis
from django.contrib.auth.models import Group, Permission
from django.db import connection, connections, transaction

from mall.kernel.testing import database, provision
from mall.kernel.testing.database import CLONE_PREFIX, TestDatabase, restore, template_name

FREE_PID = 2**22 + 1  # above the kernel's largest


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_committed_rows_are_gone_for_the_next_test(turn):
    assert Group.objects.count() == 0

    Group.objects.create(name="left behind")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_rows_of_the_migrations_are_there_again_after_a_test_deleted_them(turn):
    assert Permission.objects.count() > 50

    Permission.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_restoring_an_untouched_database_is_quick():
    started = time.monotonic()

    restore(connection)

    assert time.monotonic() - started < 1


@pytest.mark.django_db(transaction=True)
def test_the_clone_of_a_dead_run_is_dropped_and_that_of_a_living_one_is_kept():
    desk = TestDatabase(connections["default"])
    dead, living = f"{CLONE_PREFIX}dead{os.getpid()}", f"{CLONE_PREFIX}alive{os.getpid()}"
    other = TestDatabase(connections["default"])
    try:
        other._execute("SELECT pg_advisory_lock(%s, hashtext(%s))", database.CLONE_LOCK, living)
        for name in (dead, living):
            desk._execute(f'CREATE DATABASE "{name}"')

        desk._drop_dead_clones()

        assert not desk._exists(dead)
        assert desk._exists(living)
        assert desk._exists(connection.settings_dict["NAME"])
    finally:
        for name in (dead, living):
            desk._drop_database(name)
        desk.desk.close()
        other.desk.close()


@pytest.mark.django_db
def test_the_template_changes_its_name_with_a_migration_and_only_then(tmp_path, monkeypatch):
    first = template_name()
    assert template_name() == first

    extra = tmp_path / "0002_more.py"
    extra.write_text("# a migration")
    files = list(database._migration_files())
    monkeypatch.setattr(database, "_migration_files", lambda: [*files, extra])

    assert template_name() != first


def test_the_template_depends_on_all_of_our_code_that_migrations_use_and_on_no_other():
    files = list(database._migration_files())
    used = {
        name
        for path in files
        for name in re.findall(r"mall\.kernel\.db\.(\w+)", path.read_text(encoding="utf-8"))
    }

    assert used == {path.stem for path in files if path.parent.name == "db"}


def test_this_process_has_a_redis_database_of_its_own_and_no_two_have_the_same():
    own = os.environ["REDIS_URL"]
    desk = redis.Redis.from_url(provision._with_number(own, 0), decode_responses=True)
    number = own.rpartition("/")[2]

    claim = desk.get(f"mall:test:claim:{number}")
    desk.close()

    assert number != "0"
    assert claim.endswith(f":{os.getpid()}")


def test_the_claim_of_a_dead_process_on_this_machine_is_taken_over():
    desk = redis.Redis.from_url(
        provision._with_number(os.environ["REDIS_URL"], 0), decode_responses=True
    )
    key = f"mall:test:claim:dead-{os.getpid()}"
    desk.set(key, f"{socket.gethostname()}:{FREE_PID}", ex=60)

    provision._drop_if_dead(desk, key)
    dead = desk.get(key)
    desk.set(key, f"another-machine:{FREE_PID}", ex=60)
    provision._drop_if_dead(desk, key)
    foreign = desk.get(key)
    desk.delete(key)
    desk.close()

    assert dead is None
    assert foreign == f"another-machine:{FREE_PID}"


@pytest.mark.django_db
def test_an_ordinary_test_runs_inside_a_transaction():
    assert transaction.get_connection().in_atomic_block
