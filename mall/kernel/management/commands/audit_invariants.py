"""``manage.py audit_invariants [--json]``: run every invariant, name what breaks it, exit 1 if any
does."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from mall.kernel.invariants import audit


class Command(BaseCommand):
    help = "Check every invariant of the shop against the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="Print one JSON object instead of lines."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        results = list(audit())
        broken = [violation for _invariant, violation in results if violation]
        if options["json"]:
            report = {"checked": len(results), "broken": {v.invariant.code: v.rows for v in broken}}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self._print(results)
        if broken:
            raise SystemExit(1)

    def _print(self, results: list[Any]) -> None:
        for invariant, violation in results:
            if violation is None:
                self.stdout.write(f"ok      {invariant.code:10} {invariant.says}")
            else:
                self.stdout.write(self.style.ERROR(f"BROKEN  {invariant.code:10} {invariant.says}"))
                for row in violation.rows:
                    self.stdout.write(f"        {row}")
        bad = sum(violation is not None for _invariant, violation in results)
        self.stdout.write(f"{len(results)} invariants checked, {bad} broken.")
