"""From the sums of a rehearsal to red, amber and green findings, campaign by campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from analytics.rehearsal.comparing import MOST_SKUS, BelowCost, Comparison
from mall.kernel.money import half_up

RED, AMBER, GREEN = "red", "amber", "green"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing found; ``code`` names its words, ``facts`` fill them."""

    level: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tried:
    """One tried campaign: what it may cost (None: no limit) over the ``days`` it runs.

    ``losses`` are goods of its own that it prices below cost, sold before or not; what an
    activity sells nobody can have bought before it begins.
    """

    left_fen: int | None
    days: int
    is_activity: bool = False
    losses: tuple[BelowCost, ...] = ()


def judge(
    compared: Comparison, campaigns: Mapping[int, Tried], replayed_days: int
) -> dict[int, list[Verdict]]:
    """The findings of each tried campaign: what the set does together, its own prices and budget.

    Green is said when nothing worse was found.
    """
    shared = [*_reds(compared), *_ambers(compared)]
    return {
        campaign_id: _with_green(
            [
                *_on_own_goods(tried),
                *shared,
                *_on_budget(compared, campaign_id, tried, replayed_days),
            ],
            compared,
        )
        for campaign_id, tried in campaigns.items()
    }


def _on_own_goods(tried: Tried) -> list[Verdict]:
    found = []
    if tried.losses:
        facts = {
            "skus": len(tried.losses),
            "worst": [asdict(loss) for loss in tried.losses[:MOST_SKUS]],
        }
        found.append(Verdict(RED, "priced_below_cost", facts))
    if tried.is_activity:
        found.append(Verdict(AMBER, "activity_not_replayed"))
    return found


def _reds(compared: Comparison) -> list[Verdict]:
    found = []
    losses = compared.worst_losses()
    if losses:
        facts = {
            "skus": len(losses),
            "lines": sum(loss.lines for loss in losses),
            "loss_fen": sum(loss.loss_fen for loss in losses),
            "worst": [asdict(loss) for loss in losses[:MOST_SKUS]],
        }
        found.append(Verdict(RED, "below_cost", facts))
    margin_fen = compared.affected_after.margin_fen
    if compared.affected and margin_fen < 0 <= compared.affected_before.margin_fen:
        facts = {
            "margin_fen": margin_fen,
            "before_fen": compared.affected_before.margin_fen,
            "orders": compared.affected,
        }
        found.append(Verdict(RED, "negative_margin", facts))
    return found


def _ambers(compared: Comparison) -> list[Verdict]:
    found = []
    if not compared.orders:
        found.append(Verdict(AMBER, "no_orders"))
    elif not compared.affected:
        found.append(Verdict(AMBER, "no_effect", {"orders": compared.orders}))
    if compared.lost_coupons:
        found.append(Verdict(AMBER, "coupons_lost", {"coupons": compared.lost_coupons}))
    pairs = compared.new_pairs()
    if pairs:
        found.append(Verdict(AMBER, "new_pairs", {"number": len(pairs), "pairs": pairs}))
    if compared.skipped:
        found.append(Verdict(AMBER, "not_replayed", {"orders": compared.skipped}))
    return found


def _on_budget(
    compared: Comparison, campaign_id: int, tried: Tried, replayed_days: int
) -> list[Verdict]:
    """The cost of the replayed days, stretched over the days the campaign runs."""
    if tried.left_fen is None:
        return []
    cost_fen = compared.cost_of(campaign_id)
    expected_fen = half_up(cost_fen * tried.days, replayed_days)
    facts = {
        "cost_fen": cost_fen,
        "replayed_days": replayed_days,
        "expected_fen": expected_fen,
        "days": tried.days,
        "budget_fen": tried.left_fen,
    }
    if expected_fen > tried.left_fen:
        return [Verdict(RED, "over_budget", facts)]
    return [Verdict(GREEN, "within_budget", facts)]


def _with_green(verdicts: list[Verdict], compared: Comparison) -> list[Verdict]:
    if any(verdict.level != GREEN for verdict in verdicts):
        return verdicts
    facts = {"orders": compared.orders, "affected": compared.affected}
    return [*verdicts, Verdict(GREEN, "in_order", facts)]
