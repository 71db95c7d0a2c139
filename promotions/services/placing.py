"""Content of the storefront: banners, news, help pages and hot words, each change with a trail."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.forms.models import model_to_dict

from mall.kernel import audit


@transaction.atomic
def place_content(
    *, row: models.Model, changed: Collection[str], at: datetime, actor: Any = None
) -> None:
    """Save a new piece of content, or what is ``changed`` of one. Queries: 2 or 3."""
    before: dict[str, Any] = {}
    if row.pk is not None:
        before = model_to_dict(type(row)._default_manager.get(pk=row.pk), changed)
    row.save()
    audit.record(
        actor=actor,
        verb="promotions.place_content",
        target=row,
        before=before,
        after=model_to_dict(row, changed),
        at=at,
    )


@transaction.atomic
def remove_content(*, row: models.Model, at: datetime, actor: Any = None) -> None:
    """Take a piece of content away for good. Queries: 2."""
    before = model_to_dict(row)
    audit.record(actor=actor, verb="promotions.remove_content", target=row, before=before, at=at)
    row.delete()
