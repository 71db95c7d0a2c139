"""The machine: every rule of the shop in one life, and how long it is let run."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from mall.kernel.outbox import relay_paused
from orders.services import Fault
from orders.testing import NOON
from orders.tests.machine.buying import Buying
from orders.tests.machine.fulfilling import Fulfilling
from orders.tests.machine.life import Life
from orders.tests.machine.operating import Operating
from orders.tests.machine.returning import Returning
from orders.tests.machine.shop import open_shop

STEPS_A_LIFE, LIVES_A_ROUND = 50, 2
"""Hypothesis varies what it had before; so a round is short, and its dice have a salt of their
own."""
SWEEP_EVERY = 20
"""Lives after which what they left behind is swept out: rolled back, it still fills pages."""
CORE = (
    "place",
    "reprice",
    "change address",
    "cashier, well",
    "begin wallet payment",
    "time out",
    "cancel",
    "ship all",
    "ship part",
    "sign",
    "receive",
    "complete",
    "ask refund_only",
    "ask return_refund",
    "ask exchange",
    "approve refund_only",
    "approve return_refund",
    "approve exchange",
    "inspect",
    "refund case",
    "send replacement",
    "send refunds",
    "compensate",
    "count stock",
    "send transfer",
)
"""What even the short form must have done at least once."""
KINDS = (
    *CORE,
    *(f"cashier, {how}" for how in ("refusal", *Fault)),
    *("wallet", "late notices", "money after closing", "ask about payments"),
    *("cancel paid", "close by shop", "close by shop paid", "pass check", "reject check"),
    *("receive by the clock", "settle closed", "refuse case", "withdraw case", "expire cases"),
    *("send back", "send refunds, refusing", "send refunds, away", "send refunds, unheard"),
    *("refunds given up", "send refund again", "receive stock", "receive transfer"),
    *("transfer, turn back", "transfer, lose", "relay", "wait"),
)
"""What a long run must have done often."""


@dataclass(frozen=True)
class Figures:
    """What a run did."""

    lives: int
    steps: int
    fired: Counter[str]

    def fewer_than(self, floor: int, kinds: Sequence[str]) -> dict[str, int]:
        """The kinds of deeds that were done too seldom to prove anything."""
        return {kind: self.fired[kind] for kind in kinds if self.fired[kind] < floor}


class ShopMachine(Buying, Fulfilling, Returning, Operating):
    """Orders, money, parcels, returns and stock, in any order that can be thought of."""


def run(
    *, steps: int, number: int, tell: Callable[[Figures], None] = lambda _so_far: None
) -> Figures:
    """Let the machine take ``steps`` steps with the seed ``number``; raises what diverges.

    The shop is made once and committed; each life is a transaction that is undone. ``tell`` hears
    now and then how far it is.
    """

    class Machine(ShopMachine):
        shop = open_shop(NOON)
        fired = Counter()
        looks = Counter()

        def __init__(self) -> None:
            if self.looks["lives"] % SWEEP_EVERY == 0:
                tell(figures_of(type(self)))
                with connection.cursor() as cursor:
                    cursor.execute("SET jit = off")  # the laws are many small queries
                    cursor.execute("VACUUM (SKIP_LOCKED, ANALYZE)")
            super().__init__()

    rounds = 0
    with relay_paused():
        while Machine.looks["steps"] < steps:
            Machine.salt = f"{number}/{rounds}"
            run_state_machine_as_test(seed(number)(Machine), settings=_settings())
            rounds += 1
    return figures_of(Machine)


def _settings() -> settings:
    """Nothing is shrunk: the fifty deeds that parted them are printed, and the seed repeats it."""
    return settings(
        max_examples=LIVES_A_ROUND,
        stateful_step_count=STEPS_A_LIFE,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
        report_multiple_bugs=False,
    )


def figures_of(machine: type[Life]) -> Figures:
    """What all its lives so far did."""
    return Figures(machine.looks["lives"], machine.looks["steps"], machine.fired)
