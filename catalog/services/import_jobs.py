"""Files of goods: taken in, worked off batch by batch, stopped, done. Source: requirement C-50.

The file is kept packed with its job, so any worker may go on with it; a batch of goods, its rows
and the cursor are one transaction of whoever runs the job (``mall.console``, which knows stock).
"""

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.errors import ImportFileRefused
from catalog.importing import FORMATS, Problem, Shipload, UnreadableFile, read_shipload
from catalog.models import ImportJob, ImportRow
from mall.kernel import audit

MAX_UPLOAD = 32 * 1024 * 1024
MAX_UNPACKED = 256 * 1024 * 1024
ENDINGS = (".csv", ".tsv", ".xlsx", ".jsonl", ".ndjson", ".zip")
DAMAGED = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,  # what XML parsers raise
    TypeError,
    ValueError,
    zlib.error,
)
Status = ImportJob.Status
Line = tuple[str, str, str]
"""(place, product code, outcome)."""


@transaction.atomic
def open_import(
    *,
    name: str,
    content: bytes,
    at: datetime,
    file_format: str = "auto",
    is_trial: bool = False,
    warehouse_code: str = "",
    sets_stock: bool = False,
    language: str = "zh-hans",
    actor: Any = None,
) -> ImportJob:
    """Take a file in; a worker brings its goods. Raises: ImportFileRefused."""
    base = _short(Path(name).name)
    if file_format not in FORMATS or not base.lower().removesuffix(".gz").endswith(ENDINGS):
        raise ImportFileRefused(why=_("It is neither CSV, XLSX, JSONL nor a packed litemall shop."))
    if not content:
        raise ImportFileRefused(why=_("It is empty."))
    if len(content) > MAX_UPLOAD:
        raise ImportFileRefused(why=_("It is larger than 32 MB."))
    twin = ImportJob.objects.open().filter(name=base, created_by=actor, is_trial=is_trial)
    if twin.filter(content=gzip.compress(content, 3, mtime=0)).exists():
        raise ImportFileRefused(why=_("It is being brought in already."))
    job = ImportJob.objects.create(
        name=base,
        content=gzip.compress(content, 3, mtime=0),
        file_format=file_format,
        is_trial=is_trial,
        warehouse_code=warehouse_code,
        sets_stock=sets_stock,
        language=language,
        created_at=at,
        created_by=actor,
    )
    said = {"file": base, "is_trial": is_trial, "sets_stock": sets_stock}
    _note(job, "catalog.open_import", at, actor, said)
    return job


@transaction.atomic
def repeat_import(*, job: ImportJob, at: datetime, actor: Any = None) -> ImportJob:
    """The same file once more and for good, as after a trial."""
    return open_import(
        name=job.name,
        content=gzip.decompress(bytes(job.content)),
        file_format=job.file_format,
        warehouse_code=job.warehouse_code,
        sets_stock=job.sets_stock,
        language=job.language,
        at=at,
        actor=actor,
    )


@transaction.atomic
def stop_import(*, job_id: int, at: datetime, actor: Any = None) -> bool:
    """Bring nothing more of a file; what came stays. False when it had ended. Locks: the job."""
    job = ImportJob.objects.open().filter(pk=job_id).locked().first()
    if job is None:
        return False
    job.status, job.finished_at = Status.STOPPED, at
    job.save(update_fields=["status", "finished_at"])
    _note(job, "catalog.stop_import", at, actor, {"done": job.cursor, "of": job.total})
    return True


def _short(name: str) -> str:
    """A name that any file system takes, with its ending."""
    stem, dot, ending = name.partition(".")
    return f"{stem[:60]}{dot}{ending[-20:]}"


def read_import(job: ImportJob) -> Shipload:
    """The goods of a job's file; the same ones in the same order each time.

    Raises: UnreadableFile, whatever is wrong with it: the next file must not wait behind it.
    """
    content = gzip.decompress(bytes(job.content))
    with tempfile.TemporaryDirectory(prefix="import-") as name:
        try:
            return _read(job, content, Path(name))
        except UnreadableFile:
            raise
        except DAMAGED as error:
            raise UnreadableFile(_("The file is broken.")) from error


def _read(job: ImportJob, content: bytes, folder: Path) -> Shipload:
    if job.name.lower().endswith(".zip"):
        return read_shipload(_unzipped(content, folder), file_format="litemall")
    path = folder / job.name
    path.write_bytes(content)
    return read_shipload(path, file_format=job.file_format)


def _unzipped(content: bytes, folder: Path) -> Path:
    """The tables of a packed litemall shop, laid flat; folders within the file do not matter."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            tables = [
                entry
                for entry in archive.infolist()
                if entry.filename.endswith((".jsonl", ".jsonl.gz"))
            ]
            if sum(entry.file_size for entry in tables) > MAX_UNPACKED:
                raise UnreadableFile(_("The file unpacks to more than 256 MB."))
            for entry in tables:
                (folder / Path(entry.filename).name).write_bytes(archive.read(entry))
    except (zipfile.BadZipFile, RuntimeError, zlib.error) as error:
        raise UnreadableFile(_("The packed file is broken.")) from error
    return folder


@transaction.atomic
def begin_import(
    *, job: ImportJob, total: int, problems: Iterable[Problem], counts: Mapping[str, int]
) -> None:
    """Note what the file holds before the first batch. The caller holds the job's lock."""
    job.status, job.total = Status.RUNNING, total
    note_batch(job=job, done=0, lines=(), problems=problems, counts=counts)


def note_batch(
    *,
    job: ImportJob,
    done: int,
    lines: Iterable[Line],
    problems: Iterable[Problem],
    counts: Mapping[str, int],
) -> None:
    """Move the cursor behind a batch and keep what came of it. The caller holds the job's lock,
    in the transaction of the batch. Queries: 2."""
    rows = [
        ImportRow(job=job, place=place[:160], code=code[:60], outcome=outcome)
        for place, code, outcome in lines
    ]
    bad = [
        ImportRow(
            job=job,
            place=problem.place[:160],
            outcome=ImportRow.Outcome.PROBLEM,
            field=problem.field[:60],
            reason=problem.reason,
        )
        for problem in problems
    ]
    ImportRow.objects.bulk_create([*rows, *bad])
    job.cursor += done
    job.problems += len(bad)
    job.counts = {
        what: job.counts.get(what, 0) + counts.get(what, 0) for what in {*job.counts, *counts}
    }
    job.save(update_fields=["status", "total", "cursor", "problems", "counts"])


@transaction.atomic
def end_import(*, job: ImportJob, at: datetime, failure: str = "") -> None:
    """Close a job: all its goods came, or its file cannot be read. The caller holds its lock."""
    job.status = Status.FAILED if failure else Status.DONE
    job.failure, job.finished_at = failure[:300], at
    job.save(update_fields=["status", "failure", "finished_at"])
    after = {"done": job.cursor, "of": job.total, "problems": job.problems, "failure": job.failure}
    _note(job, "catalog.end_import", at, job.created_by, after)


def _note(job: ImportJob, verb: str, at: datetime, actor: Any, after: dict[str, Any]) -> None:
    audit.record(actor=actor, verb=verb, target=job, at=at, after=after)
