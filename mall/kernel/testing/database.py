"""A test database in a blink: cloned from a migrated template, cleaned without a full flush.

The template is named by a hash of all migration files, built once under an advisory lock and kept
on the server. Every pytest process clones it, and holds an advisory lock named after its clone for
as long as it lives: a clone whose lock is free belongs to a dead run, and the next one drops it.
The database user must be a superuser, as it is on the embedded server.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.utils.module_loading import import_string

from mall.kernel.testing.migrating import swift_migrations

TEMPLATE_PREFIX = "mall_template_"
CLONE_PREFIX = "mall_test_"
TEMPLATES_KEPT = 3
TEMPLATE_LOCK = 7201  # first key of pg_advisory_lock(int, int): guards the templates
CLONE_LOCK = 7202  # the same: one second key per living clone
USED_BY_MIGRATIONS = ("fields", "text", "triggers")  # modules of kernel.db

PATIENT = "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0"

# Copies what the migrations put in, so that `pristine.restore()` can bring it back. A table that a
# test left alone costs one EXISTS; the role `replica` quiets foreign keys and append-only triggers.
PRISTINE = """
CREATE SCHEMA pristine;
CREATE TABLE pristine.tables (name text PRIMARY KEY, columns text);
DO $$
DECLARE item record; filled boolean;
BEGIN
  FOR item IN SELECT c.oid, c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition
  LOOP
    INSERT INTO pristine.tables (name) VALUES (item.relname);
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', item.relname) INTO filled;
    IF filled THEN
      UPDATE pristine.tables SET columns = (
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = item.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '')
      WHERE name = item.relname;
      EXECUTE format('CREATE TABLE pristine.%1$I AS TABLE public.%1$I', item.relname);
    END IF;
  END LOOP;
END $$;
CREATE FUNCTION pristine.restore() RETURNS void LANGUAGE plpgsql
  SET session_replication_role = replica SET lock_timeout = '20s' AS $$
DECLARE item record; changed boolean;
BEGIN
  FOR item IN SELECT name, columns FROM pristine.tables LOOP
    IF item.columns IS NULL THEN
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', item.name) INTO changed;
    ELSE
      EXECUTE format('SELECT EXISTS (TABLE public.%1$I EXCEPT ALL TABLE pristine.%1$I)
        OR EXISTS (TABLE pristine.%1$I EXCEPT ALL TABLE public.%1$I)', item.name) INTO changed;
    END IF;
    CONTINUE WHEN NOT changed;
    EXECUTE format('DELETE FROM public.%I', item.name);
    IF item.columns IS NOT NULL THEN
      EXECUTE format('INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE
        SELECT %2$s FROM pristine.%1$I', item.name, item.columns);
    END IF;
  END LOOP;
END $$;
"""


def template_name() -> str:
    """The template's name: it changes with any migration file, and with what migrations import."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(_migration_files()):
        digest.update(str(path.name).encode() + b"\0" + path.read_bytes())
    return TEMPLATE_PREFIX + digest.hexdigest()[:16]


def _migration_files() -> Iterator[Path]:
    for config in apps.get_app_configs():
        module, _explicit = MigrationLoader.migrations_module(config.label)
        if module is None:
            continue
        folder = Path(config.path).joinpath(*module.removeprefix(config.name).strip(".").split("."))
        yield from folder.glob("*.py")
    yield from (Path(__file__).parents[1] / "db" / f"{name}.py" for name in USED_BY_MIGRATIONS)


class TestDatabase:
    """The clone of this process: make it with `create`, leave it with `drop`."""

    __test__ = False

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.original_name = connection.settings_dict["NAME"]
        self.name = CLONE_PREFIX + secrets.token_hex(8)
        self.desk = _maintenance_connection(connection)

    def create(self, *, rebuild: bool = False) -> None:
        """Clone the template (build it first when it is missing) and point Django at the clone."""
        self._drop_dead_clones()
        self._execute("SELECT pg_advisory_lock(%s, hashtext(%s))", CLONE_LOCK, self.name)
        template = template_name()
        if rebuild or not self._exists(template):
            self._build(template, rebuild=rebuild)
        with self._template_lock(shared=True):
            self._execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')
        self._use(self.name)

    def drop(self) -> None:
        self._use(self.original_name)
        self._drop_database(self.name)
        self.desk.close()

    def _build(self, template: str, *, rebuild: bool) -> None:
        half = f"{template}_half"
        with self._template_lock(shared=False):
            if self._exists(template):
                if not rebuild:
                    return  # another process was quicker
                self._drop_database(template)
            self._drop_database(half)
            self._execute(f'CREATE DATABASE "{half}"')
            self._use(half)
            with self.connection.cursor() as cursor:
                # a slow machine may think longer about a migration than an idle one may last
                cursor.execute(
                    "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"
                )
                with swift_migrations():
                    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
                cursor.execute(PRISTINE)
                cursor.execute("ANALYZE")
            self.connection.close()
            self._execute(f'ALTER DATABASE "{half}" RENAME TO "{template}"')
            self._drop_old_templates(template)

    def _drop_old_templates(self, newest: str) -> None:
        """Keep the few newest: another branch or working tree may still need its own."""
        names = self._names(TEMPLATE_PREFIX)  # oldest first
        for name in [name for name in names if name != newest][: -(TEMPLATES_KEPT - 1)]:
            self._drop_database(name)

    def _drop_dead_clones(self) -> None:
        for name in self._names(CLONE_PREFIX):
            if self._value("SELECT pg_try_advisory_lock(%s, hashtext(%s))", CLONE_LOCK, name):
                self._drop_database(name)
                self._execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", CLONE_LOCK, name)

    @contextmanager
    def _template_lock(self, *, shared: bool) -> Iterator[None]:
        kind = "_shared" if shared else ""
        self._execute(f"SELECT pg_advisory_lock{kind}(%s, 0)", TEMPLATE_LOCK)
        try:
            yield
        finally:
            self._execute(f"SELECT pg_advisory_unlock{kind}(%s, 0)", TEMPLATE_LOCK)

    def _use(self, name: str) -> None:
        self.connection.close()
        self.connection.settings_dict["NAME"] = name

    def _drop_database(self, name: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _names(self, prefix: str) -> list[str]:
        with self.desk.cursor() as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid",
                [prefix],
            )
            return [name for (name,) in cursor.fetchall()]

    def _exists(self, name: str) -> bool:
        return bool(self._value("SELECT count(*) FROM pg_database WHERE datname = %s", name))

    def _value(self, sql: str, *arguments: str | int) -> Any:
        with self.desk.cursor() as cursor:
            cursor.execute(sql, arguments)
            return cursor.fetchone()[0]

    def _execute(self, sql: str, *arguments: str | int) -> None:
        with self.desk.cursor() as cursor:
            cursor.execute(sql, arguments)


def _maintenance_connection(connection: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    """A connection of our own to the database `postgres`: advisory locks hold per database."""
    settings = {**connection.settings_dict, "NAME": "postgres"}
    settings["OPTIONS"] = {**settings["OPTIONS"], "options": PATIENT}
    wrapper: type[BaseDatabaseWrapper] = import_string(f"{settings['ENGINE']}.base.DatabaseWrapper")
    return wrapper(settings, alias=connection.alias)


def point_replicas_at_primary() -> None:
    """A replica of the settings reads the test database, in the primary's own transaction."""
    for alias in connections:
        primary = connections[alias].settings_dict["TEST"]["MIRROR"]
        if primary:
            connections[alias].creation.set_as_test_mirror(connections[primary].settings_dict)


def restore(connection: BaseDatabaseWrapper) -> None:
    """Undo what a `transaction=True` test committed; tables it left alone are not rewritten."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pristine.restore()")
