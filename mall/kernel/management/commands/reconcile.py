"""``manage.py reconcile [--json]``: rebuild every balance from its ledger and name what differs.

Exit 1 if anything does. It mends nothing.
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from mall.kernel.balances import Comparison, compare


class Command(BaseCommand):
    help = "Rebuild every balance of the shop from its ledger and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="Print one JSON object instead of lines."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        results = list(compare())
        differing = [result for result in results if result.differing]
        if options["json"]:
            self.stdout.write(json.dumps(_report(results), ensure_ascii=False, indent=2))
        else:
            self._print(results)
        if differing:
            raise SystemExit(1)

    def _print(self, results: list[Comparison]) -> None:
        for result in results:
            words = f"{result.balance.code:20} {result.rows:>9} {result.balance.says}"
            if not result.differing:
                self.stdout.write(f"ok      {words}")
                continue
            self.stdout.write(self.style.ERROR(f"DIFFERS {words}: {result.differing}"))
            for difference in result.first:
                self.stdout.write(f"        {difference}")
        bad = sum(bool(result.differing) for result in results)
        self.stdout.write(f"{len(results)} balances rebuilt, {bad} differ.")


def _report(results: list[Comparison]) -> dict[str, Any]:
    return {
        "compared": len(results),
        "rows": {result.balance.code: result.rows for result in results},
        "differ": {
            result.balance.code: {
                "count": result.differing,
                "first": [
                    {"name": one.name, "stored": one.stored, "rebuilt": one.rebuilt}
                    for one in result.first
                ],
            }
            for result in results
            if result.differing
        },
    }
