"""`make run` between servers and web: migrate what is pending, fill the demo shop once.

MALL_SEED=0 leaves the shop empty.
"""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mall import env
from mall.console.demo.seeding import FINISHED, is_marked


class Command(BaseCommand):
    help = "Migrate and seed the demo shop; does nothing that is already done."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is for the demo: MALL_DEMO is not set.")
        pending = self._pending()
        if pending:
            self.stdout.write(f"{pending} migrations")
            with connection.cursor() as cursor:  # a slow machine thinks long between statements
                cursor.execute("SET idle_in_transaction_session_timeout = 0")
            call_command("migrate", verbosity=1, interactive=False, stdout=self.stdout)
        if env.flag("MALL_SEED", True) and not is_marked(FINISHED):
            call_command("seed_demo", stdout=self.stdout)
        self.stdout.write("ready")

    def _pending(self) -> int:
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
