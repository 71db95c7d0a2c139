"""``manage.py relevance``: ask shops the judged queries and print how well they answered.

The demo shop as it stands, and the goods of litemall where MALL_DATA_DIR names their folder: those
are taken in beside a shop emptied for the while, and nothing of it stays. Prints the table of each,
the indexes that the queries used and the report of what found nothing. Exits with 1 when an
untouched third is under the goal. Source: issue 5, Show 2.
"""

import os
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from catalog.models import Product, SearchGap, ShelfCard
from catalog.relevance import (
    GOAL,
    Figures,
    Judged,
    Part,
    failures,
    is_good_enough,
    read_suite,
    table,
)
from catalog.selectors import CardFilters, list_cards
from catalog.services import Search, log_searches
from mall.kernel import clock

PAGE = 20
SHOWN = 6
DEMO_SUITE, LITEMALL_SUITE = SUITES = ("demo", "litemall")
LITEMALL = "litemall_catalog"
SCAN = re.compile(r"(?:->  |^)\s*((?:Bitmap Index|Index|Index Only|Seq) Scan[^(]*)\(")


class Command(BaseCommand):
    help = "Print recall, precision and MRR of search over the judged queries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("suites", nargs="*", help="demo, litemall; else all there are")
        parser.add_argument(
            "--failures",
            action="store_true",
            help="List imperfect answers, of the tuned part only.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        asked = wanted(options["suites"])
        missed = [name for name in asked if not self.judge(name, options)]
        if not options["suites"] and LITEMALL_SUITE not in asked:
            self.stdout.write(f"{LITEMALL_SUITE}: not run: MALL_DATA_DIR does not name its goods")
        if missed:
            raise CommandError(f"the untouched part is under the goal: {', '.join(missed)}")

    @transaction.atomic
    def judge(self, name: str, options: dict[str, Any]) -> bool:
        """Ask one suite; what the asking writes is taken back."""
        if name == LITEMALL_SUITE:
            self.take_in_litemall()
        suite = read_suite(name)
        answers = ask(suite)
        rows = table(suite, answers)
        self.stdout.write(f"{name:16}{'part':12}{'queries':>8}{_heads()}")
        for row in rows:
            self.stdout.write(f"{row.kind:16}{row.part:12}{row.queries:8}{_cells(row.figures)}")
        self.stdout.write(f"{'goal':16}{Part.UNTOUCHED:12}{'':8}{_cells(GOAL)}")
        if options["failures"]:
            self._list(suite, answers)
        self._say_plans(suite)
        self._say_gaps(suite, answers)
        transaction.set_rollback(True)
        return is_good_enough(rows)

    def take_in_litemall(self) -> None:
        """The goods of litemall on a shelf of their own."""
        ShelfCard.objects.all().delete()
        folder = Path(os.environ["MALL_DATA_DIR"]) / LITEMALL
        call_command("import_catalog", str(folder), stdout=self.stderr)

    def _list(self, suite: list[Judged], answers: dict[str, list[str]]) -> None:
        for judged in failures((row for row in suite if row.part == Part.TUNED), answers):
            answer = " ".join(answers[judged.query][:SHOWN]) or "nothing"
            relevant = " ".join(sorted(judged.relevant)) or "nothing"
            self.stdout.write(f"{judged.kind}: {judged.query}: {answer} (wanted {relevant})")

    def _say_plans(self, suite: list[Judged]) -> None:
        """How PostgreSQL comes to the rows of one tuned query of each class."""
        first = {row.kind: row for row in reversed(suite) if row.part == Part.TUNED}
        self.stdout.write("plans (one tuned query of each class):")
        for kind, judged in sorted(first.items()):
            self.stdout.write(f"  {kind}: {'; '.join(plan_of(judged.query))}")

    def _say_gaps(self, suite: list[Judged], answers: dict[str, list[str]]) -> None:
        """The report of searches without result after these queries."""
        SearchGap.objects.all().delete()
        log_searches(
            [Search(row.query, len(answers[row.query]), "zh-hans", "relevance") for row in suite],
            at=clock.now(),
        )
        gaps = SearchGap.objects.order_by("query").values_list("query", flat=True)
        tuned = {row.query.lower() for row in suite if row.part == Part.TUNED}
        self.stdout.write(f"searches without result: {len(gaps)}; of the tuned part:")
        self.stdout.write(f"  {', '.join(query for query in gaps if query in tuned)}")


def wanted(asked: list[str]) -> list[str]:
    """The suites asked for; of all, litemall only where its goods are."""
    if set(asked) - set(SUITES):
        raise CommandError(f"the suites are {', '.join(SUITES)}")
    if asked:
        return asked
    return list(SUITES) if os.environ.get("MALL_DATA_DIR") else [DEMO_SUITE]


def ask(suite: list[Judged]) -> dict[str, list[str]]:
    """The codes of the first page for each query, as a shopper gets them.

    Raises: CommandError when the goods of the suite are not on this shop's shelf.
    """
    relevant = set().union(*(judged.relevant for judged in suite))
    there = dict(Product.objects.on_sale().values_list("pk", "code"))
    missing = relevant.difference(there.values())
    if missing:
        raise CommandError(
            f"{len(missing)} judged goods are not on sale here, such as {min(missing)}"
        )
    at = clock.now()
    return {
        judged.query: [
            there[row["product_id"]]
            for row in list_cards(
                CardFilters(q=judged.query, ordering="relevance"), page_size=PAGE, at=at
            ).rows
        ]
        for judged in suite
    }


def plan_of(query: str) -> list[str]:
    """The scans of the statements of a search, each once, as PostgreSQL would run them."""
    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        list_cards(CardFilters(q=query, ordering="relevance"), page_size=PAGE, at=clock.now())
    scans: list[str] = []
    with connection.cursor() as cursor:
        for sql, params in seen:
            cursor.execute(f"EXPLAIN {sql}", params)
            lines = [row[0] for row in cursor.fetchall()]
            scans += [found[1].strip() for line in lines if (found := SCAN.search(line))]
    return list(dict.fromkeys(scans))


def _heads() -> str:
    return "".join(f"{name:>11}" for name in Figures._fields)


def _cells(figures: Figures) -> str:
    return "".join(f"{'-' if value is None else f'{value:.3f}':>11}" for value in figures)
