"""What a parcel costs with each carrier, and which to take: the cheapest that keeps the promise.

Pure sums: no Django. Source: requirement I-21.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Area:
    """What a carrier asks where region codes begin with ``prefix``; empty: everywhere else."""

    prefix: str
    first_grams: int
    first_fen: int
    more_grams: int
    more_fen: int
    promise_hours: int

    def cost_fen(self, grams: int) -> int:
        """The first weight, then every further one that was begun."""
        over = max(0, grams - self.first_grams)
        return self.first_fen + -(-over // self.more_grams) * self.more_fen


@dataclass(frozen=True, slots=True)
class Choice:
    """A carrier with its areas, and how many of its parcels came in time (basis points; None
    while it has carried none)."""

    code: str
    areas: Sequence[Area] = field(default_factory=tuple)
    on_time_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """What one carrier asks for one parcel, and whether it is fast enough."""

    code: str
    cost_fen: int
    promise_hours: int
    on_time_bp: int | None
    is_in_time: bool


def area_for(areas: Iterable[Area], region_code: str) -> Area | None:
    """The area of a region: the longest beginning wins. None where the carrier does not go."""
    fitting = [area for area in areas if region_code.startswith(area.prefix)]
    return max(fitting, key=lambda area: len(area.prefix), default=None)


def ranked(
    choices: Iterable[Choice], *, region_code: str, grams: int, hours: int | None
) -> list[Ask]:
    """Carriers that go there, the one to take first.

    Those that keep the promise of ``hours`` come before the others, cheap before dear, then the
    more punctual; of those too slow the fastest comes first. ``hours`` None: all are fast enough.
    """
    asks = []
    for choice in choices:
        area = area_for(choice.areas, region_code)
        if area is not None:
            in_time = hours is None or area.promise_hours <= hours
            cost_fen = area.cost_fen(grams)
            asks.append(Ask(choice.code, cost_fen, area.promise_hours, choice.on_time_bp, in_time))
    return sorted(asks, key=_rank)


def _rank(ask: Ask) -> tuple[bool, int, int, int, str]:
    slowness = 0 if ask.is_in_time else ask.promise_hours
    return (not ask.is_in_time, slowness, ask.cost_fen, -(ask.on_time_bp or 0), ask.code)
