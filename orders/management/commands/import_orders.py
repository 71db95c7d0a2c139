"""``manage.py import_orders FILE``: an order history from a CSV (or .csv.gz) file. Rules:
docs/imports.md."""

import csv
import gzip
import hashlib
import io
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mall.kernel import clock
from mall.kernel.errors import ShopError
from orders.importing import read_rows, sort_row
from orders.services.importing import History, import_history, imported_before, sort_history

DEFAULT_RATE_FEN = 920
BAR = 30


class Command(BaseCommand):
    help = "Import an order history; bad rows are listed, a rerun adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Read and sort, write nothing.")
        parser.add_argument("--report", type=Path, help="Write the bad rows to this CSV file.")
        parser.add_argument(
            "--rate-fen",
            type=int,
            default=DEFAULT_RATE_FEN,
            help="Fen per unit of the source's currency (default 920: 1 GBP = 9.20 CNY).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} is not a file")
        if not 1 <= options["rate_fen"] <= 1_000_000:
            raise CommandError("--rate-fen must be from 1 to 1000000")
        raw = path.read_bytes()
        sha256 = hashlib.sha256(raw).hexdigest()
        if imported_before(sha256):
            self.stdout.write("This file was imported before: nothing to do.")
            return
        history = self._sort(raw, options["rate_fen"])
        self._tell(history, options["report"])
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")
            return
        try:
            import_history(
                history=history,
                sha256=sha256,
                file_name=path.name,
                rate_fen=options["rate_fen"],
                at=clock.now(),
                progress=self._progress,
            )
        except ShopError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"Imported {len(history.rows)} rows."))

    def _sort(self, raw: bytes, rate_fen: int) -> History:
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
        try:
            lines = io.TextIOWrapper(io.BytesIO(raw), "utf-8", newline="")
            return sort_history(read_rows(lines), sort_row, rate_fen)
        except ValueError as error:
            raise CommandError(f"the file cannot be read: {error}") from error

    def _tell(self, history: History, report: Path | None) -> None:
        for kind, count in sorted(history.kinds.items()):
            self.stdout.write(f"{kind:12} {count:8} rows")
        matched = history.kinds["return"] - len(history.unmatched)
        self.stdout.write(
            f"{len(history.deals)} orders, {matched} returns matched to an order, "
            f"{len(history.unmatched)} to the ledger"
        )
        whole, part = divmod(abs(history.amount_thousandths), 1000)
        sign = "-" if history.amount_thousandths < 0 else ""
        self.stdout.write(f"sum of the source: {sign}{whole}.{part:03}")
        self.stdout.write(f"{len(history.bad)} bad rows")
        for bad in history.bad[:20]:
            self.stdout.write(self.style.WARNING(f"line {bad.number}: {bad.field}: {bad.reason}"))
        if report is not None:
            with report.open("w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out)
                writer.writerow(("line", "field", "reason"))
                writer.writerows(history.bad)

    def _progress(self, what: str, done: int, whole: int) -> None:
        filled = BAR * done // max(whole, 1)
        if sys.stderr.isatty():
            end = "\n" if done >= whole else "\r"
            self.stderr.write(
                f"{what:7} [{'#' * filled}{'.' * (BAR - filled)}] {done}/{whole}", ending=end
            )
        elif done >= whole:
            self.stderr.write(f"{what:7} {done}/{whole}")
