"""Timers of catalog."""

from datetime import timedelta

from celery import shared_task

from catalog.services import apply_due_prices as apply_prices
from catalog.services import forget_old_searches as forget_searches
from catalog.services import forget_old_views as forget_views
from catalog.services import keep_phrases as keep
from catalog.services import propose_synonyms as propose
from catalog.services import sweep_words as sweep
from catalog.services import warn_of_qualifications as warn
from catalog.services import write_due_shelf_times as write_shelf_times
from catalog.services import write_noted
from mall.kernel import clock

LATELY = timedelta(hours=2)


@shared_task(name="catalog.apply_due_prices", time_limit=240)
def apply_due_prices() -> int:
    """Write prices whose time has come into SKUs and history; shoppers see them without it."""
    return apply_prices(clock.now())


@shared_task(name="catalog.write_due_shelf_times", time_limit=240)
def write_due_shelf_times() -> int:
    """Write down which goods the clock has shown or hidden; shoppers see it without."""
    return write_shelf_times(clock.now())


@shared_task(name="catalog.warn_of_qualifications", time_limit=240)
def warn_of_qualifications() -> int:
    """Tell operators of qualification documents that run out soon, or have."""
    return warn(clock.now())


@shared_task(name="catalog.write_searches", time_limit=240)
def write_searches() -> int:
    """Make rows of the searches that pages noted."""
    return write_noted()


@shared_task(name="catalog.keep_phrases", time_limit=240)
def keep_phrases() -> None:
    """Hot words and suggestions follow what was searched in the last hours."""
    at = clock.now()
    keep(at, since=at - LATELY)


@shared_task(name="catalog.count_phrases", time_limit=600)
def count_phrases() -> None:
    """The same by the whole log of the policy's days: what was written late is found."""
    keep(clock.now())


@shared_task(name="catalog.propose_synonyms", time_limit=240)
def propose_synonyms() -> int:
    """Look through the log for words that may mean the same."""
    return propose(clock.now())


@shared_task(name="catalog.forget_old_views", time_limit=240)
def forget_old_views() -> int:
    """Delete what was looked at too long ago."""
    return forget_views(clock.now())


@shared_task(name="catalog.forget_old_searches", time_limit=240)
def forget_old_searches() -> int:
    """Delete searches that are older than the policy keeps."""
    return forget_searches(clock.now())


@shared_task(name="catalog.sweep_words", time_limit=600)
def sweep_words() -> list[int]:
    """Drop words that left the goods, learn ends of names that recur over the whole shop."""
    return list(sweep())
