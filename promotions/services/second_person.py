"""Money above the shop's limit is given away by two people: who wrote it does not publish it."""

from typing import Any

from django.db import models

from mall.kernel.audit.models import AuditEntry
from promotions.errors import SecondPersonNeeded
from promotions.services.pricing import approval_limit


def expect_second_person(
    row: models.Model, *, cost_fen: int, written_by: str, actor: Any, title: str
) -> None:
    """Let ``actor`` publish what may cost ``cost_fen``, unless they wrote at it by the verb
    ``written_by``, as the trail says: a small last change hides no author.

    Queries: 2. Raises: SecondPersonNeeded.
    """
    limit_fen = approval_limit()
    if limit_fen is None or cost_fen <= limit_fen:
        return
    if actor is None or wrote_at(row, written_by, actor):
        raise SecondPersonNeeded(title=title)


def wrote_at(row: models.Model, written_by: str, actor: Any) -> bool:
    """True when ``actor`` wrote at the row by the verb ``written_by``, as the trail says.
    Queries: 1."""
    trail = AuditEntry.objects.filter(
        target_type=row._meta.label_lower, target_id=str(row.pk), verb=written_by, actor=actor
    )
    return trail.exists()
