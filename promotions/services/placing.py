"""Content of the storefront: news, help pages, hot words, each change with a trail.

What stands on every page is dropped from the cache, and shared pages are made anew.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.forms.models import model_to_dict

from mall.kernel import audit, caching
from promotions.errors import HelpVersionKept
from promotions.models import HelpPage, HelpVersion
from promotions.selectors import drop_site_words
from promotions.selectors.content import WORDS, is_kept_otherwise


@transaction.atomic
def place_content(
    *, row: models.Model, changed: Collection[str], at: datetime, actor: Any = None
) -> None:
    """Save a new piece of content, or what is ``changed`` of one. Queries: 2 or 3; 2 more for a
    published help page, whose version is kept. Raises: HelpVersionKept."""
    before: dict[str, Any] = {}
    if row.pk is not None:
        before = model_to_dict(type(row)._default_manager.get(pk=row.pk), changed)
    row.save()
    if isinstance(row, HelpPage) and row.is_published:
        keep_help_version(page=row, at=at)
    audit.record(
        actor=actor,
        verb="promotions.place_content",
        target=row,
        before=before,
        after=model_to_dict(row, changed),
        at=at,
    )
    show_afresh()


def keep_help_version(*, page: HelpPage, at: datetime) -> None:
    """Keep what a page says under its version, once: consents name it, so the same version never
    says something else. Queries: 2. Raises: HelpVersionKept."""
    words = {name: getattr(page, name) for name in WORDS}
    version = HelpVersion(page=page, version=page.version, published_at=at, **words)
    HelpVersion.objects.bulk_create([version], ignore_conflicts=True)
    if is_kept_otherwise(page.pk, page.version, words):
        raise HelpVersionKept(version=page.version)


@transaction.atomic
def remove_content(*, row: models.Model, at: datetime, actor: Any = None) -> None:
    """Take a piece of content away for good. Queries: 2."""
    before = model_to_dict(row)
    audit.record(actor=actor, verb="promotions.remove_content", target=row, before=before, at=at)
    row.delete()
    show_afresh()


def show_afresh() -> None:
    """Let the next page read the shop's words anew, once this is committed. Queries: 0."""
    transaction.on_commit(drop_site_words, robust=True)
    caching.changed(caching.CONTENT)
