"""The numbers of a campaign: JSON on the row, checked here, read into the engine's arguments.

One module a family of kinds. A refusal names the field, as the operators' forms do.
"""

from promotions.rulebook.reading import MOST_STEPS, Arguments
from promotions.rulebook.registry import READERS, read_rule, skus_of
from promotions.rulebook.writing import numbers_of

__all__ = ["MOST_STEPS", "READERS", "Arguments", "numbers_of", "read_rule", "skus_of"]
