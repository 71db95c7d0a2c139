"""How well search answers: judged queries and the sums over the answers. Pure: no Django."""

from catalog.relevance.judging import GOAL, Figures, Row, failures, is_good_enough, table
from catalog.relevance.suites import Judged, Part, part_of, read_suite

__all__ = [
    "GOAL",
    "Figures",
    "Judged",
    "Part",
    "Row",
    "failures",
    "is_good_enough",
    "part_of",
    "read_suite",
    "table",
]
