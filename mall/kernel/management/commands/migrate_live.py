"""Migrate while the shop is open: wait two seconds for a lock, let everybody pass, try again.

A migration that waits for a table holds up all who come after it; web processes give up after three
seconds (DB_LOCK_TIMEOUT_MS), so it gives up first. What it had done of that migration is undone,
what was applied before stays. Rules: docs/operations.md, "Upgrade". Source: reliability.md, F-51.
"""

import random
import time
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import OperationalError, connection

from mall.kernel.db.locking import LOCK_NOT_AVAILABLE, pg_code

LOCK_MS, TRIES = 2_000, 60
REST_SECONDS = (0.5, 2.0)
HALF_MADE = """
    SELECT format('%I.%I', n.nspname, c.relname) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT i.indisvalid AND n.nspname = current_schema()
      AND NOT EXISTS (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.relid = i.indrelid)
"""


class Command(BaseCommand):
    help = "Migrates an open shop: short locks, tried again until they are had."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", help="app label, migration name: as for `migrate`")
        parser.add_argument("--lock-ms", type=int, default=LOCK_MS, help="patience for one lock")
        parser.add_argument("--tries", type=int, default=TRIES)

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises: CommandError when a lock was not had in all tries."""
        for _try in range(options["tries"]):
            try:
                self._migrate(options)
            except OperationalError as error:
                if pg_code(error) != LOCK_NOT_AVAILABLE:
                    raise
                self.stderr.write(f"busy, trying again: {error}".strip())
                connection.close()
                time.sleep(random.uniform(*REST_SECONDS))  # noqa: S311 - jitter, no secret
            else:
                return
        raise CommandError(f"a lock was not had in {options['tries']} tries; what is done stays")

    def _migrate(self, options: dict[str, Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, false)", [f"{options['lock_ms']}"]
            )
        drop_half_made_indexes()
        call_command(
            "migrate", *options["names"], interactive=False, verbosity=options["verbosity"]
        )


def drop_half_made_indexes() -> list[str]:
    """Of CREATE INDEX CONCURRENTLY that gave up an invalid index stays; returns their names."""
    with connection.cursor() as cursor:
        cursor.execute(HALF_MADE)
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    return names
