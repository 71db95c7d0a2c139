"""From a shopper's words to a tsquery: as typed and in words of the shop first; when nothing has
that, as it may have been meant; at last by single characters. Source: requirement C-52.
"""

import dataclasses
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection

from catalog.models import Product
from catalog.search import Reading, known_words, read, spots
from catalog.tokens import (
    FIELDS_THAT_NAME,
    end_terms,
    loose_terms,
    normalize,
    query_literal,
    runs,
    strict_terms,
)

MAX_ALTERNATIVES = 12
MOST_WORDS = 400
MOST_MATCHED = 10_000_000
VOCABULARY = """
    WITH near AS MATERIALIZED (
        SELECT word.word, word.id FROM unnest(%s::varchar[]) AS asked (key)
        JOIN catalog_searchword word ON word.keys @> ARRAY[asked.key]
    )
    SELECT true, words, id FROM catalog_searchsynonym
    WHERE is_active AND (keys = '{}' OR keys && %s::varchar[])
    UNION ALL (SELECT DISTINCT false, word, id FROM near LIMIT %s)
    ORDER BY 3
"""
"""Key by key: PostgreSQL takes many keys at once for a third of the table and reads all of it."""
ENOUGH_TERMS = 4
"""So many characters stand in one product by chance hardly ever, wherever they stand."""
ENOUGH_KNOWN = 0.6
"""So much of the query must be words of the shop before the rest of it is let go."""


class Lexemes(SearchQuery):
    """A finished tsquery literal; PostgreSQL's own parser never sees what a shopper typed."""

    template = "(%(expressions)s)::tsquery"


@dataclasses.dataclass(frozen=True, slots=True)
class Ask:
    """A tsquery literal (an empty one finds nothing), and its part without synonyms.

    What answers ``plain`` stands before what answers through a synonym only; ``texts`` are the
    words asked for, ``named`` finds only the answers that are named like them.
    """

    literal: str
    plain: str
    texts: tuple[str, ...] = ()
    named: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """The two ways to ask, strict first."""

    strict: Ask
    loose: Ask


def question(q: str) -> Question:
    """The tsquery literals of ``q``. Queries: 1."""
    text = normalize(q)
    groups, words = _vocabulary(text)
    reading = read(text, [*words, *(word for group in groups for word in group)])
    typed = [text, *(reading.texts() if reading.is_exact else [])]
    return Question(_ask(typed, groups, also=_bare(text)), _loose(text, reading, groups))


def matching(rows: Any, literal: str) -> Any:
    """The rows whose ``product`` answers the tsquery literal.

    The limit keeps the products' index a step of its own: without it PostgreSQL walks the rows in
    their order and looks at the words of each product it meets.
    """
    if not literal:
        return rows.none()
    found = Product.objects.on_sale().filter(search=Lexemes(literal))
    return rows.filter(product_id__in=found.values("pk")[:MOST_MATCHED])


def _vocabulary(text: str) -> tuple[list[list[str]], list[str]]:
    """The groups of synonyms and the words of the shop that are near what was typed."""
    keys = known_words(spots(text))
    with connection.cursor() as cursor:
        cursor.execute(VOCABULARY, [keys, keys, MOST_WORDS])
        found = cursor.fetchall()
    both: dict[bool, list[str]] = {True: [], False: []}
    for is_group, entry, _pk in found:
        both[is_group].append(entry)
    return [normalize(entry).split() for entry in both[True]], both[False]


def _loose(text: str, reading: Reading, groups: list[list[str]]) -> Ask:
    """The query as it was meant, if its words are known; its telling words; or its characters."""
    terms = loose_terms(text)
    is_few = 1 < len(terms) < ENOUGH_TERMS
    letters = query_literal([terms], only=FIELDS_THAT_NAME if is_few else "")
    if reading.is_known and not reading.is_exact:
        meant = reading.texts()
    elif reading.is_headed and reading.known_share >= ENOUGH_KNOWN:
        meant = reading.texts(only_known=True)
    else:
        return Ask(letters, "")
    ask = _ask(meant, groups)
    if is_few:
        return ask
    return dataclasses.replace(
        ask, literal=f"{ask.literal} | {letters}" if letters else ask.literal
    )


def _ask(texts: list[str], groups: list[list[str]], *, also: Iterable[str] = ()) -> Ask:
    asked = [*_with_synonyms(texts, groups), *also]
    literal = _literal(asked)
    ends = query_literal([[term] for text in asked for term in end_terms(text)])
    named = f"({literal}) & ({ends})" if literal and ends else ""
    return Ask(literal, _literal(texts), tuple(texts), named)


def _bare(text: str) -> list[str]:
    """袜子 and 裙子 are 袜 and 裙 with a syllable that means nothing."""
    return [text[0]] if len(text) == len("袜子") and text.endswith("子") else []


def _literal(texts: list[str]) -> str:
    strict = [strict_terms(text) for text in texts]
    ends = [end_terms(text) for text in texts if " " not in text]
    return query_literal([*strict, *ends])


def _with_synonyms(texts: list[str], groups: list[list[str]]) -> list[str]:
    alternatives = list(texts)
    for group in groups:
        alternatives += _replaced(alternatives, group)
        alternatives = list(dict.fromkeys(alternatives))[:MAX_ALTERNATIVES]
    return alternatives


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
