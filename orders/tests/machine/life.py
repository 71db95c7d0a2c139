"""One life of the shop: a real one in a transaction that is undone, and the same on paper."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mall.kernel.balances import compare
from mall.kernel.errors import ShopError
from mall.kernel.invariants import audit
from mall.kernel.outbox import relay_batch
from mall.kernel.outbox.models import OutboxEvent
from orders.services import deliver_late_notices
from orders.testing import NOON
from orders.tests.machine.deeds import Deed, choose, deed, deeds_of, one_of, pick
from orders.tests.machine.facts import Case, Order, Payment
from orders.tests.machine.model import NOTICE_SECONDS
from orders.tests.machine.shop import Shop, broken_laws, described, judge_deferred, look

T = TypeVar("T")
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 300, 1_900, 86_400, 4 * 86_400))
LAWS_EVERY = 10
"""Steps after which the cheap laws are held; statuses and sums are compared after each."""


class Life(RuleBasedStateMachine):
    """What all rules need: the two shops, the clock, and a way to do a thing in both."""

    shop: ClassVar[Shop]
    fired: ClassVar[Counter[str]]
    looks: ClassVar[Counter[str]]
    deeds: ClassVar[tuple[Deed, ...]]
    salt: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.deeds = deeds_of(cls)

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.model = self.shop.model()
        self.at = NOON
        self.serial = 0
        self.done: Counter[str] = Counter()
        self.is_sound, self.has_begun = True, False
        self.looks["lives"] += 1
        self.on_the_way: list[tuple[datetime, Order, Payment, str]] = []
        deliver_late_notices(NOON + timedelta(days=36_500))  # of lives before

    @rule(number=st.integers(0, 2**32 - 1))
    def step(self, number: int) -> None:
        """One deed of those that make sense now."""
        dice = Random(f"{self.salt} {number} {self.done.total()}")  # noqa: S311 - no secret hangs on it
        chosen = choose([one for one in self.deeds if one.may(self)], self.done, dice)
        takes = {name: throw(dice) for name, throw in chosen.takes.items()}
        note(f"{self.at:%d %H:%M:%S} {chosen.name} {takes}")
        getattr(self, chosen.name)(**takes)
        self.done[chosen.name] += 1

    def attempt(self, name: str, allowed: bool, verb: Callable[[], T]) -> T | None:
        """Do it in the real shop: refused exactly when the model says so."""
        self.is_sound = False
        answer, refusal = None, None
        try:
            answer = verb()
        except ShopError as error:
            refusal = error
        assert allowed or refusal, f"{name} is not allowed, yet it was done"
        assert not (allowed and refusal), f"{name} is allowed, yet {refusal.code}: {refusal}"
        self.fired[f"{name}, refused" if refusal else name] += 1
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

    @deed(0.6, how_long=one_of(*WAITS))
    def wait(self, how_long: timedelta) -> None:
        """Nothing happens but time."""
        self.at += how_long
        self.fired["wait"] += 1

    @deed(5, may=lambda self: self.on_the_way, seconds=one_of(25, 25, 25, 0, 400))
    def late_notices_arrive(self, seconds: int) -> None:
        """Notices that were held back; too old ones are not believed."""
        self.at += timedelta(seconds=seconds)
        self.attempt("late notices", True, lambda: deliver_late_notices(self.at))
        due = [one for one in self.on_the_way if one[0] + timedelta(seconds=20) <= self.at]
        for sealed_at, order, payment, word in due:
            self.on_the_way.remove((sealed_at, order, payment, word))
            if self.at - sealed_at <= timedelta(seconds=NOTICE_SECONDS):
                self.model.hear(order, payment, word, self.at)

    @deed(0.6)
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
        self.looks["steps"] += self.has_begun
        self.has_begun = True
        judge_deferred()
        self.both_shops_are_alike()
        broken = broken_laws() if self.done.total() % LAWS_EVERY == 0 else []
        self.is_sound = not broken
        assert not broken

    def both_shops_are_alike(self) -> None:
        """Statuses, sums and balances."""
        real, paper = look(), described(self.model)
        for what, expected in paper.items():
            assert real[what] == expected, f"{what}: {difference(real[what], expected)}"
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


def difference(real: Any, paper: Any) -> str:
    """What is not alike, short enough to read."""
    if isinstance(real, dict) and isinstance(paper, dict):
        keys = sorted(key for key in {*real, *paper} if real.get(key) != paper.get(key))
        return "; ".join(f"{key} is {real.get(key)}, should be {paper.get(key)}" for key in keys)
    return f"is {real}, should be {paper}"
