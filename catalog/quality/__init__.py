"""How good a listing is, 0 to 100, and what it lacks. No Django. Source: C-34, C-35, C-36."""

from catalog.quality.listing import Flag, Grade, Listing, grade, is_too_empty
from catalog.quality.title import Hint, TitleGrade, grade_title

__all__ = [
    "Flag",
    "Grade",
    "Hint",
    "Listing",
    "TitleGrade",
    "grade",
    "grade_title",
    "is_too_empty",
]
