"""The numbers of an activity: JSON on its campaign row, read here into one dataclass a kind.

flash: {"pay_minutes", "remind_minutes"}; group: {"size", "hours", "newcomers_only", "packet_fen",
"pay_minutes"}; bargain: {"helps", "hours", "pay_minutes"}; presale: {"balance_from",
"balance_until", "ships_on", "deposit_comes_back"}; each with "allows", the lanes that stay open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import InvalidInput
from promotions import engine
from promotions.models import Campaign

CLOSABLE = (
    engine.Lane.ITEM_OFFER,
    engine.Lane.ORDER_OFFER,
    engine.Lane.TIER_RATE,
    engine.Lane.COUPON,
)
"""Lanes that an activity shuts for its goods unless it allows them."""
MOST_FEN = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRule:
    """What every activity says. ``excludes`` are the lanes shut for its lines.

    ``pay_minutes`` is how long its orders may stay unpaid.
    """

    excludes: frozenset[engine.Lane]
    pay_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlashRule(ActivityRule):
    """Shoppers who asked for it are reminded ``remind_minutes`` before the start."""

    remind_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule(ActivityRule):
    """``size`` buyers within ``hours`` make a team; its opener gets ``packet_fen``."""

    size: int
    hours: int
    newcomers_only: bool
    packet_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BargainRule(ActivityRule):
    """``helps`` friends cut the price down to its floor within ``hours``."""

    helps: int
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresaleRule(ActivityRule):
    """The balance is paid in ``[balance_from, balance_until)``; goods leave on ``ships_on``."""

    balance_from: datetime
    balance_until: datetime
    ships_on: date
    deposit_comes_back: bool


def read_activity(kind: str, data: Mapping[str, Any]) -> ActivityRule:
    """The numbers of an activity of ``kind``. Raises: InvalidInput, naming the field."""
    return READERS[kind](data)


def _shared(data: Mapping[str, Any], pay_minutes: int) -> dict[str, Any]:
    allows = data.get("allows", [])
    if not isinstance(allows, list) or any(lane not in CLOSABLE for lane in allows):
        raise InvalidInput(field="allows", allowed=", ".join(CLOSABLE))
    return {
        "excludes": frozenset(lane for lane in CLOSABLE if lane not in allows),
        "pay_minutes": _whole(data, "pay_minutes", 1, 24 * 60, pay_minutes),
    }


def _flash(data: Mapping[str, Any]) -> FlashRule:
    return FlashRule(
        **_shared(data, 5), remind_minutes=_whole(data, "remind_minutes", 1, 24 * 60, 10)
    )


def _group(data: Mapping[str, Any]) -> GroupRule:
    return GroupRule(
        **_shared(data, 15),
        size=_whole(data, "size", 2, 100, 3),
        hours=_whole(data, "hours", 1, 24 * 30, 24),
        newcomers_only=_flag(data, "newcomers_only"),
        packet_fen=_whole(data, "packet_fen", 0, MOST_FEN, 0),
    )


def _bargain(data: Mapping[str, Any]) -> BargainRule:
    return BargainRule(
        **_shared(data, 30),
        helps=_whole(data, "helps", 1, 200, 10),
        hours=_whole(data, "hours", 1, 24 * 30, 24),
    )


def _presale(data: Mapping[str, Any]) -> PresaleRule:
    begins, ends = _instant(data, "balance_from"), _instant(data, "balance_until")
    ships_on = parse_date(str(data.get("ships_on", "")))
    if ships_on is None:
        raise InvalidInput(field="ships_on", allowed=_("a day"))
    if ends <= begins:
        raise InvalidInput(field="balance_until", allowed=_("an end after the beginning"))
    return PresaleRule(
        **_shared(data, 30),
        balance_from=begins,
        balance_until=ends,
        ships_on=ships_on,
        deposit_comes_back=_flag(data, "deposit_comes_back"),
    )


def _whole(data: Mapping[str, Any], name: str, least: int, most: int, default: int) -> int:
    value = data.get(name, default)
    if type(value) is not int or not least <= value <= most:
        allowed = _("a whole number from %(least)s to %(most)s") % {"least": least, "most": most}
        raise InvalidInput(field=name, allowed=allowed)
    return value


def _flag(data: Mapping[str, Any], name: str) -> bool:
    value = data.get(name, False)
    if type(value) is not bool:
        raise InvalidInput(field=name, allowed=_("yes or no"))
    return value


def _instant(data: Mapping[str, Any], name: str) -> datetime:
    value = parse_datetime(str(data.get(name, "")))
    if value is None or value.tzinfo is None:
        raise InvalidInput(field=name, allowed=_("a day and time"))
    return value


READERS: Mapping[str, Callable[[Mapping[str, Any]], ActivityRule]] = {
    Campaign.Kind.FLASH: _flash,
    Campaign.Kind.GROUP: _group,
    Campaign.Kind.BARGAIN: _bargain,
    Campaign.Kind.PRESALE: _presale,
}
