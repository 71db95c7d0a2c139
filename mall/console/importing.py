"""Bringing goods in: catalogue and opening stock together. Rules: docs/imports.md."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.services import (
    Arrival,
    GoodsRecord,
    Problem,
    Shipload,
    import_brand,
    import_category,
    import_goods,
)
from inventory.models import StockMovement, Warehouse
from inventory.services import receive_delivery
from mall.kernel.errors import ShopError
from orders.services import refresh_shelf, shelf_paused

SOURCE = "import_catalog"
OPENING = "opening"

Progress = Callable[[int, int], None]


@dataclasses.dataclass(slots=True)
class ImportResult:
    """What came of an import: counts by kind and outcome, one line a record, all problems."""

    counts: Counter[str] = dataclasses.field(default_factory=Counter)
    lines: list[tuple[str, str, str]] = dataclasses.field(default_factory=list)
    problems: list[Problem] = dataclasses.field(default_factory=list)


def bring_in(
    load: Shipload,
    *,
    at: datetime,
    warehouse: Warehouse | None = None,
    actor: Any = None,
    dry_run: bool = False,
    progress: Progress = lambda done, whole: None,
) -> ImportResult:
    """Bring a file's goods in, each in its own transaction; a dry run keeps nothing.

    Opening stock goes into ``warehouse`` once per SKU, however often the file comes.
    """
    if dry_run:
        with transaction.atomic():
            result = _bring_all(load, at, warehouse, actor, progress)
            transaction.set_rollback(True)
        return result
    with shelf_paused():
        result = _bring_all(load, at, warehouse, actor, progress)
    refresh_shelf(at)
    return result


def _bring_all(
    load: Shipload,
    at: datetime,
    warehouse: Warehouse | None,
    actor: Any,
    progress: Progress,
) -> ImportResult:
    result = ImportResult(problems=list(load.problems))
    for path in sorted(load.categories, key=len):
        result.counts["categories made"] += import_category(path)[1]
    for brand in load.brands:
        result.counts["brands made"] += import_brand(brand)[1]
    for done, record in enumerate(load.goods, 1):
        _bring_one(record, at, warehouse, actor, result)
        progress(done, len(load.goods))
    return result


def _bring_one(
    record: GoodsRecord,
    at: datetime,
    warehouse: Warehouse | None,
    actor: Any,
    result: ImportResult,
) -> None:
    try:
        with transaction.atomic():
            arrival = import_goods(record, at=at, actor=actor)
            received = _take_in(arrival.stock, warehouse, at, actor)
    except ShopError as refusal:
        result.problems.append(Problem(record.place, refusal.code, str(refusal)))
        result.lines.append((record.place, record.code, "failed"))
        result.counts["products failed"] += 1
        return
    _count(result.counts, arrival, received)
    result.lines.append((record.place, record.code, arrival.outcome))
    result.problems += arrival.problems


def _count(counts: Counter[str], arrival: Arrival, received: int) -> None:
    counts[f"products {arrival.outcome}"] += 1
    counts["SKUs made"] += arrival.skus_made
    counts["SKUs changed"] += arrival.skus_changed
    counts["attribute values set"] += arrival.attributes_changed
    counts["pieces taken in"] += received


def _take_in(stock: dict[int, int], warehouse: Warehouse | None, at: datetime, actor: Any) -> int:
    """Receive the opening stock of SKUs that never had theirs; returns the pieces."""
    if warehouse is None or not stock:
        return 0
    opened = StockMovement.objects.filter(
        item__sku_id__in=stock, source_type=SOURCE, source_id=OPENING
    ).values_list("item__sku_id", flat=True)
    pieces = {sku_id: stock[sku_id] for sku_id in stock.keys() - set(opened)}
    if pieces:
        receive_delivery(
            warehouse=warehouse,
            pieces=pieces,
            source_type=SOURCE,
            source_id=OPENING,
            at=at,
            actor=actor,
        )
    return sum(pieces.values())


def report_rows(result: ImportResult) -> Iterable[tuple[str, str, str, str]]:
    """(place, what, field, text) of every record and problem, safe to open in a spreadsheet."""
    for place, code, outcome in result.lines:
        yield place, outcome, "product_code", _inert(code)
    for problem in result.problems:
        yield problem.place, "problem", _inert(problem.field), _inert(problem.reason)


def _inert(text: str) -> str:
    """A spreadsheet would run what begins like a formula; a leading quote keeps it text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
