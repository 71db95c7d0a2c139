"""How the console writes a figure and its change: ready words for the templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from analytics.models import DailyReport
from mall.console.charts import Chart
from mall.kernel.money import yuan
from mall.kernel.words import in_english

YUAN = 100
TEN_THOUSAND = 10_000

TITLES: dict[str, str | Promise] = {
    "gmv_fen": gettext_lazy("Turnover"),
    "paid_orders": gettext_lazy("Paid orders"),
    "average_order_fen": gettext_lazy("Average order"),
    "units": gettext_lazy("Pieces sold"),
    "placed_orders": gettext_lazy("Orders placed"),
    "refund_fen": gettext_lazy("Refunded"),
    "discount_fen": gettext_lazy("Discounts"),
    "freight_fen": pgettext_lazy("money", "Freight"),
    "below_cost_fen": gettext_lazy("Lost below cost"),
    "new_members": gettext_lazy("New members"),
    "coupons_used": gettext_lazy("Coupons used"),
}
"""What the figures of ``analytics.selectors`` are called; ``_fen`` ones are money."""


@dataclass(frozen=True, slots=True)
class Change:
    """Up, down, flat or none, with the words for it."""

    direction: str
    words: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One tile of a report."""

    name: str
    title: str | Promise
    words: str
    before: str
    change: Change


def change(bp: int | None) -> Change:
    """Basis points as words: 1250 -> up, "12.5%"; None -> nothing to compare with."""
    if bp is None:
        return Change("none", _("nothing to compare with"))
    whole, rest = divmod(abs(bp), 100)
    words = f"{whole:,}.{rest // 10}%" if rest // 10 and whole < 1000 else f"{whole:,}%"
    direction = "up" if bp > 0 else "down" if bp < 0 else "flat"
    return Change(direction, words)


def tick_words(name: str, value: int) -> str:
    """A round number at the edge of a chart, short: ¥1.2万 or ¥12k above ten thousand yuan."""
    sign, number = ("¥", value // YUAN) if name.endswith("_fen") else ("", value)
    if number < TEN_THOUSAND:
        return f"{sign}{number:,}"
    if in_english():
        return f"{sign}{number // 1_000:,}k"
    whole, tenths = divmod(number // 1_000, 10)
    return f"{sign}{whole}.{tenths}万" if tenths else f"{sign}{whole}万"


def words_of(name: str, value: int | None) -> str:
    """Money as yuan with its sign, a count with commas, a dash for nothing."""
    if value is None:
        return "—"
    return f"¥{yuan(value)}" if name.endswith("_fen") else f"{value:,}"


def drawing(
    name: str, chart: Chart, days: Sequence[DailyReport], before: Sequence[DailyReport] = ()
) -> dict[str, Any]:
    """What templates/admin/_chart.html draws: one place a day, with its words."""
    return {
        "name": name,
        "title": TITLES[name],
        "chart": chart,
        "ticks": [{"y": tick.y, "words": tick_words(name, tick.value)} for tick in chart.ticks],
        "days": [
            {
                "slot": slot,
                "y": y,
                "day": day.day,
                "words": words_of(name, getattr(day, name)),
                "before": words_of(name, getattr(then, name)) if then else "",
            }
            for slot, y, day, then in zip_longest(chart.slots, chart.heights[0], days, before)
        ],
    }
