"""Reading one figure out of a rule's JSON: its type, its bounds, and the refusal that names it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from mall.kernel.errors import InvalidInput
from mall.kernel.money import FULL_RATE_BP

Arguments = dict[str, Any]
Data = Mapping[str, Any]
MOST_STEPS = 10
MOST_ROWS = 200
MOST_FEN = 10**11
MOST_PIECES = 999
MOST_ID = 2**63 - 1


def fen(data: Data, name: str) -> int:
    """An amount above zero."""
    value = data.get(name)
    if type(value) is not int or not 0 < value <= MOST_FEN:
        raise InvalidInput(field=name, allowed=_("an amount above zero"))
    return value


def fen_or_zero(data: Data, name: str) -> int:
    """An amount that must be said and may be nothing."""
    value = data.get(name)
    if type(value) is not int or not 0 <= value <= MOST_FEN:
        raise InvalidInput(field=name, allowed=_("an amount of zero or more"))
    return value


def fen_or_none(data: Data, name: str) -> int | None:
    """An amount above zero, or no limit."""
    return None if data.get(name) is None else fen(data, name)


def rate(data: Data, name: str) -> int:
    """A rate that takes something off and leaves something."""
    value = data.get(name)
    if type(value) is not int or not 0 < value < FULL_RATE_BP:
        raise InvalidInput(field=name, allowed=_("a rate between 1 and 9999 basis points"))
    return value


def whole(
    data: Data, name: str, *, default: int | None = None, least: int = 1, most: int = MOST_PIECES
) -> int:
    """A whole number within bounds; ``default`` when it is not said."""
    value = data.get(name, default)
    if type(value) is not int or not least <= value <= most:
        allowed = _("a whole number from %(least)s to %(most)s") % {"least": least, "most": most}
        raise InvalidInput(field=name, allowed=allowed)
    return value


def flag(data: Data, name: str) -> bool:
    """Yes or no; no when it is not said."""
    value = data.get(name, False)
    if type(value) is not bool:
        raise InvalidInput(field=name, allowed=_("yes or no"))
    return value


def month_days(data: Data, name: str) -> frozenset[int]:
    """Days of the month; none when they are not said."""
    value = data.get(name, [])
    good = isinstance(value, list) and all(type(day) is int and 1 <= day <= 31 for day in value)
    if not good:
        raise InvalidInput(field=name, allowed=_("days of the month, 1 to 31"))
    return frozenset(value)


def rows(data: Data, name: str, *, most: int = MOST_STEPS) -> Sequence[Data]:
    """1 to ``most`` objects."""
    value = data.get(name)
    found = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    if not 0 < len(found) <= most or len(found) != len(value or ()):
        raise InvalidInput(field=name, allowed=_("1 to %(most)s rows") % {"most": most})
    return found


def rising(pairs: Sequence[tuple[int, int]], name: str, *, falls: bool = False) -> None:
    """Each higher step must give more: a larger second figure, or a smaller one with ``falls``."""
    for lower, higher in zip(pairs, pairs[1:], strict=False):
        gives_more = higher[1] < lower[1] if falls else higher[1] > lower[1]
        if higher[0] == lower[0] or not gives_more:
            raise InvalidInput(field=name, allowed=_("each higher step takes more off"))


def rate_steps(data: Data, name: str, reach: str, *, money: bool = False) -> tuple:
    """Steps of (what is reached, rate), the lowest first, each one better than the one before."""
    read = fen if money else whole
    pairs = sorted((read(row, reach), rate(row, "rate_bp")) for row in rows(data, name))
    rising(pairs, name, falls=True)
    return tuple(pairs)
