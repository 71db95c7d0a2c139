"""How large a run is. Pure: no Django, no network."""

from __future__ import annotations

from dataclasses import dataclass

BROUGHT_IN = "brought-in"
"""The file that says how many products an import has brought in."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Products in the shop, buyers, orders of each kind, and seconds of pgbench."""

    products: int
    buyers: int
    orders: int
    long_orders: int
    whole_orders: int
    hot_buyers: int
    hot_pieces: int
    looks: int
    pgbench_seconds: int
    clients: int = 16
    lines: int = 20
    few_orders: int = 0
    """Orders of ``few_clients`` by themselves, then as many beside an import; 0 for none."""
    few_clients: int = 4
    imported: int = 0
    """Products in the file that is brought in meanwhile; it must not end before the orders do."""


FULL = Plan(
    products=10_000,
    buyers=96,
    orders=480,
    long_orders=96,
    whole_orders=128,
    hot_buyers=64,
    hot_pieces=200,
    looks=20,
    pgbench_seconds=6,
    few_orders=320,
    imported=20_000,
)
SHORT = Plan(
    products=300,
    buyers=32,
    orders=24,
    long_orders=8,
    whole_orders=8,
    hot_buyers=16,
    hot_pieces=20,
    looks=4,
    pgbench_seconds=1,
    clients=8,
    few_orders=8,
    imported=5_000,
)
