"""A price as a line of steps over time: what was offered, and when. Source: C-29, C-32.

A step holds from its instant to the next one's; of steps at one instant the last one counts.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One price from ``at`` on; ``is_offered`` when shoppers could buy at it."""

    at: datetime
    price_fen: int
    is_offered: bool = True


def lowest_offered(steps: Sequence[Step], since: datetime, until: datetime) -> int | None:
    """The lowest price offered in ``(since, until]``; None when nothing was. Steps in order."""
    return min(_offered(steps, since, until), default=None)


def highest_offered(steps: Sequence[Step], since: datetime, until: datetime) -> int | None:
    """The highest price offered in ``(since, until]``; None when nothing was. Steps in order."""
    return max(_offered(steps, since, until), default=None)


def last_offered(steps: Sequence[Step]) -> int | None:
    """The price that goods were last offered at, however long ago. Steps in order."""
    return next((step.price_fen for step in reversed(steps) if step.is_offered), None)


def was_offered(steps: Sequence[Step], price_fen: int, until: datetime) -> bool:
    """True when goods were offered for at least ``price_fen`` for some time before ``until``."""
    ends = [*[step.at for step in steps[1:]], until]
    return any(
        step.is_offered and step.price_fen >= price_fen and step.at < min(end, until)
        for step, end in zip(steps, ends, strict=False)
    )


def _offered(steps: Sequence[Step], since: datetime, until: datetime) -> Iterator[int]:
    ends: list[datetime | None] = [*[step.at for step in steps[1:]], None]
    for step, end in zip(steps, ends, strict=False):
        began = step.at <= until
        lasted = end is None or (end > since and end > step.at)
        if step.is_offered and began and lasted:
            yield step.price_fen
