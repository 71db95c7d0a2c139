"""Real races on real connections, and the means to prove that a lock matters.

Every race test is a pair: the real one, and its control with the lock switched off, which must
fail.
Source: reliability.md 0.1 (pretix, Saleor). Use with ``@pytest.mark.django_db(transaction=True)``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any, Self
from unittest.mock import patch

from django.db import connection, connections
from django.db.models import QuerySet

from mall.kernel.db.locking import LockableQuerySet

WAIT_SECONDS = 30
MOMENT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of a stampede: results of the winners, errors of the others."""

    results: Sequence[Any]
    errors: Sequence[Exception]

    def only(self, error_class: type[Exception] | tuple[type[Exception], ...]) -> bool:
        """True when every loser lost by ``error_class``, or one of several."""
        return all(isinstance(error, error_class) for error in self.errors)


def stampede(
    contenders: int, run: Callable[[int], Any], *, connections_at_most: int | None = None
) -> Outcomes:
    """Call ``run(0)`` .. ``run(contenders - 1)`` at the same instant, each on a connection of its
    own; of more contenders than ``connections_at_most`` so many at a time, as a pool would let in.

    A barrier releases the first of them after every thread has connected. All of them share one
    interpreter, so a contender waits longer for a row than a request of the shop may: what is
    judged is who wins, not how fast. Collects results and exceptions.
    """
    at_once = min(contenders, connections_at_most or contenders)
    barrier = threading.Barrier(at_once)

    def contend(number: int) -> tuple[Any, Exception | None]:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '60s'")
            if number < at_once:
                barrier.wait(WAIT_SECONDS)
            return run(number), None
        except Exception as error:  # noqa: BLE001 - the test looks at what was raised
            return None, error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=at_once) as pool:
        answers = list(pool.map(contend, range(contenders)))
    return Outcomes(
        results=[result for result, error in answers if error is None],
        errors=[error for _result, error in answers if error is not None],
    )


@contextmanager
def without_locks() -> Iterator[None]:
    """Switch ``LockableQuerySet.locked()`` off: the control of a race test."""

    def unlocked(self: LockableQuerySet) -> LockableQuerySet:
        return self.order_by("pk")

    with patch.object(LockableQuerySet, "locked", unlocked):
        yield


@contextmanager
def without_claims() -> Iterator[None]:
    """Switch every row lock off, also that of workers who pass over what another one holds
    (``SKIP LOCKED``): the control of a race of workers."""

    def unclaimed(self: QuerySet[Any], **_options: Any) -> QuerySet[Any]:
        return self.all()

    with without_locks(), patch.object(QuerySet, "select_for_update", unclaimed):
        yield


@contextmanager
def all_read_before_any_writes(
    target: str, contenders: int, *, or_a_lock_holds_them: bool = False
) -> Iterator[None]:
    """Hold every caller of ``target`` (dotted path of a function or method) behind its return until
    ``contenders`` have come.

    Widens a read-decide-write window to certainty, so that a control does not depend on luck: it
    is an error when they do not all come. With locks on, the others may wait for the winner's lock
    instead: the hold gives up after a moment where that is said.
    """
    gate = _Gate(contenders, MOMENT_SECONDS if or_a_lock_holds_them else WAIT_SECONDS)
    with _wrapped(target, after=gate.wait):
        yield
    assert or_a_lock_holds_them or not gate.left, f"{gate.left} never came to {target}"


class _Gate:
    """A barrier that opens for good after all have come or the first has waited long enough."""

    def __init__(self, contenders: int, patience_seconds: float) -> None:
        self.left = contenders
        self.patience_seconds = patience_seconds
        self.open = threading.Event()
        self.mutex = threading.Lock()

    def wait(self) -> None:
        if self.open.is_set():
            return
        with self.mutex:
            self.left -= 1
            if self.left <= 0:
                self.open.set()
        self.open.wait(self.patience_seconds)
        self.open.set()


class Rival:
    """Fires a competing action exactly once at a named point; ``fired`` says whether it did."""

    def __init__(self, action: Callable[[], Any]) -> None:
        self.action = action
        self.fired = False
        self.error: Exception | None = None

    def __call__(self) -> None:
        if self.fired:
            return
        self.fired = True
        thread = threading.Thread(target=self._act)
        thread.start()
        thread.join(WAIT_SECONDS)

    def _act(self) -> None:
        try:
            self.action()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.error = error
        finally:
            connections.close_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        assert self.fired, "the rival never came: the named point was not passed"


@contextmanager
def rival_before(target: str, action: Callable[[], Any]) -> Iterator[Rival]:
    """Run ``action`` once, on a connection of its own, right before the first call of
    ``target``."""
    with Rival(action) as rival, _wrapped(target, before=rival):
        yield rival


@contextmanager
def rival_after(target: str, action: Callable[[], Any]) -> Iterator[Rival]:
    """Run ``action`` once, on a connection of its own, right after the first call of ``target``."""
    with Rival(action) as rival, _wrapped(target, after=rival):
        yield rival


@contextmanager
def _wrapped(
    target: str, before: Callable[[], None] | None = None, after: Callable[[], None] | None = None
) -> Iterator[None]:
    owner, name = target.rsplit(".", 1)
    original = getattr(resolve_name(owner), name)

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if before:
            before()
        result = original(*args, **kwargs)
        if after:
            after()
        return result

    with patch(target, wrapper):
        yield
