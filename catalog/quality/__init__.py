"""How good a listing is, what it lacks, how old it has grown. No Django.

Source: requirements C-34 to C-36, C-70.
"""

from catalog.quality.lifecycle import ADVICE, WEEKS, Stage, stage_of
from catalog.quality.listing import Flag, Grade, Listing, grade, is_too_empty
from catalog.quality.title import Hint, TitleGrade, grade_title

__all__ = [
    "ADVICE",
    "WEEKS",
    "Flag",
    "Grade",
    "Hint",
    "Listing",
    "Stage",
    "TitleGrade",
    "grade",
    "grade_title",
    "is_too_empty",
    "stage_of",
]
