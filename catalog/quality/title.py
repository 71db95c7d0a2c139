"""A title's score: the core word in front, what it is good for behind, nothing twice.

Source: requirement C-34 (plan 002, titles): core keyword, long-tail and attribute words, a pain
point or scenario, a length that a card shows whole.
"""

import dataclasses
import re
from collections.abc import Collection, Iterator
from enum import StrEnum

from catalog.quality.scenarios import SCENARIOS

FULL = 100
FRONT = 10
SHORTEST, LONGEST = 10, 40
LONGEST_REPEAT = 6


class Hint(StrEnum):
    """What is wrong with a title, and the points it costs."""

    REPEATED = "title_repeated"
    CORE_MISSING = "title_core_missing"
    CORE_BEHIND = "title_core_behind"
    TOO_SHORT = "title_too_short"
    TOO_LONG = "title_too_long"
    NO_ATTRIBUTE = "title_no_attribute"
    NO_SCENARIO = "title_no_scenario"


COSTS = {
    Hint.REPEATED: 30,
    Hint.CORE_MISSING: 25,
    Hint.CORE_BEHIND: 15,
    Hint.TOO_SHORT: 15,
    Hint.TOO_LONG: 15,
    Hint.NO_ATTRIBUTE: 15,
    Hint.NO_SCENARIO: 15,
}


@dataclasses.dataclass(frozen=True, slots=True)
class TitleGrade:
    """0 to 100, and what to do about the rest."""

    score: int
    hints: tuple[Hint, ...]


def grade_title(
    title: str, *, core_words: Collection[str], attribute_words: Collection[str]
) -> TitleGrade:
    """Grade a Chinese title.

    ``core_words`` name what the product is (its category, its search words); ``attribute_words``
    are its values and options. Either may be empty: then nothing is asked of it.
    """
    hints = tuple(_hints(title.strip(), core_words, attribute_words))
    return TitleGrade(max(FULL - sum(COSTS[hint] for hint in hints), 0), hints)


def _hints(title: str, core: Collection[str], attributes: Collection[str]) -> Iterator[Hint]:
    if repeated_words(title):
        yield Hint.REPEATED
    places = [place for word in core if word and (place := title.find(word)) >= 0]
    if core and not places:
        yield Hint.CORE_MISSING
    elif places and min(places) >= FRONT:
        yield Hint.CORE_BEHIND
    if len(title) < SHORTEST:
        yield Hint.TOO_SHORT
    if len(title) > LONGEST:
        yield Hint.TOO_LONG
    if attributes and not any(word and word in title for word in attributes):
        yield Hint.NO_ATTRIBUTE
    if not any(word in title for word in SCENARIOS):
        yield Hint.NO_SCENARIO


def repeated_words(title: str) -> set[str]:
    """Runs of two to six characters that stand in a title more than once, without overlap."""
    found: set[str] = set()
    for run in re.findall(r"[\u4e00-\u9fff]+|[A-Za-z]{2,}", title):
        longest = min(len(run), LONGEST_REPEAT)
        sizes = range(2, longest + 1) if not run.isascii() else (len(run),)
        for size in sizes:
            starts = range(len(run) - size + 1)
            found |= {
                word
                for word in {run[start : start + size] for start in starts}
                if _count(title, word) > 1
            }
    return found


def _count(title: str, word: str) -> int:
    if word.isascii():
        words = re.findall(r"[A-Za-z]+", title)
        return sum(other.lower() == word.lower() for other in words)
    return title.count(word)
