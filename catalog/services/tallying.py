"""The log of searches as rows, and what comes of it: hot words, suggestions, what found nothing.

Source: C-53, C-55.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Value
from django.db.models.functions import Greatest

from catalog.models import (
    Brand,
    Category,
    Product,
    SearchBan,
    SearchClick,
    SearchGap,
    SearchLog,
    SearchPhrase,
    SearchPolicy,
)
from catalog.search import beginnings
from catalog.services.noting import Search, search_entry, taken
from catalog.tokens import normalize
from mall.kernel import audit
from mall.kernel.caching import CONTENT, changed
from mall.kernel.db.locking import advisory_lock

LONGEST_HOT = 20
MOST_PHRASES = 2_000
FACTS = ("text_en", "slug", "searches", "sessions")
LOCK = "catalog.search_phrases"
Entry = Mapping[str, Any]


def search_policy() -> SearchPolicy:
    """How long searches are remembered and what is hot; the defaults until an operator says
    otherwise. Queries: 1."""
    return SearchPolicy.objects.filter(pk=1).first() or SearchPolicy(pk=1)


def write_noted() -> int:
    """Make rows of what was noted. Returns how many there were. Queries: 5 for each 1,000."""
    count = 0
    for batch in taken():
        _write(batch)
        count += len(batch)
    return count


def log_searches(searches: Iterable[Search], *, at: datetime) -> None:
    """Write searches down at once, for who has many and no page waiting."""
    _write([search_entry(search, at) for search in searches])


@transaction.atomic
def _write(batch: Sequence[Entry]) -> None:
    searches = [entry for entry in batch if entry["kind"] == "search"]
    SearchLog.objects.bulk_create([_logged(entry) for entry in searches])
    _write_clicks([entry for entry in batch if entry["kind"] == "click"])
    _write_gaps([entry for entry in searches if not entry["found"]])
    found = {entry["query"] for entry in searches if entry["found"] and not entry["corrected"]}
    if found:
        open_gaps = SearchGap.objects.filter(query__in=found, state=SearchGap.State.OPEN)
        open_gaps.update(state=SearchGap.State.SOLVED)


def _logged(entry: Entry) -> SearchLog:
    names = ("key", "query", "found", "corrected", "language", "session")
    return SearchLog(
        at=datetime.fromisoformat(entry["at"]),
        words=list(entry["words"]),
        **{name: entry[name] for name in names},
    )


def _write_clicks(entries: Sequence[Entry]) -> None:
    wanted = {entry["product_id"] for entry in entries}
    there = set(Product.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    names = ("key", "session", "product_id", "position")
    SearchClick.objects.bulk_create(
        SearchClick(at=datetime.fromisoformat(entry["at"]), **{name: entry[name] for name in names})
        for entry in entries
        if entry["product_id"] in there
    )


def _write_gaps(entries: Sequence[Entry]) -> None:
    """Count queries that found nothing; one that was solved is open again."""
    times = Counter(entry["query"] for entry in entries)
    if not times:
        return
    last = {entry["query"]: datetime.fromisoformat(entry["at"]) for entry in entries}
    SearchGap.objects.bulk_create(
        [SearchGap(query=query, first_at=last[query], last_at=last[query]) for query in times],
        ignore_conflicts=True,
    )
    for number in set(times.values()):
        rows = SearchGap.objects.filter(query__in=[q for q, n in times.items() if n == number])
        newest = max(last[q] for q, n in times.items() if n == number)
        rows.update(times=F("times") + number, last_at=Greatest("last_at", Value(newest)))
    again = SearchGap.objects.filter(query__in=times, state=SearchGap.State.SOLVED)
    again.update(state=SearchGap.State.OPEN)


@transaction.atomic
def keep_phrases(at: datetime, *, since: datetime | None = None) -> None:
    """Write down what may be suggested: popular searches, shown categories and brands.

    With ``since`` only queries searched after it are counted, and those that are popular now; the
    rest of the log is not read. Locks: one advisory lock. Queries: 7.
    """
    advisory_lock(LOCK)
    wanted = [*_popular(at, since), *_named(Category.objects.active(), SearchPhrase.Kind.CATEGORY)]
    wanted += _named(Brand.objects.filter(is_active=True), SearchPhrase.Kind.BRAND)
    there = {_identity(row): row for row in SearchPhrase.objects.defer("prefixes")}
    changed = [
        phrase for phrase in wanted if _facts(phrase) != _facts(there.get(_identity(phrase)))
    ]
    SearchPhrase.objects.bulk_create(
        changed,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["kind", "language", "ref", "text"],
        update_fields=[*FACTS, "prefixes"],
    )
    kept = {_identity(phrase) for phrase in wanted}
    stale = [row.pk for identity, row in there.items() if identity not in kept]
    SearchPhrase.objects.filter(pk__in=stale).delete()


def _facts(phrase: SearchPhrase | None) -> list[Any]:
    return [getattr(phrase, name, None) for name in FACTS]


def _identity(phrase: SearchPhrase) -> tuple[str, str, int, str]:
    return phrase.kind, phrase.language, phrase.ref, phrase.text


def _popular(at: datetime, since: datetime | None) -> list[SearchPhrase]:
    """Searches of the last days that found what they named, by visitors, without banned words."""
    policy = search_policy()
    log = SearchLog.objects.filter(at__gt=at - timedelta(days=policy.hot_days), at__lte=at)
    if since is not None:
        known = SearchPhrase.objects.filter(kind=SearchPhrase.Kind.QUERY).values("text")
        lately = SearchLog.objects.filter(at__gt=since, at__lte=at).values("query")
        log = log.filter(query__in=known.union(lately))
    rows = (
        log.filter(found__gt=0, corrected="")
        .values("language", "query")
        .annotate(searches=Count("pk"), sessions=Count("session", distinct=True))
        .filter(searches__gte=policy.hot_searches, sessions__gte=policy.hot_sessions)
        .order_by("-sessions", "-searches", "query")[:MOST_PHRASES]
    )
    banned = list(SearchBan.objects.values_list("word", flat=True))
    return [
        SearchPhrase(
            kind=SearchPhrase.Kind.QUERY,
            language=row["language"],
            text=row["query"],
            searches=row["searches"],
            sessions=row["sessions"],
            prefixes=beginnings(row["query"]),
        )
        for row in rows
        if len(row["query"]) <= LONGEST_HOT and not any(word in row["query"] for word in banned)
    ]


def _named(rows: Iterable[Any], kind: str) -> list[SearchPhrase]:
    return [
        SearchPhrase(
            kind=kind,
            ref=row.pk,
            text=row.title_zh,
            text_en=row.title_en,
            slug=row.slug,
            prefixes=beginnings(row.title_zh, row.title_en),
        )
        for row in rows
    ]


@transaction.atomic
def ban_word(word: str) -> SearchBan:
    """Never show a word as hot and never suggest it, from this moment on. Queries: 3."""
    folded = normalize(word)
    ban, _is_new = SearchBan.objects.get_or_create(word=folded)
    SearchPhrase.objects.filter(kind=SearchPhrase.Kind.QUERY, text__contains=folded).delete()
    changed(CONTENT)
    return ban


@transaction.atomic
def lift_ban(ban: SearchBan) -> None:
    """Let a word be hot again, once it is searched or pinned. Queries: 1."""
    ban.delete()
    changed(CONTENT)


def without_banned(words: Iterable[str]) -> list[str]:
    """Those of ``words`` that hold no banned word. Queries: 1."""
    asked = list(words)
    banned = list(SearchBan.objects.values_list("word", flat=True))
    return [word for word in asked if not any(ban in normalize(word) for ban in banned)]


def forget_old_searches(at: datetime) -> int:
    """Delete searches and clicks that are older than the policy keeps. Queries: 3."""
    until = at - timedelta(days=search_policy().retention_days)
    clicks = SearchClick.objects.filter(at__lt=until).delete()[0]
    return clicks + SearchLog.objects.filter(at__lt=until).delete()[0]


@transaction.atomic
def ignore_gap(*, gap_id: int, at: datetime, actor: Any) -> None:
    """Say that the shop does not want to answer a query. Queries: 3."""
    gap = SearchGap.objects.filter(pk=gap_id).first()
    if gap is None or gap.state == SearchGap.State.IGNORED:
        return
    before, gap.state = {"state": gap.state}, SearchGap.State.IGNORED
    gap.save(update_fields=["state"])
    audit.record(
        actor=actor,
        verb="catalog.ignore_gap",
        target=gap,
        at=at,
        before=before,
        after={"state": gap.state, "query": gap.query},
    )
