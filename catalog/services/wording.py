"""The words of search that operators keep: synonyms, own words, and proposals out of the log.

Source: C-54.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from catalog.errors import ProposalDecided
from catalog.models import SearchSynonym, SearchWord, SynonymProposal
from catalog.search import keys_of
from catalog.search.words import LONGEST_HAN, is_han
from catalog.shared import SHELF
from catalog.tokens import normalize
from mall.kernel import audit
from mall.kernel.caching import changed

State = SynonymProposal.State
LOOKED_BACK = timedelta(days=30)
TRIES = timedelta(minutes=10)
"""So long after a query that found nothing another one may be meant to say the same."""

PAIRS = """
    SELECT missed.query, opened.query, count(DISTINCT missed.session), max(opened.at)
    FROM catalog_searchlog missed
    JOIN catalog_searchlog opened ON opened.session = missed.session AND opened.found > 0
        AND opened.at > missed.at AND opened.at <= missed.at + %(tries)s
    WHERE missed.found = 0 AND missed.at > %(since)s AND missed.query <> opened.query
        AND missed.language = opened.language
        AND position(' ' in missed.query || opened.query) = 0
        AND EXISTS (SELECT 1 FROM catalog_searchclick click WHERE click.key = opened.key
            AND click.session = opened.session AND click.at >= opened.at)
    GROUP BY missed.query, opened.query
"""


def synonym_keys(words: Iterable[str]) -> list[str]:
    """The keys under which a group of synonyms is looked up; of a long word its beginning."""
    return sorted(
        {key for word in words for key in keys_of(word[:LONGEST_HAN] if is_han(word) else word)}
    )


@transaction.atomic
def save_synonyms(row: SearchSynonym, *, at: datetime, actor: Any) -> SearchSynonym:
    """Store a group of synonyms; the next search knows it, a stranger's too."""
    words = list(dict.fromkeys(normalize(row.words).split()))
    before = SearchSynonym.objects.filter(pk=row.pk).values("words", "is_active").first()
    row.words, row.keys = " ".join(words), synonym_keys(words)
    row.save()
    after = {"words": row.words, "is_active": row.is_active}
    _record("save_synonyms", row, before, after, at=at, actor=actor)
    changed(SHELF)
    return row


@transaction.atomic
def save_own_word(row: SearchWord, *, at: datetime, actor: Any) -> SearchWord:
    """Store a word that no product has to carry; misspelt it is understood from now on."""
    word = normalize(row.word)
    found = SearchWord.objects.filter(word=word).first() or row
    found.word, found.keys, found.is_own = word, sorted(keys_of(word)), True
    found.save()
    row.pk = found.pk
    _record("save_own_word", found, None, {"word": word}, at=at, actor=actor)
    changed(SHELF)
    return found


@transaction.atomic
def remove_words(row: SearchSynonym | SearchWord, *, at: datetime, actor: Any) -> None:
    """Take a group of synonyms or a word of the shop's own away; the next search is without it."""
    words = row.words if isinstance(row, SearchSynonym) else row.word
    _record("remove_words", row, {"words": words}, {}, at=at, actor=actor)
    row.delete()
    changed(SHELF)


@transaction.atomic
def propose_synonyms(at: datetime) -> int:
    """Look for queries that found nothing beside what the same visitor opened under another one
    within minutes. What was decided stays decided. Returns how many pairs there are. Queries: 2."""
    with connection.cursor() as cursor:
        when: dict[str, Any] = {"tries": TRIES, "since": at - LOOKED_BACK}
        cursor.execute(PAIRS, when)
        pairs = cursor.fetchall()
    SynonymProposal.objects.bulk_create(
        [
            SynonymProposal(query=query, other=other, sessions=sessions, last_at=last_at)
            for query, other, sessions, last_at in pairs
        ],
        update_conflicts=True,
        unique_fields=["query", "other"],
        update_fields=["sessions", "last_at"],
    )
    return len(pairs)


@transaction.atomic
def accept_synonym(*, proposal_id: int, at: datetime, actor: Any) -> SearchSynonym:
    """Add the query to the words that mean the same as the other one.

    Locks: the proposal. Raises: ProposalDecided.
    """
    proposal = _open_proposal(proposal_id)
    for row in SearchSynonym.objects.filter(words__contains=proposal.other).order_by("pk"):
        if proposal.other in row.words.split():
            group = row
            break
    else:
        group = SearchSynonym(words=proposal.other)
    group.words, group.is_active = f"{group.words} {proposal.query}", True
    save_synonyms(group, at=at, actor=actor)
    _decide(proposal, State.ACCEPTED, at, actor)
    return group


@transaction.atomic
def dismiss_synonym(*, proposal_id: int, at: datetime, actor: Any) -> SynonymProposal:
    """Say that the two words do not mean the same. Locks: the proposal. Raises: ProposalDecided."""
    proposal = _open_proposal(proposal_id)
    _decide(proposal, State.DISMISSED, at, actor)
    return proposal


def _open_proposal(proposal_id: int) -> SynonymProposal:
    proposal = SynonymProposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
    if proposal.state != State.OPEN:
        raise ProposalDecided(query=proposal.query, other=proposal.other)
    return proposal


def _decide(proposal: SynonymProposal, state: str, at: datetime, actor: Any) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by = state, at, actor
    proposal.save()
    _record("decide_synonym", proposal, {"state": State.OPEN}, {"state": state}, at=at, actor=actor)


def _record(
    verb: str,
    target: Any,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    *,
    at: datetime,
    actor: Any,
) -> None:
    audit.record(
        actor=actor,
        verb=f"catalog.{verb}",
        target=target,
        at=at,
        before=dict(before or {}),
        after=dict(after),
    )
