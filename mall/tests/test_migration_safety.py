"""New migrations let an open shop go on; older ones are frozen by number (F-51)."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import Q

from mall.tests.migration_rules import dangers
from mall.tests.source import PROJECT

FROZEN = {
    "kernel": 5,
    "members": 11,
    "catalog": 19,
    "inventory": 16,
    "promotions": 17,
    "orders": 30,
    "analytics": 4,
}
"""The last migration of each app that was written before any shop was open. Never raise a number:
from the next one on a migration keeps the rules, or says in `safe_because` why it need not."""

INDEX = models.Index(fields=["number"], name="x")
CHECK = models.CheckConstraint(condition=Q(pk__gt=0), name="x")
UNIQUE = models.UniqueConstraint(fields=["number"], name="x")
EMPTY = models.CharField(max_length=9, null=True)
REFUSED = {
    "AddIndexConcurrently": migrations.AddIndex("order", INDEX),
    "RemoveIndexConcurrently": migrations.RemoveIndex("order", "x"),
    "AddConstraintNotValid": migrations.AddConstraint("order", CHECK),
    "USING INDEX": migrations.AddConstraint("order", UNIQUE),
    "old code does not fill it in": migrations.AddField(
        "order", "x", models.CharField(max_length=9, default="")
    ),
    "its index by": migrations.AddField(
        "order", "x", models.CharField(max_length=9, null=True, db_index=True)
    ),
    "its foreign key by": migrations.AddField(
        "order", "x", models.ForeignKey("orders.order", models.CASCADE, null=True, db_index=False)
    ),
    "old code still uses it": migrations.RemoveField("order", "x"),
    "neither read whole": migrations.AlterField("order", "x", EMPTY),
    "in chunks": migrations.RunPython(migrations.RunPython.noop),
    "an index without": migrations.RunSQL("CREATE UNIQUE INDEX x ON orders_order (number)"),
    "an index dropped": migrations.RunSQL("DROP INDEX x"),
    "a constraint without": migrations.RunSQL("ALTER TABLE a ADD CONSTRAINT x CHECK (b > 0)"),
    "a locked table": migrations.RunSQL([("LOCK TABLE orders_order", None)]),
    "needs atomic": AddIndexConcurrently("order", INDEX),
}
ALLOWED = [
    migrations.AddField("order", "x", EMPTY),
    migrations.AddField("order", "x", models.SmallIntegerField(db_default=0)),
    AddConstraintNotValid("order", CHECK),
    migrations.RunSQL("ALTER TABLE a ADD CONSTRAINT x CHECK (b > 0) NOT VALID"),
    migrations.RunSQL("ALTER TABLE a ADD CONSTRAINT x UNIQUE USING INDEX x"),
    migrations.RunSQL("ALTER TABLE a VALIDATE CONSTRAINT x"),
]


def migration_of(*operations, **values):
    """A migration that nobody wrote down."""
    kind = type("Migration", (migrations.Migration,), {"operations": list(operations), **values})
    return kind("0099_x", "orders")


def number_of(name):
    return int(name.split("_")[0])


def ours():
    """Every migration of this project, by app and name."""
    for (label, name), migration in MigrationLoader(None).disk_migrations.items():
        if apps.get_app_config(label).path.startswith(str(PROJECT)) and label in FROZEN:
            yield label, name, migration


def test_F_51_every_migration_since_the_opening_lets_the_shop_go_on():
    found = {
        f"{label}.{name}": wrong
        for label, name, migration in ours()
        if number_of(name) > FROZEN[label] and (wrong := dangers(migration))
    }

    assert found == {}


def test_no_app_with_tables_is_forgotten():
    labels = {
        config.label
        for config in apps.get_app_configs()
        if config.path.startswith(str(PROJECT)) and ".venv" not in config.path
        if any((PROJECT / config.path / "migrations").glob("0*.py"))
    }

    assert labels == set(FROZEN)


@pytest.mark.parametrize("words", REFUSED)
def test_what_would_stop_a_shop_is_refused_in_words(words):
    found = dangers(migration_of(REFUSED[words]))

    assert len(found) == 1, found
    assert words in found[0]


@pytest.mark.parametrize("operation", ALLOWED, ids=lambda operation: operation.describe()[:40])
def test_what_does_not_is_allowed(operation):
    assert dangers(migration_of(operation)) == []


def test_a_table_of_the_same_migration_may_be_made_in_any_way():
    table = migrations.CreateModel("Remark", [("id", models.BigAutoField(primary_key=True))])

    assert dangers(migration_of(table, migrations.AddIndex("remark", INDEX))) == []


def test_who_knows_better_says_why():
    refused = REFUSED["old code still uses it"]

    assert dangers(migration_of(refused, safe_because="unused since release 7")) == []


def test_the_twelve_of_the_rehearsal_keep_the_rules_and_its_control_does_not():
    folder = PROJECT / "bench/live/app/migrations"
    names = sorted(path.stem for path in folder.glob("0*.py"))
    steps = [import_module(f"bench.live.app.migrations.{name}").Migration for name in names]

    wrong = {name: dangers(step(name, "live")) for name, step in zip(names, steps, strict=True)}

    assert len(names) == 12
    assert {name: found for name, found in wrong.items() if found} == {}
    control = import_module("bench.live.control.migrations.0001_a_lock_that_is_kept").Migration
    assert dangers(control("0001", "live_control")) != []
