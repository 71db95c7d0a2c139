"""The nightly judge: every law and every balance, what came of it, and whom to tell what is new."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from mall.kernel import clock
from mall.kernel.balances import compare
from mall.kernel.invariants.auditing import Invariant, audit, invariants
from mall.kernel.invariants.models import AuditFinding, AuditRun

MOST_ROWS = 500
KEPT_RUNS = 400
Kind = AuditFinding.Kind


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a run found: its row, what is broken now, and what was not broken the run before."""

    run: AuditRun
    findings: tuple[AuditFinding, ...]

    @property
    def fresh(self) -> tuple[AuditFinding, ...]:
        """What the run before had not found."""
        return tuple(finding for finding in self.findings if finding.is_new)


def judge(*, at: datetime) -> Sentence:
    """Check every law and compare every balance, and keep what came of it.

    Queries: 1 a law, 1 a balance, and 9. Two runs at once are two rows.
    """
    audited, compared = list(audit()), list(compare())
    broken = [
        AuditFinding(kind=Kind.INVARIANT, code=violation.invariant.code, rows=list(violation.rows))
        for _law, violation in audited
        if violation
    ]
    differing = [
        AuditFinding(kind=Kind.BALANCE, code=one.balance.code, rows=[str(row) for row in one.first])
        for one in compared
        if one.differing
    ]
    run = AuditRun(
        started_at=at,
        finished_at=clock.now(),
        checked=len(audited),
        broken=len(broken),
        compared=len(compared),
        differing=len(differing),
    )
    return _keep(run, [*broken, *differing])


@transaction.atomic
def _keep(run: AuditRun, findings: Iterable[AuditFinding]) -> Sentence:
    before = AuditRun.objects.order_by("-started_at", "-pk").first()
    known = set(before.findings.values_list("kind", "code")) if before else set()
    run.save()
    rows = list(findings)
    for finding in rows:
        finding.run = run
        finding.is_new = (finding.kind, finding.code) not in known
    AuditFinding.objects.bulk_create(rows)
    _forget_old()
    return Sentence(run, tuple(rows))


def _forget_old() -> None:
    """A year of nights is kept."""
    kept = AuditRun.objects.order_by("-started_at", "-pk").values_list("pk", flat=True)[:KEPT_RUNS]
    AuditRun.objects.exclude(pk__in=list(kept)).delete()


def rows_of(code: str) -> tuple[Invariant, list[str]] | None:
    """A law and the rows that break it at this moment, up to 500; None for an unknown law."""
    law = next((law for law in invariants() if law.code == code), None)
    if law is None:
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            f"SELECT row_name FROM ({law.sql}) AS broken (row_name) LIMIT {MOST_ROWS}"  # noqa: S608
        )
        rows: list[Any] = cursor.fetchall()
    return law, [str(name) for (name,) in rows]
