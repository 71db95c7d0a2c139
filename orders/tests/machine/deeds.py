"""Deeds of the machine: what may be done when, how often, and what was done.

Hypothesis chooses a rule at random from all that it may; clock rules, which always may, would then
crowd out everything else. And what it draws it likes to draw again, which finds short examples but
leaves half of a shop asleep. So the machine has one rule that gets a number, and from the number
and the step it throws dice: one deed of those that make sense in the shop as it is, by weight (what
was done often in this life comes less often), and everything that the deed needs.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., None])
T = TypeVar("T")
Throw = Callable[[Random], Any]
UNFIT_EVERY = 12
"""How often a deed is tried on something it does not fit, to see it refused."""


def one_of(*values: Any) -> Throw:
    return lambda dice: dice.choice(values)


def between(least: int, most: int) -> Throw:
    return lambda dice: dice.randint(least, most)


def several(number: int, throw: Throw) -> Throw:
    return lambda dice: tuple(throw(dice) for _one in range(number))


def some_of(keys: Sequence[int], throw: Throw) -> Throw:
    """A mapping of at least one of the keys."""
    return lambda dice: {
        key: throw(dice) for key in sorted(dice.sample(keys, dice.randint(1, len(keys))))
    }


nth, yes_or_no = between(0, 1_023), one_of(True, False)


@dataclass(frozen=True)
class Deed:
    """One thing to do; ``may`` says whether it makes sense in this life now."""

    name: str
    often: float
    may: Callable[[Any], Any]
    takes: dict[str, Throw]

    def weight(self, done: Counter[str]) -> float:
        return self.often / (1 + done[self.name])


def always(_life: Any) -> bool:
    return True


def deed(often: float, *, may: Callable[[Any], Any] = always, **takes: Throw) -> Callable[[F], F]:
    """Mark a method of a life as something that may be done."""

    def mark(method: F) -> F:
        method.deed = Deed(method.__name__, often, may, takes)  # type: ignore[attr-defined]
        return method

    return mark


def deeds_of(kind: type) -> tuple[Deed, ...]:
    """All that was marked in a class and what it inherits from, by name."""
    methods = [getattr(kind, name) for name in dir(kind)]
    return tuple(method.deed for method in methods if hasattr(method, "deed"))


def choose(deeds: Sequence[Deed], done: Counter[str], dice: Random) -> Deed:
    """One by weight."""
    return dice.choices(deeds, [one.weight(done) for one in deeds])[0]


def pick(n: int, pool: Sequence[T], fits: Callable[[T], Any]) -> T:
    """The n-th that fits; now and then, or when none does, any."""
    fitting = [one for one in pool if fits(one)]
    chosen = fitting if fitting and not is_unfit(n) else pool
    return chosen[n // UNFIT_EVERY % len(chosen)]


def is_unfit(n: int) -> bool:
    return n % UNFIT_EVERY == UNFIT_EVERY - 1
