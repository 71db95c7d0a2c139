"""Bringing goods in: catalogue and opening stock together. Rules: docs/imports.md."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.errors import TextsRefused
from catalog.services import (
    GoodsRecord,
    Problem,
    Refusal,
    Shipload,
    import_batch,
    import_brand,
    import_category,
)
from inventory.models import Warehouse
from mall.console.import_stock import Booking, leave_out_bundles, set_counts, take_in
from orders.services import refresh_shelf, shelf_paused

BATCH = 200
"""Goods a transaction: about a second of work, and what a crash has to do again."""

Progress = Callable[[int, int], None]


@dataclasses.dataclass(slots=True)
class ImportResult:
    """What came of an import: counts by kind and outcome, one line a record, all problems."""

    counts: Counter[str] = dataclasses.field(default_factory=Counter)
    lines: list[tuple[str, str, str]] = dataclasses.field(default_factory=list)
    problems: list[Problem] = dataclasses.field(default_factory=list)

    def add(self, other: "ImportResult") -> None:
        """Take in what came of a further part."""
        self.counts.update(other.counts)
        self.lines += other.lines
        self.problems += other.problems


def bring_in(
    load: Shipload,
    *,
    at: datetime,
    warehouse: Warehouse | None = None,
    actor: Any = None,
    sets_stock: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda done, whole: None,
) -> ImportResult:
    """Bring a file's goods in, a batch a transaction; a dry run keeps nothing.

    Opening stock goes into ``warehouse`` once per SKU, however often the file comes; with
    ``sets_stock`` the warehouse has what the file says.
    """
    result = ImportResult(problems=list(load.problems))
    with shelf_paused():
        with tried(dry_run):
            result.counts.update(bring_tree(load))
        for start in range(0, len(load.goods), BATCH):
            records = load.goods[start : start + BATCH]
            with tried(dry_run):
                result.add(
                    bring_batch(
                        records, at=at, warehouse=warehouse, actor=actor, sets_stock=sets_stock
                    )
                )
            progress(start + len(records), len(load.goods))
    if not dry_run:
        refresh_shelf(at)
    return result


@contextmanager
def tried(is_trial: bool) -> Iterator[None]:
    """A transaction whose work is undone when it is only a trial."""
    with transaction.atomic():
        yield
        if is_trial:
            transaction.set_rollback(True)


def bring_tree(load: Shipload) -> Counter[str]:
    """Make the categories and brands that a file brings beside its goods; returns what was made.

    One with a forbidden name is left out here; its goods are refused with the reason.
    """
    counts: Counter[str] = Counter()
    for path in sorted(load.categories, key=len):
        try:
            counts["categories made"] += import_category(path)[1]
        except TextsRefused:
            counts["categories not taken"] += 1
    for brand in load.brands:
        try:
            counts["brands made"] += import_brand(brand)[1]
        except TextsRefused:
            counts["brands not taken"] += 1
    return counts


def without_costs(records: Iterable[GoodsRecord]) -> list[GoodsRecord]:
    """The goods without what they cost the shop: of an operator who may not see it (ATK-83)."""
    return [
        dataclasses.replace(
            record, skus=tuple(dataclasses.replace(sku, cost_fen=0) for sku in record.skus)
        )
        for record in records
    ]


@transaction.atomic
def bring_batch(
    records: Sequence[GoodsRecord],
    *,
    at: datetime,
    warehouse: Warehouse | None,
    actor: Any,
    sets_stock: bool = False,
) -> ImportResult:
    """Bring some goods in with their stock; what is refused is told, the others stay."""
    result = ImportResult()
    stock: dict[int, int] = {}
    arrivals = import_batch(records, at=at, actor=actor)
    for record, arrival in zip(records, arrivals, strict=True):
        if isinstance(arrival, Refusal):
            result.problems.append(Problem(record.place, arrival.code, arrival.reason))
            result.lines.append((record.place, record.code, "failed"))
            result.counts["products failed"] += 1
            continue
        result.lines.append((record.place, record.code, arrival.outcome))
        result.problems += arrival.problems
        result.counts[f"products {arrival.outcome}"] += 1
        result.counts["SKUs made"] += arrival.skus_made
        result.counts["SKUs changed"] += arrival.skus_changed
        result.counts["attribute values set"] += arrival.attributes_changed
        stock |= arrival.stock
    if warehouse is not None and stock:
        deed = Booking(warehouse, at, actor)
        places = {sku.code: sku.place for record in records for sku in record.skus}
        result.problems += leave_out_bundles(stock, places)
        if sets_stock:
            result.counts["SKUs counted"] += set_counts(stock, deed, places, result.problems)
        result.counts["pieces taken in"] += take_in(stock, deed, is_set=sets_stock)
    return result


def report_rows(result: ImportResult) -> Iterable[tuple[str, str, str, str]]:
    """(place, what, field, text) of every record and problem, safe to open in a spreadsheet."""
    for place, code, outcome in result.lines:
        yield place, outcome, "product_code", _inert(code)
    for problem in result.problems:
        yield problem.place, "problem", _inert(problem.field), _inert(problem.reason)


def _inert(text: str) -> str:
    """A spreadsheet would run what begins like a formula; a leading quote keeps it text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
