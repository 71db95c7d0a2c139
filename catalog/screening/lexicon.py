"""The terms and exemptions a text is held against: those of the house, and the operators' own."""

import csv
import dataclasses
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache

from catalog.screening.folding import DATA, fold
from catalog.screening.terms import Pattern, Severity, Term, TermClass

MEDICAL = frozenset({"medical_claim", "health_food_claim"})
BLOCKS = "block"


@dataclasses.dataclass(frozen=True)
class Lexicon:
    """Terms by the first character of their folded words, longest first; patterns; exemptions.

    ``phrases`` are folded words inside which nothing is a hit: brands, and what operators allow.
    """

    terms: Mapping[str, tuple[tuple[str, Term], ...]]
    patterns: tuple[Pattern, ...] = ()
    exemptions: tuple[re.Pattern[str], ...] = ()
    phrases: tuple[str, ...] = ()

    def words(self) -> Iterator[Term]:
        """Every term."""
        for group in self.terms.values():
            yield from (term for _word, term in group)

    def changed(
        self,
        *,
        added: Iterable[Term] = (),
        without: Collection[str] = (),
        phrases: Iterable[str] = (),
    ) -> "Lexicon":
        """The same with terms more (they replace those of the same word) or fewer."""
        added, gone = tuple(added), {fold(word).text for word in without}
        terms = {fold(term.word).text: term for term in (*self.words(), *added)}
        return Lexicon(
            by_first_character(term for word, term in terms.items() if word not in gone),
            tuple(row for row in self.patterns if fold(row.term.word).text not in gone),
            self.exemptions,
            (*self.phrases, *filter(None, (fold(phrase).text for phrase in phrases))),
        )


def by_first_character(terms: Iterable[Term]) -> dict[str, tuple[tuple[str, Term], ...]]:
    """Folded words with their terms, by first character."""
    groups: dict[str, list[tuple[str, Term]]] = defaultdict(list)
    for term in terms:
        word = fold(term.word).text
        if word:
            groups[word[0]].append((word, term))
    return {first: tuple(sorted(group, key=_longest_first)) for first, group in groups.items()}


def _longest_first(pair: tuple[str, Term]) -> tuple[int, str]:
    return -len(pair[0]), pair[0]


@cache
def base_lexicon() -> Lexicon:
    """The house's own: the terms drawn from the law, ours beside them, and the exemptions."""
    terms = {row["term"]: _term(row) for row in _rows("ad_law_terms.csv")}
    terms |= {row["term"]: _term(row) for row in _rows("shop_terms.csv")}
    patterns = [Pattern(_term(row), re.compile(row["pattern"])) for row in _rows("patterns.csv")]
    exemptions = [re.compile(row["pattern"]) for row in _rows("exemptions.csv")]
    return Lexicon(by_first_character(terms.values()), tuple(patterns), tuple(exemptions))


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _term(row: Mapping[str, str]) -> Term:
    return Term(
        word=row["term"],
        term_class=_class(row["category"]),
        severity=Severity.BLOCK if row["severity"] == BLOCKS else Severity.WARN,
        blocks_titles=row.get("titles", "") == BLOCKS,
        basis=row["basis"],
    )


def _class(category: str) -> TermClass:
    if category in MEDICAL:
        return TermClass.MEDICAL
    return TermClass.ABSOLUTE if category.startswith("absolute") else TermClass.OTHER
