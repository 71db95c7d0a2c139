"""The machine: every rule of the shop in one life, and how long it is let run."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from mall.kernel.outbox import relay_paused
from orders.services import cashier_kept_open
from orders.testing import NOON
from orders.tests.machine.buying import Buying
from orders.tests.machine.fulfilling import Fulfilling
from orders.tests.machine.life import Life
from orders.tests.machine.operating import Operating
from orders.tests.machine.returning import Returning
from orders.tests.machine.shop import open_shop

STEPS_A_LIFE = 50
SWEEP_EVERY = 20
"""Lives after which what they left behind is swept out: rolled back, it still fills pages."""


@dataclass(frozen=True)
class Figures:
    """What a run did."""

    lives: int
    steps: int
    fired: Counter[str]


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
    with cashier_kept_open(), relay_paused():
        while Machine.looks["steps"] < steps:  # a life with much to draw ends a little early
            how = _settings(steps - Machine.looks["steps"])
            run_state_machine_as_test(seed(number + rounds)(Machine), settings=how)
            rounds += 1
    return figures_of(Machine)


def _settings(steps: int) -> settings:
    """Nothing is shrunk: the fifty deeds that parted them are printed, and the seed repeats it."""
    return settings(
        max_examples=-(-steps // STEPS_A_LIFE),
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
