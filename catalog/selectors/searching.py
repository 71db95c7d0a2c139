"""From a shopper's words to a tsquery: pairs first, single characters when nothing has them.

Source: stack.md, Chinese search; requirement C-52.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

from django.contrib.postgres.search import SearchQuery

from catalog.models import SearchSynonym
from catalog.tokens import loose_terms, normalize, query_literal, runs, strict_terms

MAX_ALTERNATIVES = 8


class Lexemes(SearchQuery):
    """A finished tsquery literal; PostgreSQL's own parser never sees what a shopper typed."""

    template = "(%(expressions)s)::tsquery"


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """The two ways to ask, strict first; an empty literal finds nothing."""

    strict: str
    loose: str


def question(q: str) -> Question:
    """The tsquery literals of ``q``, with synonyms in place of its words. Queries: 1."""
    text = normalize(q)
    alternatives = [text]
    for group in synonym_groups():
        alternatives += _replaced(alternatives, group)
        alternatives = list(dict.fromkeys(alternatives))[:MAX_ALTERNATIVES]
    return Question(_literal(alternatives, strict_terms), _literal(alternatives, loose_terms))


def synonym_groups() -> list[list[str]]:
    """The groups of words that mean the same. Queries: 1."""
    rows = SearchSynonym.objects.filter(is_active=True).order_by("pk")
    return [normalize(words).split() for words in rows.values_list("words", flat=True)]


def _literal(texts: list[str], terms: Callable[[str], list[str]]) -> str:
    return query_literal([terms(text) for text in texts])


def _replaced(texts: list[str], group: list[str]) -> list[str]:
    found: list[str] = []
    for text in texts:
        word = next((word for word in sorted(group, key=len, reverse=True) if _has(text, word)), "")
        if word:
            found += [text.replace(word, other) for other in group if other != word]
    return found


def _has(text: str, word: str) -> bool:
    """True when ``word`` stands in ``text``: anywhere for Chinese, as whole words otherwise."""
    if any(run.is_han for run in runs(word)):
        return word in text
    return word in [run.text for run in runs(text)]


def matching(rows: Any, literal: str) -> Any:
    """The rows whose ``product`` answers the tsquery literal."""
    return rows.filter(product__search=Lexemes(literal)) if literal else rows.none()
