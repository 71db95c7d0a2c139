"""What the run promised, what it found, and what is said about it. Pure: no Django, no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the run is."""

    buyers: int
    skus: int
    units: int
    coupons: int
    at_once: int

    @property
    def pieces(self) -> int:
        """What can be sold in all."""
        return self.skus * self.units


@dataclass(frozen=True, slots=True)
class Answer:
    """How one request ended: status, code of a refusal, how long it took, when it was over."""

    status: int
    code: str
    seconds: float
    ended: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """What the buyers were told. ``orders`` are numbers by buyer, ``answers`` of the first asks."""

    orders: Mapping[int, str]
    answers: Sequence[Answer]
    claimed: int
    began: float
    strange: Sequence[str]

    @property
    def bought(self) -> list[Answer]:
        """Orders that were placed, as the buyer waited for them."""
        return [answer for answer in self.answers if answer.status == 201]

    @property
    def turned_away(self) -> list[Answer]:
        """Answers that all is gone."""
        return [answer for answer in self.answers if answer.code == "promotions.offer_sold_out"]

    @property
    def orders_per_second(self) -> float:
        """From the start of the sale to the last order."""
        return self._rate(self.bought)

    @property
    def answers_per_second(self) -> float:
        """From the start of the sale to the last answer, whatever it was."""
        return self._rate(self.answers)

    def _rate(self, answers: Sequence[Answer]) -> float:
        if not answers:
            return 0.0
        return len(answers) / max(answer.ended - self.began for answer in answers)


def broken_promises(plan: Plan, crowd: Crowd, books: Mapping[str, Any]) -> list[str]:
    """Every promise that did not hold, in words; none: the run is good.

    ``books`` is what the database says afterwards (`bench/flash/world.py`).
    """
    found = [
        _exactly("pieces sold", plan.pieces, books["sold"]),
        _exactly("pieces counted as taken", plan.pieces, books["taken"]),
        _exactly("coupons given out", plan.coupons, books["issued"]),
        _exactly("coupons that buyers were told they have", plan.coupons, crowd.claimed),
        _exactly("buyers with two live orders", 0, books["doubled"]),
        _exactly("used coupons that are not on exactly one live order", 0, books["stray_coupons"]),
        _exactly("orders that buyers know and the books do not", 0, len(_lost(crowd, books))),
        _exactly("orders of the books that no buyer knows", 0, len(_unknown(crowd, books))),
        _exactly("buyers without an answer", 0, len(crowd.strange)),
        *(f"{code}: {', '.join(rows)}" for code, rows in books["laws"].items()),
    ]
    return [complaint for complaint in found if complaint]


def summary(plan: Plan, crowd: Crowd, books: Mapping[str, Any], broken: Sequence[str]) -> str:
    """The run in one line."""
    return (
        f"flashsale {'BROKEN' if broken else 'ok'}: {plan.buyers} buyers,"
        f" {books['sold']}/{plan.pieces} sold, {crowd.claimed}/{plan.coupons} coupons claimed,"
        f" {books['used']} of them used, {books['checked']} laws {len(books['laws'])} broken;"
        f" {crowd.orders_per_second:.0f} orders/s, {crowd.answers_per_second:.0f} answers/s,"
        f" order p50 {_ms(crowd.bought, 50)} p95 {_ms(crowd.bought, 95)},"
        f" sold out p50 {_ms(crowd.turned_away, 50)} p95 {_ms(crowd.turned_away, 95)}"
    )


def told(answers: Iterable[Answer]) -> str:
    """How often each answer was given."""
    counted = Counter(f"{answer.status} {answer.code}".strip() for answer in answers)
    return ", ".join(f"{number} x {answer}" for answer, number in counted.most_common())


def percentile(values: Iterable[float], percent: int) -> float:
    """The value that so many per cent do not pass; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] if ordered else 0.0


def _ms(answers: Iterable[Answer], percent: int) -> str:
    return f"{percentile((answer.seconds for answer in answers), percent) * 1000:.0f} ms"


def _exactly(what: str, wanted: int, found: int) -> str:
    return "" if wanted == found else f"{what}: {found} instead of {wanted}"


def _lost(crowd: Crowd, books: Mapping[str, Any]) -> set[str]:
    return set(crowd.orders.values()) - set(books["orders"])


def _unknown(crowd: Crowd, books: Mapping[str, Any]) -> set[str]:
    return set(books["orders"]) - set(crowd.orders.values())
