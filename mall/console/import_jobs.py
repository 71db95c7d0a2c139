"""Working off files of goods, batch by batch, wherever the last worker stopped. Source: C-50."""

import logging
import time
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import DataError, IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from catalog import services
from catalog.models import ImportJob, ImportRow
from catalog.services import GoodsRecord, Problem, Shipload, UnreadableFile
from inventory.models import Warehouse
from mall.console.importing import BATCH, bring_batch, bring_tree, tried, without_costs
from mall.kernel import clock
from orders.services import refresh_shelf, shelf_paused

logger = logging.getLogger(__name__)
SEE_COST = "catalog.see_cost"
BOOKS_STOCK = "inventory.add_stocktake"
"""Opening stock is booked by who may count stock (ATK-80)."""
CORRECT_STOCK = "inventory.correct_stockitem"
"""Stock is set without a second person: what the button "Count at once" asks for, too."""


def run_imports(*, seconds: float) -> bool:
    """Go on with every open file, oldest first, for about ``seconds``; True when none is left.

    Two workers at once share the batches of a file: each takes the next one under the job's lock.
    """
    until = time.monotonic() + seconds
    for pk in list(ImportJob.objects.open().order_by("pk").values_list("pk", flat=True)):
        job = ImportJob.objects.get(pk=pk)
        with translation.override(job.language), shelf_paused():
            _run(job, until)
        refresh_shelf(clock.now())
        if time.monotonic() > until:
            break
    return not ImportJob.objects.open().exists()


def _run(job: ImportJob, until: float) -> None:
    try:
        load = services.read_import(job)
    except UnreadableFile as error:
        _fail(job.pk, str(error))
        return
    try:
        while time.monotonic() <= until and _bring_next(job.pk, load, clock.now()):
            pass
    except (IntegrityError, DataError) as error:
        logger.exception("a batch of import %s was refused by the database", job.pk)
        _fail(job.pk, _("The database refused a part of it: %(why)s") % {"why": str(error)[:200]})


def _fail(job_id: int, why: str) -> None:
    """End a job that cannot go on: the files behind it must not wait for ever."""
    with transaction.atomic():
        held = _held(job_id)
        if held is not None:
            services.end_import(job=held, at=clock.now(), failure=why)


def _bring_next(job_id: int, load: Shipload, at: datetime) -> bool:
    """Bring the next batch of a file; False when there is nothing (more) to do here.

    One transaction: the goods, their rows, the cursor. Locks: the job (nothing is done when another
    worker holds it), then as `import_batch`.
    """
    with transaction.atomic():
        job = _held(job_id)
        if job is None:
            return False
        if job.status == ImportJob.Status.WAITING:
            _begin(job, load)
        records = load.goods[job.cursor : job.cursor + BATCH]
        if not records:
            services.end_import(job=job, at=at)
            return False
        if not _may(job, SEE_COST):
            records = without_costs(records)
        kept_back = _kept_back(job)
        warehouse = None
        if BOOKS_STOCK not in kept_back:
            warehouse = Warehouse.objects.filter(code=job.warehouse_code).first()
        sets_stock = job.sets_stock and CORRECT_STOCK not in kept_back
        with tried(job.is_trial):
            result = bring_batch(
                records,
                at=at,
                warehouse=warehouse,
                actor=job.created_by,
                sets_stock=sets_stock,
            )
        services.note_batch(
            job=job,
            done=len(records),
            lines=result.lines,
            problems=[*result.problems, *_told(job, records, kept_back.values())],
            counts=result.counts,
        )
    return True


def _may(job: ImportJob, right: str) -> bool:
    """Whether who sent the file may do that now; a file of nobody's is the system's."""
    return job.created_by is None or bool(job.created_by.has_perm(right))


def _kept_back(job: ImportJob) -> dict[str, str]:
    """Rights over stock that the job needs and who sent it has not (any more), with what follows
    from that: a trial may be brought in by somebody else, and the worker asks hours later."""
    if job.warehouse_code and not _may(job, BOOKS_STOCK):
        return {BOOKS_STOCK: _("Stock is left out: who brings the file in may not book any.")}
    if job.sets_stock and not _may(job, CORRECT_STOCK):
        return {CORRECT_STOCK: _("Known stock stays: who brings the file in may not correct it.")}
    return {}


def _told(
    job: ImportJob, records: Iterable[GoodsRecord], reasons: Iterable[str]
) -> Iterator[Problem]:
    """What is kept back of goods that name their stock, once a file. Queries: 1, none as a rule."""
    for reason in reasons:
        names_stock = any(sku.stock is not None for row in records for sku in row.skus)
        if names_stock and not ImportRow.objects.filter(job=job, reason=reason).exists():
            yield Problem(job.name, "stock", reason)


def _begin(job: ImportJob, load: Shipload) -> None:
    with tried(job.is_trial):
        counts = bring_tree(load)
    services.begin_import(
        job=job,
        total=len(load.goods),
        problems=load.problems,
        counts={**counts, **{f"left out: {why}": n for why, n in load.skipped.items()}},
    )


def _held(job_id: int) -> ImportJob | None:
    """The job, locked, when it is open and no other worker has it now."""
    rows = ImportJob.objects.open().filter(pk=job_id)
    rows = rows.defer("content").select_related("created_by")
    return rows.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
