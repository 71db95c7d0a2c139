"""How large a run is, which faults it fires and when. Pure: the seed decides everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

FIRST_SHARE, LAST_SHARE = 0.03, 0.80
"""Faults fire while this part of the orders is being placed; the rest of the run is calm."""


class Kind(StrEnum):
    """What can be done to a mall."""

    KILL_WEB = "kill_web"
    """One process of the web server, kill -9."""
    KILL_WEB_MASTER = "kill_web_master"
    KILL_WORKER_CHILD = "kill_worker_child"
    KILL_WORKER = "kill_worker"
    """The whole task worker, kill -9."""
    KILL_BEAT = "kill_beat"
    FAILPOINT = "failpoint"
    """Whoever passes the named place next dies there (`mall/kernel/failpoints.py`)."""
    STOP_REDIS = "stop_redis"
    FLUSH_REDIS = "flush_redis"
    RESTART_POSTGRES = "restart_postgres"
    """`pg_ctl restart -m immediate`: recovery from the log."""
    TERMINATE_BACKENDS = "terminate_backends"
    LATENCY = "latency"
    BLACKHOLE = "blackhole"
    RESET = "reset"
    HALF_CLOSE = "half_close"


TOXICS = frozenset({Kind.LATENCY, Kind.BLACKHOLE, Kind.RESET, Kind.HALF_CLOSE})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: ``target`` is a line of the proxy or a failpoint; it fires once ``after`` orders
    are placed and lasts ``seconds``."""

    kind: Kind
    target: str = ""
    seconds: float = 0.0
    after: int = 0

    def __str__(self) -> str:
        return f"{self.kind}:{self.target}" if self.target else str(self.kind)


@dataclass(frozen=True, slots=True)
class Manners:
    """How often, in per cent, the providers misbehave."""

    duplicated: int = 30
    late: int = 10
    reordered: int = 10
    lost: int = 5
    forged: int = 5
    refund_cut: int = 5
    """A refund is done and the line cut before the answer."""
    refund_notice_lost: int = 5
    late_seconds: tuple[float, float] = (5.0, 90.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a run is."""

    orders: int
    buyers: int
    at_once: int
    skus: int
    faults: tuple[Fault, ...]
    manners: Manners = field(default_factory=Manners)
    drain_seconds: int = 120
    most_seconds: int = 28 * 60
    """Buyers who are not done by then have failed."""
    stampedes: int = 0
    """Rounds in which several clients do the same thing at the same instant."""
    first_errand: int = 0
    """Errands are numbered from here on: their number is their key."""


def _many(kind: Kind, number: int, target: str = "", seconds: float = 0.0) -> list[Fault]:
    return [Fault(kind, target, seconds)] * number


FULL_FAULTS = (
    *_many(Kind.KILL_WEB, 7),
    *_many(Kind.KILL_WEB_MASTER, 2),
    *_many(Kind.KILL_WORKER_CHILD, 4),
    *_many(Kind.KILL_WORKER, 2),
    *_many(Kind.KILL_BEAT, 2),
    *(
        Fault(Kind.FAILPOINT, name)
        for name in (
            "checkout.after_order",
            "checkout.after_stock",
            "keyed.before_commit",
            "keyed.after_commit",
            "keyed.after_commit",
            "payment.before_provider",
            "notice.before_commit",
            "notice.after_commit",
            "notice.after_commit",
            "close.after_provider",
            "refund.after_provider",
            "refund.after_provider",
            "refund.before_commit",
            "outbox.before_nudge",
            "outbox.before_commit",
            "outbox.before_commit",
            "worker.before_task",
            "worker.after_task",
            "beat.before_send",
        )
    ),
    *_many(Kind.STOP_REDIS, 3, seconds=8),
    *_many(Kind.FLUSH_REDIS, 5),
    *_many(Kind.RESTART_POSTGRES, 3),
    *_many(Kind.TERMINATE_BACKENDS, 6),
    *_many(Kind.LATENCY, 1, "postgres", 5),
    *_many(Kind.BLACKHOLE, 1, "postgres", 4),
    *_many(Kind.RESET, 2, "postgres", 1),
    *_many(Kind.LATENCY, 1, "redis", 5),
    *_many(Kind.BLACKHOLE, 2, "redis", 5),
    *_many(Kind.RESET, 2, "redis", 1),
    *_many(Kind.LATENCY, 2, "provider", 6),
    *_many(Kind.BLACKHOLE, 2, "provider", 8),
    *_many(Kind.RESET, 2, "provider", 3),
    *_many(Kind.HALF_CLOSE, 2, "provider"),
)
SHORT_FAULTS = (
    Fault(Kind.KILL_WEB),
    Fault(Kind.KILL_WORKER_CHILD),
    Fault(Kind.KILL_BEAT),
    Fault(Kind.FAILPOINT, "keyed.after_commit"),
    Fault(Kind.FAILPOINT, "notice.after_commit"),
    Fault(Kind.FAILPOINT, "outbox.before_commit"),
    Fault(Kind.STOP_REDIS, seconds=2),
    Fault(Kind.FLUSH_REDIS),
    Fault(Kind.RESTART_POSTGRES),
    Fault(Kind.TERMINATE_BACKENDS),
    Fault(Kind.RESET, "redis", 1),
    Fault(Kind.BLACKHOLE, "provider", 2),
)

FULL = Plan(orders=10_000, buyers=60, at_once=8, skus=40, faults=FULL_FAULTS)
SHORT = Plan(
    orders=500,
    buyers=24,
    at_once=8,
    skus=12,
    faults=SHORT_FAULTS,
    manners=Manners(refund_cut=2, refund_notice_lost=0, late_seconds=(2.0, 10.0)),
)
CONTROL = Plan(
    orders=20,
    buyers=SHORT.buyers,
    at_once=8,
    skus=SHORT.skus,
    faults=(),
    drain_seconds=5,
    stampedes=8,
    first_errand=10_000_000,
)
"""Small, without a fault, in the mall of the run with its locks off: it has to be found out."""


def schedule(plan: Plan, seed: int) -> list[Fault]:
    """The faults in the order they fire, spread over the orders of the run."""
    chance = Random(seed)  # noqa: S311 - repeatable on purpose
    faults = list(plan.faults)
    chance.shuffle(faults)
    first, last = plan.orders * FIRST_SHARE, plan.orders * LAST_SHARE
    step = (last - first) / max(len(faults), 1)
    return [
        Fault(fault.kind, fault.target, fault.seconds, int(first + step * (n + chance.random())))
        for n, fault in enumerate(faults)
    ]


def by_kind(faults: list[Fault]) -> Mapping[str, int]:
    """How many faults of each kind."""
    return dict(sorted(Counter(str(fault.kind) for fault in faults).items()))
