"""A rehearsal as rows of a page: before, after, change; costs only for who may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mall.kernel.words import localized
from promotions.models import CampaignFinding
from promotions.presenting import finding_dict

SUMS: tuple[tuple[str, str | Promise], ...] = (
    ("gmv_fen", _("Turnover")),
    ("discount_fen", _("Given away")),
    ("freight_fen", _("Freight")),
    ("margin_fen", _("Margin of goods")),
)
COST_SUMS = frozenset({"margin_fen"})
UNKNOWN: Mapping[str, str | Promise] = {
    "behaviour": _("Baskets are those that were: nobody buys more, less or something else."),
    "rules_as_now": _("Campaigns of then are taken as they are written now; paused ones are not."),
    "costs_as_now": _("What goods cost is what they cost now; its history is not kept."),
    "goods_as_now": _("Category, brand, weight and freight of goods are those of now."),
    "tier_by_growth": _("A member's tier is the one their growth had reached at the order."),
    "gift_stock": _("Gifts are taken to be in stock."),
    "refunds": _("Pieces that came back later count as sold."),
}
"""What a replay cannot know, by the codes that it keeps."""
FAILURES: Mapping[str, str | Promise] = {
    "changed": _("A campaign was changed in the meantime. Rehearse it again as it is now."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One sum in both runs. Units: fen."""

    name: str
    title: str | Promise
    before_fen: int
    after_fen: int

    @property
    def change_fen(self) -> int:
        """What the tried campaigns would change."""
        return self.after_fen - self.before_fen


def sums(figures: Mapping[str, Any], *, with_costs: bool) -> list[Row]:
    """The sums of all orders, row by row."""
    before, after = figures["before"], figures["after"]
    return [
        Row(name, title, before[name], after[name])
        for name, title in SUMS
        if with_costs or name not in COST_SUMS
    ]


def rules(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What each rule took without and with the tried ones."""
    return [
        {**row, "title": _title(row), "change_fen": row["after_fen"] - row["before_fen"]}
        for row in figures["rules"]
    ]


def pairs(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rules that met on a line for the first time."""
    return [
        {"titles": [_title(rule) for rule in pair["rules"]], "lines": pair["lines"]}
        for pair in figures["pairs"]
    ]


def unknown(figures: Mapping[str, Any]) -> list[str | Promise]:
    """What the replay could not know, in words."""
    return [UNKNOWN[code] for code in figures["unknown"] if code in UNKNOWN]


def told(findings: Iterable[CampaignFinding], *, with_costs: bool) -> list[dict[str, Any]]:
    """Findings in words, the worst first."""
    order = {"red": 0, "amber": 1, "green": 2}
    ranked = sorted(findings, key=lambda finding: (order[finding.level], finding.kind))
    return [finding_dict(finding, with_costs=with_costs) for finding in ranked]


def _title(rule: Mapping[str, Any]) -> str:
    return localized(dict(rule), "title") or str(rule["kind"])
