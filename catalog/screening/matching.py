"""The hits of a text: every term in its disguises, but not inside words that are allowed."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from catalog.screening.folding import Folded, fold
from catalog.screening.lexicon import Lexicon
from catalog.screening.terms import Finding, Severity, Term, TermClass

TITLE = re.compile("《[^《》]{1,40}》")
"""The title of a work. A claim to heal is not covered by it."""
NEGATION = re.compile(
    "(?:不能|不可|不得|无法|不具有?|没有|并非|不是|不用于|不作为|不代表|请勿|切勿|禁止|严禁|难以)[^\n]{0,6}$"
)
"""Before a claim to heal: the notices that the law itself demands."""
LOOKS_BACK = 12


class Span(NamedTuple):
    """A half-open place in the folded text."""

    start: int
    end: int

    def covers(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


def screen(text: str, lexicon: Lexicon, *, is_title: bool = False) -> tuple[Finding, ...]:
    """What is wrong with a text, in its order. ``is_title``: terms that block titles block."""
    folded = fold(text)
    found = [hit for hit in _hits(folded, lexicon) if _stands_alone(folded, hit[0])]
    if not found:
        return ()
    allowed = list(_allowed(folded, lexicon))
    works = [Span(*match.span()) for match in TITLE.finditer(text)]
    findings = [
        _finding(folded, span, term, is_title=is_title)
        for span, term in found
        if not any(place.covers(span) for place in allowed) and not _is_denied(folded, span, term)
    ]
    named = [row for row in findings if not _is_name(row, works)]
    return tuple(row for row in named if not any(_outweighs(other, row) for other in named))


def _hits(folded: Folded, lexicon: Lexicon) -> Iterator[tuple[Span, Term]]:
    text = folded.text
    for start, char in enumerate(text):
        for word, term in lexicon.terms.get(char, ()):
            if text.startswith(word, start):
                yield Span(start, start + len(word)), term
    for row in lexicon.patterns:
        for match in row.pattern.finditer(text):
            yield Span(*match.span()), row.term


def _stands_alone(folded: Folded, span: Span) -> bool:
    """False for a piece of a longer Latin word or number: TOP1 in TOP10."""
    return not (_runs_on(folded, span.start) or _runs_on(folded, span.end))


def _runs_on(folded: Folded, index: int) -> bool:
    pair = folded.text[max(index - 1, 0) : index + 1]
    return len(pair) == 2 and pair.isascii() and pair.isalnum() and folded.is_joined(index)


def _allowed(folded: Folded, lexicon: Lexicon) -> Iterator[Span]:
    for pattern in lexicon.exemptions:
        for match in pattern.finditer(folded.text):
            yield Span(*match.span())
    for phrase in lexicon.phrases:
        start = folded.text.find(phrase)
        while start >= 0:
            yield Span(start, start + len(phrase))
            start = folded.text.find(phrase, start + 1)


def _is_denied(folded: Folded, span: Span, term: Term) -> bool:
    before = folded.text[max(span.start - LOOKS_BACK, 0) : span.start]
    return term.term_class == TermClass.MEDICAL and bool(NEGATION.search(before))


def _finding(folded: Folded, span: Span, term: Term, *, is_title: bool) -> Finding:
    start, end = folded.original(*span)
    severity = term.severity_in(is_title=is_title)
    return Finding(term.word, term.term_class, severity, start, end, term.basis)


def _is_name(finding: Finding, works: list[Span]) -> bool:
    place = Span(finding.start, finding.end)
    is_claim = finding.term_class == TermClass.MEDICAL
    return not is_claim and any(work.covers(place) for work in works)


def _outweighs(other: Finding, finding: Finding) -> bool:
    """True when a longer hit that is no milder has this one inside."""
    longer = other.end - other.start > finding.end - finding.start
    inside = other.start <= finding.start and finding.end <= other.end
    return longer and inside and (other.blocks or finding.severity == Severity.WARN)
