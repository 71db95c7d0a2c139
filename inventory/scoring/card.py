"""The scorecard of a month: three rates, one score, one grade. Source: I-26, I-27, I-28."""

from dataclasses import dataclass

from mall.kernel.money import FULL_RATE_BP, half_up


@dataclass(frozen=True, slots=True)
class Tally:
    """``good`` of ``total``: parcels in time, pieces that passed, answers in time."""

    good: int = 0
    total: int = 0

    @property
    def bp(self) -> int | None:
        """The rate, rounded down, so that a target is met only when it is; None of nothing."""
        return self.good * FULL_RATE_BP // self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Rules:
    """Targets in basis points, weights, and where grades begin."""

    fulfilment_target_bp: int = 9500
    quality_target_bp: int = 9900
    response_target_bp: int = 9000
    fulfilment_weight: int = 40
    quality_weight: int = 40
    response_weight: int = 20
    grade_a_from: int = 90
    grade_b_from: int = 75


@dataclass(frozen=True, slots=True)
class Card:
    """What a month comes to; None where nothing happened."""

    fulfilment_bp: int | None
    quality_bp: int | None
    response_bp: int | None
    score: int | None
    grade: str


def score_card(shipped: Tally, inspected: Tally, answered: Tally, rules: Rules) -> Card:
    """Rates, the score they make and its grade.

    A rate at its target or above counts whole; under it, it loses five points for each point
    missing, so that 98.9 % of 99 % is nearly whole and 80 % of 99 % is next to nothing. What did
    not happen is not weighed.
    """
    parts = (
        (shipped.bp, rules.fulfilment_target_bp, rules.fulfilment_weight),
        (inspected.bp, rules.quality_target_bp, rules.quality_weight),
        (answered.bp, rules.response_target_bp, rules.response_weight),
    )
    weighed = [(_points_bp(bp, target), weight) for bp, target, weight in parts if bp is not None]
    whole = sum(weight for _points, weight in weighed)
    score = None
    if whole:
        score = half_up(sum(points * weight for points, weight in weighed), whole * 100)
    return Card(shipped.bp, inspected.bp, answered.bp, score, grade_of(score, rules))


def _points_bp(rate_bp: int, target_bp: int) -> int:
    return max(0, FULL_RATE_BP - 5 * max(0, target_bp - rate_bp))


def grade_of(score: int | None, rules: Rules) -> str:
    """A, B or C; nothing without a score."""
    if score is None:
        return ""
    if score >= rules.grade_a_from:
        return "A"
    return "B" if score >= rules.grade_b_from else "C"


def warnings_of(card: Card, rules: Rules) -> dict[str, tuple[int, int]]:
    """The rates under their target: name -> (rate, target)."""
    rates = {
        "fulfilment": (card.fulfilment_bp, rules.fulfilment_target_bp),
        "quality": (card.quality_bp, rules.quality_target_bp),
        "response": (card.response_bp, rules.response_target_bp),
    }
    return {
        name: (rate, target)
        for name, (rate, target) in rates.items()
        if rate is not None and rate < target
    }
