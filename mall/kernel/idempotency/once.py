"""Running a verb at most once per key."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection

from mall.kernel.db import advisory_key, atomic_retry
from mall.kernel.failpoints import LOCKS_ARE_OFF, failpoint
from mall.kernel.idempotency.errors import InFlight, KeyInvalid, KeyRequired, KeyReused
from mall.kernel.idempotency.models import IdempotencyRecord

T = TypeVar("T")
KEPT = timedelta(days=7)
SHAPE = re.compile(r"[\x21-\x7e]{1,64}")


@dataclass(frozen=True, slots=True)
class Key:
    """Who asks for what under which key. ``body`` is the parsed request, compared by its hash."""

    account_id: int
    route: str
    value: str
    body: Any

    @classmethod
    def read(cls, *, account_id: int, route: str, value: str | None, body: Any) -> "Key":
        """Raises: KeyRequired, KeyInvalid."""
        if not value:
            raise KeyRequired
        if not SHAPE.fullmatch(value):
            raise KeyInvalid
        return cls(account_id, route, value, body)

    def request_hash(self) -> str:
        """A digest of the body; equal bodies in another key order are equal."""
        canonical = json.dumps(self.body, sort_keys=True, default=str, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door sends: status, JSON body, extra headers. ``replayed`` is True for a stored
    one."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    replayed: bool = False


def run_once(
    key: Key, *, verb: Callable[[], T], render: Callable[[T], Answer], at: datetime
) -> Answer:
    """Run ``verb`` and store ``render(result)`` under ``key``, or give the stored answer again.

    Opens the one outermost durable transaction, again after a deadlock. An exception stores
    nothing, so the same key may be sent again, corrected or not. Locks: an advisory lock of the
    key, before all row locks. Queries: 2 around the verb, 2 for a stored answer. Raises: InFlight,
    KeyReused, Busy after the third deadlock, and whatever the verb raises.
    """
    answer = _run(key, verb, render, at)
    failpoint("keyed.after_commit")
    return answer


@atomic_retry(durable=True)
def _run(key: Key, verb: Callable[[], T], render: Callable[[T], Answer], at: datetime) -> Answer:
    if not _claim(key, at):
        return _stored(key)
    answer = render(verb())
    assert 200 <= answer.status < 300, "only successes are stored"
    _keep(key, answer)
    failpoint("keyed.before_commit")
    return answer


def _claim(key: Key, at: datetime) -> bool:
    """Write the key's row, still without an answer; False when it has a row or somebody is at it.

    Whoever does not get the advisory lock writes nothing, so nobody waits at the unique index; what
    was committed a moment ago is seen by the index even where this statement's snapshot is older.
    """
    if LOCKS_ARE_OFF:
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {IdempotencyRecord._meta.db_table}
              (account_id, route, key, request_hash, status, body, headers, at)
            SELECT %s, %s, %s, %s, 0, 'null', '{{}}', %s
             WHERE pg_try_advisory_xact_lock(%s)
            ON CONFLICT (account_id, route, key) DO NOTHING
            RETURNING id
            """,  # noqa: S608 - the table's own name
            [
                *(key.account_id, key.route, key.value, key.request_hash(), at),
                advisory_key("idempotency", key.account_id, key.route, key.value),
            ],
        )
        return cursor.fetchone() is not None


def _keep(key: Key, answer: Answer) -> None:
    """Write the answer into the key's row."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {IdempotencyRecord._meta.db_table} SET status = %s, body = %s, headers = %s
             WHERE account_id = %s AND route = %s AND key = %s
            """,  # noqa: S608 - the table's own name
            [
                *(answer.status, json.dumps(answer.body), json.dumps(answer.headers)),
                *(key.account_id, key.route, key.value),
            ],
        )


def _stored(key: Key) -> Answer:
    """The answer that the key has earned. Raises: InFlight, KeyReused."""
    stored = IdempotencyRecord.objects.filter(
        account_id=key.account_id, route=key.route, key=key.value
    ).first()
    if stored is None:
        raise InFlight
    if stored.request_hash != key.request_hash():
        raise KeyReused
    return Answer(stored.status, stored.body, stored.headers, replayed=True)


def prune(at: datetime, limit: int = 10_000) -> int:
    """Delete records older than seven days, at most ``limit``; returns how many."""
    old = IdempotencyRecord.objects.filter(at__lt=at - KEPT).values("pk")[:limit]
    return IdempotencyRecord.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[
        0
    ]
