"""One life of the shop: a real one in a transaction that is undone, and the same on paper."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mall.kernel.balances import compare
from mall.kernel.errors import ShopError
from mall.kernel.invariants import audit
from mall.kernel.outbox import relay_batch
from mall.kernel.outbox.models import OutboxEvent
from orders.services import deliver_late_notices
from orders.testing import NOON
from orders.tests.machine.facts import Case, Order, Payment
from orders.tests.machine.model import NOTICE_SECONDS
from orders.tests.machine.shop import Shop, broken_laws, described, look

T = TypeVar("T")
nth = st.integers(0, 63)
WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (10, 30, 300, 1_900, 86_400, 4 * 86_400, 11 * 86_400)
)
UNFIT_EVERY = 8
"""How often a rule is tried on something it does not fit, to see it refused."""


class Life(RuleBasedStateMachine):
    """What all rules need: the two shops, the clock, and a way to do a thing in both."""

    shop: ClassVar[Shop]
    fired: ClassVar[Counter[str]]
    looks: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.model = self.shop.model()
        self.at = NOON
        self.serial = 0
        self.is_sound, self.has_begun = True, False
        self.looks["lives"] += 1
        self.on_the_way: list[tuple[datetime, Order, Payment, str]] = []
        deliver_late_notices(NOON + timedelta(days=36_500))  # of lives before

    def attempt(self, deed: str, allowed: bool, verb: Callable[[], T]) -> T | None:
        """Do it in the real shop: refused exactly when the model says so."""
        self.is_sound = False
        answer, refusal = None, None
        try:
            answer = verb()
        except ShopError as error:
            refusal = error
        assert allowed or refusal, f"{deed} is not allowed, yet it was done"
        assert not (allowed and refusal), f"{deed} is allowed, yet {refusal.code}: {refusal}"
        self.fired[f"{deed}, refused" if refusal else deed] += 1
        return answer

    def number(self, prefix: str) -> str:
        """A number of this life that was not used yet."""
        self.serial += 1
        return f"{prefix}{self.serial:06}"

    @property
    def orders(self) -> list[Order]:
        return self.model.orders

    @property
    def cases(self) -> list[Case]:
        return [case for order in self.orders for case in order.cases]

    def order_where(self, n: int, fits: Callable[[Order], Any]) -> Order:
        """One that fits; now and then one that does not."""
        return pick(n, self.orders, fits)

    def case_where(self, n: int, fits: Callable[[Case], Any]) -> Case:
        return pick(n, self.cases, fits)

    @rule(how_long=st.sampled_from(WAITS))
    def wait(self, how_long: timedelta) -> None:
        """Nothing happens but time."""
        self.at += how_long
        self.fired["wait"] += 1

    @rule()
    def late_notices_arrive(self) -> None:
        """Notices that were held back; too old ones are not believed."""
        self.attempt("late notices", True, lambda: deliver_late_notices(self.at))
        due = [one for one in self.on_the_way if one[0] + timedelta(seconds=20) <= self.at]
        for sealed_at, order, payment, word in due:
            self.on_the_way.remove((sealed_at, order, payment, word))
            if self.at - sealed_at <= timedelta(seconds=NOTICE_SECONDS):
                self.model.hear(order, payment, word, self.at)

    @rule()
    def relay(self) -> None:
        """The outbox is emptied; what listens changes nothing that the model knows."""
        self.attempt("relay", True, self.drain)

    def drain(self) -> None:
        while relay_batch(self.at):
            pass
        assert not list(OutboxEvent.objects.exclude(last_error="").values_list("last_error"))

    @invariant()
    def every_step(self) -> None:
        """Looked at when it begins, and after every step."""
        self.both_shops_are_alike()
        self.looks["steps"] += self.has_begun
        self.has_begun = True

    def both_shops_are_alike(self) -> None:
        """Statuses, sums and balances, and the cheap laws."""
        real, paper = look(), described(self.model)
        for what, expected in paper.items():
            assert real[what] == expected, f"{what}: {difference(real[what], expected)}"
        assert not broken_laws()
        self.is_sound = True

    def settle_up(self) -> None:
        """What waits for a person is done before the judge comes; `Returning` has refunds."""

    def teardown(self) -> None:
        """All laws, and every balance against its ledger; then it has never been."""
        try:
            if self.is_sound:
                self.settle_up()
                self.drain()
                broken = [found for _law, found in audit() if found]
                assert not broken, broken
                differing = [one for one in compare() if one.differing]
                assert not differing, differing
                self.both_shops_are_alike()
        finally:
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)


def pick(n: int, pool: Sequence[T], fits: Callable[[T], Any]) -> T:
    """The n-th that fits; now and then, or when none does, any."""
    fitting = [one for one in pool if fits(one)]
    chosen = fitting if fitting and n % UNFIT_EVERY else pool
    return chosen[n % len(chosen)]


def difference(real: Any, paper: Any) -> str:
    """What is not alike, short enough to read."""
    if isinstance(real, dict) and isinstance(paper, dict):
        keys = sorted(key for key in {*real, *paper} if real.get(key) != paper.get(key))
        return "; ".join(f"{key} is {real.get(key)}, should be {paper.get(key)}" for key in keys)
    return f"is {real}, should be {paper}"
