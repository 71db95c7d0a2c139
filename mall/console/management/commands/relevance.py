"""``manage.py relevance``: ask the shop the judged queries and print how well it answered.

Exits with 1 when the untouched third is under the goal. Source: issue 5, Show 2.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.models import Product
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
from mall.kernel import clock

PAGE = 20
SHOWN = 6


class Command(BaseCommand):
    help = "Print recall, precision and MRR of search over the judged queries of this shop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("suite", nargs="?", choices=("demo", "litemall"), default="demo")
        parser.add_argument(
            "--failures",
            action="store_true",
            help="List imperfect answers, of the tuned part only.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        suite = read_suite(options["suite"])
        answers = ask(suite)
        rows = table(suite, answers)
        self.stdout.write(f"{'class':16}{'part':12}{'queries':>8}{_heads()}")
        for row in rows:
            self.stdout.write(f"{row.kind:16}{row.part:12}{row.queries:8}{_cells(row.figures)}")
        self.stdout.write(f"{'goal':16}{Part.UNTOUCHED:12}{'':8}{_cells(GOAL)}")
        if options["failures"]:
            self._list(suite, answers)
        if not is_good_enough(rows):
            raise CommandError("the untouched part is under the goal")

    def _list(self, suite: list[Judged], answers: dict[str, list[str]]) -> None:
        for judged in failures((row for row in suite if row.part == Part.TUNED), answers):
            answer = " ".join(answers[judged.query][:SHOWN]) or "nothing"
            wanted = " ".join(sorted(judged.relevant)) or "nothing"
            self.stdout.write(f"{judged.kind}: {judged.query}: {answer} (wanted {wanted})")


def ask(suite: list[Judged]) -> dict[str, list[str]]:
    """The codes of the first page for each query, as a shopper gets them.

    Raises: CommandError when the goods of the suite are not on this shop's shelf.
    """
    wanted = set().union(*(judged.relevant for judged in suite))
    there = dict(Product.objects.on_sale().values_list("pk", "code"))
    missing = wanted.difference(there.values())
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


def _heads() -> str:
    return "".join(f"{name:>11}" for name in Figures._fields)


def _cells(figures: Figures) -> str:
    return "".join(f"{'-' if value is None else f'{value:.3f}':>11}" for value in figures)
