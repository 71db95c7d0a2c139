"""Offers for days and for people: the member day, old customers.

Source: requirements M-18, M-45, M-46.
"""

from django.utils.translation import gettext as _

from mall.kernel.errors import InvalidInput
from promotions.rulebook.reading import Arguments, Data, fen_or_zero, month_days, rate, whole


def read_member_day(data: Data) -> Arguments:
    """{"days": [8], "rate_bp": 9000}: on these days of each month, in Shanghai."""
    days = month_days(data, "days")
    if not days:
        raise InvalidInput(field="days", allowed=_("days of the month, 1 to 31"))
    return {"days": days, "rate_bp": rate(data, "rate_bp")}


def read_loyal_rate(data: Data) -> Arguments:
    """{"rate_bp": 9500, "threshold_fen": 50000, "min_orders": 0, "days": []}: who has spent that
    much, or finished so many orders before; with days only then (老客日)."""
    spent_fen = fen_or_zero({"threshold_fen": 0, **data}, "threshold_fen")
    orders = whole(data, "min_orders", default=0, least=0)
    if not spent_fen and not orders:
        raise InvalidInput(field="threshold_fen", allowed=_("an amount spent, or earlier orders"))
    return {
        "rate_bp": rate(data, "rate_bp"),
        "threshold_fen": spent_fen,
        "min_orders": orders,
        "days": month_days(data, "days"),
    }
