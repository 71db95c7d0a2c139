"""Recall, precision and known-item MRR of answers, per class and part.

Recall counts the first page (20 goods). Precision looks at the first min(5, relevant) places; an
answer shorter than that has empty places. A query that nothing answers scores 1 when nothing comes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from catalog.relevance.suites import CLASSES, Judged, Part

FIRST_PAGE = 20
PLACES = 5
KNOWN_ITEM = "known_item"
ALL = "all"


class Figures(NamedTuple):
    """Means over some queries; None where no query of them can have the figure."""

    recall: float | None
    precision: float | None
    mrr: float | None


class Row(NamedTuple):
    """A line of the table."""

    kind: str
    part: Part
    queries: int
    figures: Figures


GOAL = Figures(recall=0.90, precision=0.85, mrr=0.90)
Answers = Mapping[str, Sequence[str]]


def table(suite: Sequence[Judged], answers: Answers) -> list[Row]:
    """One row for each class and part, and one for all classes of a part."""
    return [
        _row(kind, part, [judged for judged in suite if _belongs(judged, kind, part)], answers)
        for part in Part
        for kind in (*CLASSES, ALL)
        if any(_belongs(judged, kind, part) for judged in suite)
    ]


def failures(suite: Iterable[Judged], answers: Answers) -> list[Judged]:
    """The queries whose answer is not perfect."""
    return [
        judged
        for judged in suite
        if (_recall(judged, answers) or 0) + _precision(judged, answers)
        < (1 + bool(judged.relevant))
    ]


def is_good_enough(rows: Iterable[Row]) -> bool:
    """True when the untouched part as a whole reaches the goal."""
    whole = next(row for row in rows if (row.kind, row.part) == (ALL, Part.UNTOUCHED))
    pairs = zip(whole.figures, GOAL, strict=True)
    return all((reached or 0) >= (goal or 0) for reached, goal in pairs)


def _belongs(judged: Judged, kind: str, part: Part) -> bool:
    return judged.part == part and kind in (judged.kind, ALL)


def _row(kind: str, part: Part, suite: Sequence[Judged], answers: Answers) -> Row:
    known = [judged for judged in suite if judged.kind == KNOWN_ITEM]
    figures = Figures(
        recall=_mean(_recall(judged, answers) for judged in suite),
        precision=_mean(_precision(judged, answers) for judged in suite),
        mrr=_mean(_reciprocal_rank(judged, answers) for judged in known),
    )
    return Row(kind, part, len(suite), figures)


def _mean(values: Iterable[float | None]) -> float | None:
    counted = [value for value in values if value is not None]
    return sum(counted) / len(counted) if counted else None


def _recall(judged: Judged, answers: Answers) -> float | None:
    if not judged.relevant:
        return None
    found = judged.relevant.intersection(answers[judged.query][:FIRST_PAGE])
    return len(found) / len(judged.relevant)


def _precision(judged: Judged, answers: Answers) -> float:
    answer = answers[judged.query]
    if not judged.relevant:
        return float(not answer)
    places = min(PLACES, len(judged.relevant))
    return sum(code in judged.relevant for code in answer[:places]) / places


def _reciprocal_rank(judged: Judged, answers: Answers) -> float:
    ranks = (rank for rank, code in enumerate(answers[judged.query], 1) if code in judged.relevant)
    return 1 / next(ranks, float("inf"))
