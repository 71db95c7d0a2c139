"""Locks in one order, retries in one place.

The order over models is written in docs/locks.md; within a model rows are locked by pk. Lock
time-outs are set on the connection (settings.DATABASES): a rogue session costs a ``Busy``, never a
hang.
"""

import functools
import hashlib
import random
import time
from collections.abc import Callable
from typing import ParamSpec, Self, TypeVar

from django.db import OperationalError, connection, models, transaction
from django.db.utils import DatabaseError, InterfaceError

from mall.kernel.errors import Busy
from mall.kernel.failpoints import LOCKS_ARE_OFF

P = ParamSpec("P")
R = TypeVar("R")

SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
LOCK_NOT_AVAILABLE = "55P03"
QUERY_CANCELED = "57014"
RETRIED = frozenset({SERIALIZATION_FAILURE, DEADLOCK_DETECTED})
BUSY = frozenset({LOCK_NOT_AVAILABLE, QUERY_CANCELED}) | RETRIED


class LockableQuerySet(models.QuerySet):
    """A queryset whose rows can be locked in pk order."""

    def locked(self) -> Self:
        """Lock in pk order (docs/locks.md). Evaluate it: a lazy queryset locks nothing."""
        if LOCKS_ARE_OFF:
            return self.order_by("pk")
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


def pg_code(error: BaseException) -> str | None:
    """The SQLSTATE behind a Django database error, whichever driver raised it."""
    cause = error.__cause__
    return getattr(cause, "pgcode", None) or getattr(cause, "sqlstate", None)


def atomic_retry(
    attempts: int = 3, *, durable: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run a verb in its own transaction, again on a deadlock or serialization failure.

    Inside an open transaction it only opens a savepoint: the outermost owner retries; ``durable``
    ones refuse to be inside of one. Never put it around a call to a provider. Raises: Busy when
    locks or attempts run out.
    """

    def decorate(verb: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(verb)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            nested = transaction.get_connection().in_atomic_block
            for attempt in range(1, attempts + 1):
                try:
                    with transaction.atomic(durable=durable):
                        return verb(*args, **kwargs)
                except OperationalError as error:
                    code = pg_code(error)
                    if nested or code not in BUSY:
                        raise
                    if attempt == attempts or code not in RETRIED:
                        raise Busy from error
                    time.sleep(random.uniform(0.005, 0.03) * attempt)  # noqa: S311 - jitter, no secret
            raise AssertionError("unreachable")

        return wrapped

    return decorate


def advisory_key(*parts: object) -> int:
    """A stable signed 64-bit key for pg_try_advisory_xact_lock()."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def advisory_lock(*parts: object, shared: bool = False) -> None:
    """Wait for the lock named by ``parts``, held until the transaction ends: for what has no
    row. Who takes it ``shared`` waits only for one who takes it alone."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [advisory_key(*parts)])  # noqa: S608 - one of two


def is_busy(error: BaseException) -> bool:
    """True for a database error that says "try again": locks, time-outs, a lost connection."""
    if isinstance(error, InterfaceError):
        return True
    if isinstance(error, OperationalError):
        code = pg_code(error)
        return code is None or code in BUSY or code.startswith(("08", "57P", "53"))
    return isinstance(error, DatabaseError) and pg_code(error) in BUSY


def is_away(error: BaseException) -> bool:
    """True for a database error that leaves nothing to ask: no connection, no memory, no disk."""
    return isinstance(error, DatabaseError) and is_busy(error) and pg_code(error) not in BUSY
