"""Words of a text that can be searched: Chinese by single characters and pairs, the rest by words.

The end of a Chinese stretch says what the thing is (跑步鞋 is a 鞋, 鞋垫 is not), so its last
characters are lexemes of their own, marked with $, and a short stretch is one as a whole, marked
with ^; they lift what is named like the query.
Pure: no Django. Source: stack.md, Chinese search (uni- and bigrams beat segmentation here).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from catalog.screening import simplified

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3007\u3040-\u30ff"
RUN = re.compile(f"([{HAN}]+)|([^\\W_{HAN}]+(?:[.+#&'-]+[^\\W_{HAN}]+)*)")
PARTS = re.compile(f"[^\\W_{HAN}]+")
IS_HAN = re.compile(f"[{HAN}]")
MAX_TOKEN = 60
MAX_TOKENS = 32
MAX_POSITION = 16_000
PREFIX_FROM = 3
ENDS = range(1, 5)
END, WHOLE = "$", "^"
FIELDS_THAT_NAME = "AB"
"""Weights of title, brand and keywords: where single characters mean something."""


class Run(NamedTuple):
    """A stretch of one script."""

    text: str
    is_han: bool


def normalize(text: str) -> str:
    """One form of a text: half-width, simplified, in small letters, with plain spaces."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return " ".join(plain.translate(_simplified()).split())


@cache
def _simplified() -> dict[int, str]:
    return str.maketrans(simplified())


def runs(text: str) -> Iterator[Run]:
    """The stretches of Han characters and the words of other scripts, in order."""
    for match in RUN.finditer(normalize(text)):
        han, word = match.groups()
        yield Run(han, True) if han else Run(word[:MAX_TOKEN], False)


def index_tokens(text: str) -> list[str]:
    """Every lexeme under which a text is found.

    短袖 gives 短, 袖, 短袖, 袖$, 短袖$ and ^短袖; T-shirt gives t-shirt, t and shirt.
    """
    tokens: list[str] = []
    for run in runs(text):
        if run.is_han:
            tokens += run.text
            tokens += _pairs(run.text)
            tokens += _names(run.text)
        else:
            tokens.append(run.text)
            parts = PARTS.findall(run.text)
            tokens += parts if len(parts) > 1 else []
    return tokens


def strict_terms(text: str) -> list[str]:
    """What a query asks for first: pairs of Han characters (a lone one as it is), and words.

    A query that is nothing but one Han character asks for what ends with it: 鞋 finds 跑步鞋.
    """
    found = list(runs(text))
    if len(found) == 1 and found[0].is_han and len(found[0].text) == 1:
        return [found[0].text + END]
    terms: list[str] = []
    for run in found:
        terms += (_pairs(run.text) or [run.text]) if run.is_han else [run.text]
    return _first_different(terms)


def loose_terms(text: str) -> list[str]:
    """What a query asks for when nothing has the pairs: single characters, and words."""
    terms: list[str] = []
    for run in runs(text):
        terms += list(run.text) if run.is_han else PARTS.findall(run.text)
    return _first_different(terms)


def end_terms(text: str) -> list[str]:
    """What lifts goods that are what the query names: its Han stretches as ends and as wholes."""
    short = (run.text for run in runs(text) if run.is_han and len(run.text) in ENDS)
    return _first_different([term for word in short for term in (word + END, WHOLE + word)])


def vector_literal(weighted: Iterable[tuple[str, str]]) -> str:
    """A tsvector literal of (text, weight A to D) pairs; a token may stand in it twice."""
    words, position = [], 0
    for text, weight in weighted:
        for token in index_tokens(text):
            position = min(position + 1, MAX_POSITION)
            words.append(f"{_quote(token)}:{position}{weight}")
    return " ".join(words)


def query_literal(alternatives: Iterable[Iterable[str]], *, only: str = "") -> str:
    """A tsquery literal: any of the alternatives, each once, with all its terms; empty for none.
    (PostgreSQL takes an alternative that stands there twice for twice as many rows.)

    ``only`` names the weights that count, such as "AB".
    """
    joined = [" & ".join(_term(term, only) for term in terms) for terms in alternatives]
    return " | ".join(f"({terms})" for terms in dict.fromkeys(joined) if terms)


def _names(stretch: str) -> list[str]:
    ends = [stretch[-count:] + END for count in ENDS if count <= len(stretch)]
    return [*ends, WHOLE + stretch] if len(stretch) in ENDS else ends


def _pairs(text: str) -> list[str]:
    return [text[index : index + 2] for index in range(len(text) - 1)]


def _first_different(terms: list[str]) -> list[str]:
    return list(dict.fromkeys(terms))[:MAX_TOKENS]


def _quote(token: str) -> str:
    doubled = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def _term(token: str, only: str) -> str:
    is_word = len(token) >= PREFIX_FROM and not IS_HAN.search(token)
    marks = "*" * is_word + only
    return _quote(token) + (f":{marks}" if marks else "")
