"""``manage.py import_catalog FILE|FOLDER``: goods from CSV, XLSX, JSONL or a litemall folder.

Rules and columns: docs/imports.md. Good rows stay, bad ones are listed; a rerun adds nothing.
"""

import csv
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.services import IMPORT_FORMATS, Shipload, UnreadableFile, read_shipload
from inventory.models import Warehouse
from mall.console.importing import ImportResult, bring_in, report_rows
from mall.kernel import clock

BAR = 30
SHOWN = 20


class Command(BaseCommand):
    help = "Import goods; bad rows are listed, a rerun adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE|FOLDER")
        parser.add_argument("--format", choices=IMPORT_FORMATS, default="auto")
        parser.add_argument("--dry-run", action="store_true", help="Try everything, keep nothing.")
        parser.add_argument(
            "--report", type=Path, help="Write every row's result to this CSV file."
        )
        parser.add_argument(
            "--warehouse", help="Code of the warehouse that takes the opening stock in."
        )
        parser.add_argument(
            "--set-stock", action="store_true", help="Set the stock of known SKUs to the file's."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        load = self._read(options["path"], options["format"])
        warehouse = self._warehouse(options["warehouse"])
        result = bring_in(
            load,
            at=clock.now(),
            warehouse=warehouse,
            sets_stock=options["set_stock"],
            dry_run=options["dry_run"],
            progress=self._progress,
        )
        self._tell(load, result)
        if options["report"] is not None:
            self._write_report(options["report"], result)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was kept.")

    def _read(self, path: Path, file_format: str) -> Shipload:
        if not path.exists():
            raise CommandError(f"{path} is not there")
        try:
            return read_shipload(path, file_format=file_format)
        except UnreadableFile as error:
            raise CommandError(f"{path.name}: {error}") from error

    def _warehouse(self, code: str | None) -> Warehouse | None:
        if code is None:
            found = Warehouse.objects.filter(is_active=True).order_by("priority", "pk").first()
            if found is None:
                self.stdout.write("There is no warehouse: stock in the file is left out.")
            return found
        try:
            return Warehouse.objects.get(code=code)
        except Warehouse.DoesNotExist:
            raise CommandError(f"there is no warehouse {code}") from None

    def _tell(self, load: Shipload, result: ImportResult) -> None:
        for what, count in sorted(result.counts.items()):
            self.stdout.write(f"{what:22} {count:8}")
        for reason, count in sorted(load.skipped.items()):
            self.stdout.write(f"{'rows left out':22} {count:8} ({reason})")
        self.stdout.write(f"{'problems':22} {len(result.problems):8}")
        for problem in result.problems[:SHOWN]:
            self.stdout.write(
                self.style.WARNING(f"{problem.place}: {problem.field}: {problem.reason}")
            )
        if len(result.problems) > SHOWN:
            self.stdout.write(f"... {len(result.problems) - SHOWN} more, see --report")

    def _write_report(self, path: Path, result: ImportResult) -> None:
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("place", "result", "field", "text"))
            writer.writerows(report_rows(result))

    def _progress(self, done: int, whole: int) -> None:
        filled = BAR * done // max(whole, 1)
        if sys.stderr.isatty():
            bar = f"goods [{'#' * filled}{'.' * (BAR - filled)}] {done}/{whole}"
            self.stderr.write(bar, ending="\n" if done >= whole else "\r")
        elif done >= whole:
            self.stderr.write(f"goods {done}/{whole}")
