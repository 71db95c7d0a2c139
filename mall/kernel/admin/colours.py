"""Colours of badges. A class body runs once, in one language; a page is read in any."""

from collections.abc import Mapping
from typing import Any


class ColourOf(dict[Any, str]):
    """Unfold's ``label=`` of lazy words: looked up by what they say when they are read."""

    def __contains__(self, words: object) -> bool:
        return any(str(key) == words for key in self)

    def __getitem__(self, words: object) -> str:
        return next(colour for key, colour in self.items() if str(key) == words)

    @classmethod
    def choices(cls, colours: Mapping[Any, str]) -> "ColourOf":
        """The same by the members of a ``Choices``."""
        return cls({choice.label: colour for choice, colour in colours.items()})
