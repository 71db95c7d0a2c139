"""Filters whose choices are words: codes that a screen speaks, and what is there or is not."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import admin
from django.utils.functional import Promise

Words = str | Promise


class SpokenFilter(admin.AllValuesFieldListFilter):
    """The values that stand in a column of codes, each by its name."""

    spoken: Mapping[str, Any] = {}

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            name = str(choice["display"])
            yield {**choice, "display": str(self.spoken.get(name, name))}


def spoken_filter(words: Mapping[str, Any]) -> type[SpokenFilter]:
    """A filter of a column whose codes are called so."""
    return type("OwnSpokenFilter", (SpokenFilter,), {"spoken": words})


class WhetherFilter(admin.EmptyFieldListFilter):
    """Rows that have something, and rows that lack it."""

    asks: Words
    there: Words
    lacking: Words

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = str(self.asks)

    def choices(self, changelist: Any) -> Iterator[Any]:
        either, empty, filled = super().choices(changelist)
        yield either
        yield {**empty, "display": self.lacking}
        yield {**filled, "display": self.there}


def whether(
    column: str, asks: Words, *, there: Words, lacking: Words
) -> tuple[str, type[WhetherFilter]]:
    """An entry of ``list_filter``: is a column filled?"""
    words = {"asks": asks, "there": there, "lacking": lacking}
    return column, type("OwnWhetherFilter", (WhetherFilter,), words)
