"""What somebody meant by what they typed: sounds, slips and words of the shop. Pure: no Django."""

from catalog.search.prefixes import beginning, beginnings, query_key
from catalog.search.reading import Reading, known_words, read, spots
from catalog.search.sounds import blurred, initials, sounds
from catalog.search.words import KeyKind, ends_of, keys_of, misspelt_keys, words_of

__all__ = [
    "KeyKind",
    "Reading",
    "beginning",
    "beginnings",
    "blurred",
    "ends_of",
    "initials",
    "keys_of",
    "known_words",
    "misspelt_keys",
    "query_key",
    "read",
    "sounds",
    "spots",
    "words_of",
]
