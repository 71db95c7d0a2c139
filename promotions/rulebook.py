"""The numbers of a campaign: JSON on the row, checked here, read into the engine's arguments.

One reader a kind; a further kind is one more reader and its rule under ``engine/rules``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import InvalidInput
from mall.kernel.money import FULL_RATE_BP
from promotions.models import Campaign

Arguments = dict[str, Any]
MOST_STEPS = 10
MOST_FEN = 10**11


def read_rule(kind: str, data: Mapping[str, Any]) -> Arguments:
    """What the engine's rule of ``kind`` takes, out of its JSON. Raises: InvalidInput."""
    if kind not in READERS:
        raise InvalidInput(field="kind", allowed=", ".join(READERS))
    return READERS[kind](data)


def _fen(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name)
    if type(value) is not int or not 0 < value <= MOST_FEN:
        raise InvalidInput(field=name, allowed=_("an amount above zero"))
    return value


def _rate(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name)
    if type(value) is not int or not 0 < value < FULL_RATE_BP:
        raise InvalidInput(field=name, allowed=_("a rate between 1 and 9999 basis points"))
    return value


def _sale(data: Mapping[str, Any]) -> Arguments:
    return {"rate_bp": _rate(data, "rate_bp")} if "rate_bp" in data else {}


def _threshold_off(data: Mapping[str, Any]) -> Arguments:
    steps = data.get("steps")
    if not isinstance(steps, list) or not 0 < len(steps) <= MOST_STEPS:
        raise InvalidInput(field="steps", allowed=_("1 to 10 steps"))
    pairs = sorted((_fen(step, "threshold_fen"), _fen(step, "off_fen")) for step in steps)
    for threshold_fen, off_fen in pairs:
        if off_fen >= threshold_fen:
            raise InvalidInput(field="off_fen", allowed=_("less off than its threshold"))
    for lower, higher in zip(pairs, pairs[1:], strict=False):
        if higher[0] == lower[0] or higher[1] <= lower[1]:
            raise InvalidInput(field="steps", allowed=_("each higher step takes more off"))
    return {"steps": tuple(pairs)}


def _second_half_price(data: Mapping[str, Any]) -> Arguments:
    return {"second_rate_bp": _rate(data, "second_rate_bp")}


def _free_freight(data: Mapping[str, Any]) -> Arguments:
    return {"threshold_fen": _fen(data, "threshold_fen")}


READERS: Mapping[str, Callable[[Mapping[str, Any]], Arguments]] = {
    Campaign.Kind.SALE: _sale,
    Campaign.Kind.THRESHOLD_OFF: _threshold_off,
    Campaign.Kind.SECOND_HALF_PRICE: _second_half_price,
    Campaign.Kind.FREE_FREIGHT: _free_freight,
}
