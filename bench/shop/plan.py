"""How large a run is, and what is asked in it. Pure: no Django, no network."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes of the shop, seconds for each thing asked, clients at once."""

    sizes: tuple[int, ...]
    seconds: float
    clients: int = 16
    categories: int = 30
    spread: int = 50
    """So many different products, categories and words are asked, one after the other."""
    peer_sizes: tuple[int, ...] = ()
    """At these sizes django-oscar is asked the same."""


FULL = Plan(sizes=(1_000, 10_000, 100_000), seconds=4.0, peer_sizes=(1_000, 10_000))
SHORT = Plan(sizes=(60,), seconds=0.4, clients=4, categories=3, spread=6)


@dataclass(frozen=True, slots=True)
class Goal:
    """What performance.md asks of one thing, as shares of H; None where it asks nothing."""

    name: str
    cached: float | None
    uncached: float | None


ADD = "add to cart"
GOALS = (
    Goal("home", 0.30, None),
    Goal("category", 0.35, 0.06),
    Goal("product", 0.35, 0.06),
    Goal("search", None, 0.08),
    Goal("list API", 0.45, 0.15),
    Goal("detail API", 0.45, 0.12),
    Goal(ADD, None, 0.06),
)
COST_AT_MOST = 1.5
"""What a request may cost at 100,000 products, of what it costs at 1,000."""
