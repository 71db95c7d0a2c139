"""Gifts: what is given, from which amount or pieces on. Source: requirements P-28, P-29."""

from django.utils.translation import gettext as _

from mall.kernel.errors import InvalidInput
from promotions.rulebook.reading import (
    MOST_ID,
    MOST_STEPS,
    Arguments,
    Data,
    fen_or_zero,
    flag,
    rows,
    whole,
)


def read_gift(data: Data) -> Arguments:
    """{"options": [{"sku_id": 7, "value_fen": 2900}], "threshold_fen": 20000, "pieces": 1,
    "quantity": 1, "per": false, "most": null, "min_orders": 0}; the first option is given unless
    the shopper chooses another."""
    return {
        **read_options(data),
        "threshold_fen": fen_or_zero({"threshold_fen": 0, **data}, "threshold_fen"),
        "pieces": whole(data, "pieces", default=1),
        "per": flag(data, "per"),
        "most": None if data.get("most") is None else whole(data, "most"),
        "min_orders": whole(data, "min_orders", default=0, least=0),
    }


def read_options(data: Data) -> Arguments:
    """What may be given, and how many pieces of it."""
    options = tuple(
        (whole(row, "sku_id", most=MOST_ID), fen_or_zero(row, "value_fen"))
        for row in rows(data, "options", most=MOST_STEPS)
    )
    if len({sku_id for sku_id, _value in options}) != len(options):
        raise InvalidInput(field="options", allowed=_("each SKU once"))
    return {"options": options, "quantity": whole(data, "quantity", default=1)}
