"""Words that the Advertising Law or the shop does not allow, found in a text. No Django.

Source: requirement C-37 (plans 000, 002).
"""

from catalog.screening.folding import Folded, fold, simplified
from catalog.screening.lexicon import Lexicon, base_lexicon
from catalog.screening.matching import screen
from catalog.screening.terms import Finding, Pattern, Severity, Term, TermClass

__all__ = [
    "Finding",
    "Folded",
    "Lexicon",
    "Pattern",
    "Severity",
    "Term",
    "TermClass",
    "base_lexicon",
    "fold",
    "screen",
    "simplified",
]
