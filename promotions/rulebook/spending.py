"""Offers that look at an amount: 满减, 满折, 每满减, free freight.

Source: requirements P-23, P-24, P-29, O-11.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from mall.kernel.errors import InvalidInput
from promotions.rulebook.gifts import read_options
from promotions.rulebook.reading import (
    Arguments,
    Data,
    fen,
    fen_or_none,
    fen_or_zero,
    rate_steps,
    rising,
    rows,
)


def read_threshold_off(data: Data) -> Arguments:
    """{"steps": [{"threshold_fen": 30000, "off_fen": 5000}]}, and 满减赠礼 with {"gift":
    {"options": [{"sku_id": 7, "value_fen": 2900}], "quantity": 1}} from the first step on."""
    steps = rows(data, "steps")
    pairs = sorted((fen(row, "threshold_fen"), fen(row, "off_fen")) for row in steps)
    for threshold_fen, off_fen in pairs:
        if off_fen >= threshold_fen:
            raise InvalidInput(field="off_fen", allowed=_("less off than its threshold"))
    rising(pairs, "steps")
    gift = data.get("gift")
    if gift is None:
        return {"steps": tuple(pairs)}
    if not isinstance(gift, Mapping):
        raise InvalidInput(field="gift", allowed=_("what is given, and how many"))
    return {"steps": tuple(pairs), "gift": {**read_options(gift), "threshold_fen": pairs[0][0]}}


def read_threshold_rate(data: Data) -> Arguments:
    """{"steps": [{"threshold_fen": 30000, "rate_bp": 9000}], "cap_fen": 10000 or nothing}"""
    steps = rate_steps(data, "steps", "threshold_fen", money=True)
    return {"steps": steps, "cap_fen": fen_or_none(data, "cap_fen")}


def read_every_off(data: Data) -> Arguments:
    """{"every_fen": 10000, "off_fen": 1000, "cap_fen": 5000 or nothing}"""
    every_fen, off_fen = fen(data, "every_fen"), fen(data, "off_fen")
    if off_fen >= every_fen:
        raise InvalidInput(field="off_fen", allowed=_("less off than its threshold"))
    return {"every_fen": every_fen, "off_fen": off_fen, "cap_fen": fen_or_none(data, "cap_fen")}


def read_free_freight(data: Data) -> Arguments:
    """{"threshold_fen": 9900}; 0 is free from the first piece on."""
    return {"threshold_fen": fen_or_zero(data, "threshold_fen")}
