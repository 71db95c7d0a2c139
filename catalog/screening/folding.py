"""One form of a text in which disguises are gone, and the way back to what was written.

Full width becomes half, capitals small, traditional characters simplified; spaces, symbols, emoji
and marks without width inside words vanish. Punctuation between clauses stays, as one boundary, so
that the end of a clause and the beginning of the next make no word.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parent / "data"
BOUNDARY = "\n"
CLAUSE_ENDS = frozenset("。！？；，、：…\n\r!?;,:")
KEPT = frozenset("%")
HIDDEN = frozenset("ZSPCM")
"""First letters of Unicode categories: separators, symbols, punctuation, control, marks."""


class Folded(NamedTuple):
    """``places[i]`` is where the character ``text[i]`` stands in the original."""

    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The half-open place in the original of a stretch of the folded text."""
        return self.places[start], self.places[end - 1] + 1

    def is_joined(self, index: int) -> bool:
        """True when the characters before and at ``index`` stand side by side in the original."""
        return self.places[index] - self.places[index - 1] <= 1


def fold(text: str) -> Folded:
    """The text without disguises."""
    kept = [(sign, place) for place, char in enumerate(text) for sign in _signs(char)]
    return Folded("".join(sign for sign, _place in kept), tuple(place for _sign, place in kept))


@lru_cache(maxsize=8192)
def _signs(char: str) -> tuple[str, ...]:
    """What is left of one character: nothing, itself in its plain form, or several."""
    return (BOUNDARY,) if char in CLAUSE_ENDS else tuple(_plain(char))


def _plain(char: str) -> Iterator[str]:
    for sign in unicodedata.normalize("NFKC", char).lower():
        digit = unicodedata.digit(sign, None)
        if digit is not None:
            yield str(digit)
        elif sign in KEPT or unicodedata.category(sign)[0] not in HIDDEN:
            yield simplified().get(sign, sign)


@cache
def simplified() -> dict[str, str]:
    """Traditional characters and their simplified forms."""
    traditional, simple = (DATA / "simplified.txt").read_text(encoding="utf-8").split()
    return dict(zip(traditional, simple, strict=True))
