"""The words of a text, and the keys under which a word is found although it was misspelt.

Keys are short texts with the kind in front, so that one index over all of them answers: the word
itself, its sound, its blurred sound, its initials, and the word with any one character left out
(two words within one slip of each other share such a key).
"""

import enum
from collections.abc import Iterator
from functools import lru_cache

from catalog.search.sounds import blurred, initials, sounds
from catalog.tokens import IS_HAN, runs

LONGEST_HAN = 6
LONGEST_LATIN = 24
SLIP_FROM_HAN = 3
SLIP_FROM_LATIN = 5
INITIALS = range(2, 7)
ENDS = range(2, 5)


class KeyKind(enum.StrEnum):
    """What a key says of its word, dearest reading last."""

    WORD = "w"
    SOUND = "s"
    BLURRED = "b"
    INITIALS = "i"
    SLIP = "d"


def words_of(text: str) -> Iterator[str]:
    """The stretches of a text that are short enough to be words."""
    for run in runs(text):
        if run.is_han:
            yield from [run.text] if len(run.text) <= LONGEST_HAN else []
        elif 2 <= len(run.text) <= LONGEST_LATIN and not run.text.isdigit():
            yield run.text


def ends_of(text: str) -> Iterator[str]:
    """What a longer stretch may end in: of 可调节台灯 one is 台灯; those that recur are words."""
    for run in runs(text):
        if run.is_han:
            yield from (run.text[-count:] for count in ENDS if count < len(run.text))


def is_han(word: str) -> bool:
    """True for a word that begins with a Chinese character."""
    return IS_HAN.match(word) is not None


@lru_cache(maxsize=20_000)
def keys_of(word: str) -> frozenset[str]:
    """The keys of a word of the shop."""
    keys = {_key(KeyKind.WORD, word), *_slips(word)}
    if is_han(word) and len(word) > 1:
        sound, first = sounds(word), initials(word)
        keys |= {_key(KeyKind.SOUND, sound), _key(KeyKind.BLURRED, blurred(sound))}
        keys |= {_key(KeyKind.INITIALS, first)} if len(first) in INITIALS else set()
    return frozenset(keys)


@lru_cache(maxsize=20_000)
def misspelt_keys(typed: str) -> frozenset[str]:
    """The keys that a typed word may share with the word that was meant."""
    if is_han(typed):
        return keys_of(typed) - {_key(KeyKind.INITIALS, initials(typed))}
    keys = {_key(KeyKind.WORD, typed), *_slips(typed)}
    if typed.isascii() and typed.isalpha():
        keys |= {_key(KeyKind.SOUND, typed), _key(KeyKind.BLURRED, blurred(typed))}
        keys |= {_key(KeyKind.INITIALS, typed)} if len(typed) in INITIALS else set()
    return frozenset(keys)


def _slips(word: str) -> set[str]:
    shortest = SLIP_FROM_HAN if is_han(word) else SLIP_FROM_LATIN
    if len(word) < shortest:
        return set()
    left_out = {word[:place] + word[place + 1 :] for place in range(len(word))}
    return {_key(KeyKind.SLIP, form) for form in left_out | {word}}


def _key(kind: KeyKind, text: str) -> str:
    return f"{kind}:{text}"
