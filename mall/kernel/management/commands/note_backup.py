"""``manage.py note_backup NAME``: a backup was made that deploy/postgres/backup did not make."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mall.kernel import clock, monitor


class Command(BaseCommand):
    help = "Note in the audit trail that the database was backed up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what it is called there where it lies")

    def handle(self, *args: Any, **options: Any) -> None:
        monitor.note_backup(name=options["name"], at=clock.now())
