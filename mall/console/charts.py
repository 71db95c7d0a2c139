"""Where the ink of a line chart goes: whole numbers in, whole numbers out. Pure: no Django.

A chart is as wide as its page and keeps the size of its words: across, everything is in thousandths
of the width; upwards, in pixels. The template draws it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 1000
STEPS = (1, 2, 5)
MAINS = 4


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the grid: how far from the top, and what it stands for."""

    y: int
    value: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One place on the axis: its middle, its left edge and its width in thousandths.

    ``is_named`` ones get a word below, where there is room; ``is_main`` ones always.
    """

    index: int
    x: int
    left: int
    width: int
    is_named: bool
    is_main: bool

    @property
    def percent(self) -> str:
        """The middle as a percentage."""
        return percent(self.x)

    @property
    def left_percent(self) -> str:
        """The left edge as a percentage."""
        return percent(self.left)

    @property
    def width_percent(self) -> str:
        """The width as a percentage."""
        return percent(self.width)


@dataclass(frozen=True, slots=True)
class Chart:
    """``lines`` and ``heights`` in the order of the series; a line is an SVG list of points."""

    height: int
    ticks: tuple[Tick, ...]
    slots: tuple[Slot, ...]
    lines: tuple[str, ...]
    heights: tuple[tuple[int, ...], ...]


def percent(thousandths: int) -> str:
    """125 -> "12.5"."""
    return f"{thousandths // 10}.{thousandths % 10}"


def line_chart(
    series: Sequence[Sequence[int]], *, least_step: int = 1, height: int = 200, named: int = 7
) -> Chart:
    """Draw series of equal length, none negative; ``named`` places at most get a word below.

    Raises: ValueError on series of different length or none.
    """
    if not series or not series[0] or len({len(values) for values in series}) != 1:
        raise ValueError("a chart needs series of one length")
    count = len(series[0])
    ticks = scale(max(max(values) for values in series), least_step)
    top = ticks[-1]
    slots = _slots(count, named)
    heights = tuple(tuple(height - value * height // top for value in values) for values in series)
    return Chart(
        height=height,
        ticks=tuple(Tick(height - value * height // top, value) for value in ticks),
        slots=slots,
        lines=tuple(
            " ".join(f"{slot.x},{y}" for slot, y in zip(slots, ys, strict=True)) for ys in heights
        ),
        heights=heights,
    )


def scale(largest: int, least_step: int = 1) -> list[int]:
    """Round numbers from 0 to at least ``largest``: three to six of them."""
    step = least_step
    while step * 5 < largest:
        step = _next_step(step, least_step)
    count = max(2, -(-largest // step))
    return [step * number for number in range(count + 1)]


def _next_step(step: int, least_step: int) -> int:
    """1, 2, 5, 10, 20, 50, ... times the least step."""
    digits, power = step // least_step, 1
    while digits >= 10:
        digits, power = digits // 10, power * 10
    following = STEPS[STEPS.index(digits) + 1] if digits < STEPS[-1] else 10
    return following * power * least_step


def _slots(count: int, named: int) -> tuple[Slot, ...]:
    """One place: in the middle. Many: from edge to edge."""
    if count == 1:
        return (Slot(0, WIDTH // 2, 0, WIDTH, True, True),)
    names, mains = _spread(count, named), _spread(count, MAINS)
    half = WIDTH // (count - 1) // 2
    return tuple(
        Slot(
            index=index,
            x=WIDTH * index // (count - 1),
            left=max(0, WIDTH * index // (count - 1) - half),
            width=half * 2 or 1,
            is_named=index in names | mains,
            is_main=index in mains,
        )
        for index in range(count)
    )


def _spread(count: int, chosen: int) -> set[int]:
    """``chosen`` places of ``count``, the first and the last among them, evenly apart."""
    chosen = min(chosen, count)
    return {index * (count - 1) // (chosen - 1) for index in range(chosen)}
