"""A gate in front of the database for flash sales: who comes when all is gone is told so at once.

It counts in Redis what the database has left, and is only ever asked whom to turn away: a lost,
late or wrong count costs time, never a piece. The count lives for seconds and is read from the
database again; without Redis everybody goes to the database, which decides alone. Source: P-19.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings

from promotions.errors import OfferBusy, OfferSoldOut
from promotions.models import ActivityItem, MemberTake

logger = logging.getLogger(__name__)

COUNT_LIVES_MS = 3_000
"""How long a place that nobody gave back (a killed process) can be missing."""
INSIDE_MS = 15_000
"""How long who was let in comes in again, so that a second click finds the first one's answer."""
MEMBER_TRIES, MEMBER_WINDOW_MS = 20, 10_000
SKU_ENTRIES, SKU_WINDOW_MS = 200, 1_000
"""How many orders for one SKU may go on to the database in a window."""
PATIENCE_SECONDS = 1
REST_SECONDS, SECOND_NS = 5, 10**9
"""How long Redis is left alone after it did not answer."""

ENTER = """
local function more_than(key, most, window)
  local tries = redis.call('INCR', key)
  if tries == 1 then redis.call('PEXPIRE', key, window) end
  return tries > tonumber(most)
end
local left, inside, member, sku = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local count = redis.call('GET', left)
if not count then return 'unknown' end
if more_than(member, ARGV[3], ARGV[4]) then return 'busy' end
if redis.call('EXISTS', inside) == 1 then return 'inside' end
if tonumber(count) < tonumber(ARGV[1]) then return 'gone' end
if more_than(sku, ARGV[5], ARGV[6]) then return 'busy' end
redis.call('DECRBY', left, ARGV[1])
redis.call('SET', inside, '1', 'PX', ARGV[2])
return 'in'
"""
LEAVE = """
redis.call('DEL', KEYS[2])
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('INCRBY', KEYS[1], ARGV[1]) end
"""


@dataclass(frozen=True, slots=True)
class FlashCounter:
    """The goods that are counted: one SKU in one flash sale."""

    campaign_id: int
    sku_id: int

    def key(self, name: str) -> str:
        """A key of Redis; the tag keeps all keys of one counter on one node."""
        return f"mall:flash:{{{self.campaign_id}:{self.sku_id}}}:{name}"


@dataclass(frozen=True, slots=True)
class FlashEntry:
    """Who wants how many pieces of what."""

    counter: FlashCounter
    member_id: int
    pieces: int

    @property
    def keys(self) -> list[str]:
        """What the scripts work on."""
        names = ("left", f"in:{self.member_id}", f"tries:{self.member_id}", "entries")
        return [self.counter.key(name) for name in names]


@contextmanager
def through_gate(entry: FlashEntry) -> Iterator[None]:
    """Do what is inside when there may be pieces left; whoever fails inside gives the place back.

    Who has pieces of these goods already is let through: the answer to a repeated request must not
    change. Queries: 0, 1 every few seconds, 1 when all is gone. Raises: OfferSoldOut, OfferBusy.
    """
    verdict = _enter(entry)
    if verdict == "busy":
        raise OfferBusy
    if verdict == "gone" and not _has_taken(entry):
        raise OfferSoldOut(left=0)
    done = False
    try:
        yield
        done = True
    finally:
        if verdict == "in" and not done:
            _ask(LEAVE, entry.keys[:2], [entry.pieces])


def forget(counter: FlashCounter) -> None:
    """Let the count be read from the database again: pieces came back."""
    client = _client()
    if client is None:
        return
    try:
        client.delete(counter.key("left"))
    except redis.RedisError as error:
        _give_rest(error)


def rest_no_longer() -> None:
    """Ask Redis again at once."""
    _resting["until"] = 0


def _enter(entry: FlashEntry) -> str:
    """What the gate says: in, inside, gone, busy; "away" when Redis does not answer."""
    limits = [INSIDE_MS, MEMBER_TRIES, MEMBER_WINDOW_MS, SKU_ENTRIES, SKU_WINDOW_MS]
    verdict = _ask(ENTER, entry.keys, [entry.pieces, *limits])
    if verdict != "unknown":
        return verdict
    left = _left(entry.counter)
    if left is None:
        return "unknown"
    client = _client()
    if client is None:
        return "away"
    try:
        client.set(entry.counter.key("left"), left, px=COUNT_LIVES_MS, nx=True)
    except redis.RedisError as error:
        _give_rest(error)
        return "away"
    return _ask(ENTER, entry.keys, [entry.pieces, *limits])


def _left(counter: FlashCounter) -> int | None:
    item = ActivityItem.objects.filter(campaign=counter.campaign_id, sku=counter.sku_id).first()
    return None if item is None else item.left


def _has_taken(entry: FlashEntry) -> bool:
    takes = MemberTake.objects.filter(
        item__campaign=entry.counter.campaign_id,
        item__sku=entry.counter.sku_id,
        member=entry.member_id,
    )
    return takes.exists()


_resting = {"until": 0}


def _client() -> "redis.Redis | None":
    """Redis, or None while it rests."""
    if time.monotonic_ns() < _resting["until"]:
        return None
    return _connected(settings.CACHE_URL)


@lru_cache(maxsize=4)
def _connected(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        decode_responses=True,
    )


def _ask(script: str, keys: list[str], arguments: list[Any]) -> str:
    client = _client()
    if client is None:
        return "away"
    try:
        return str(client.register_script(script)(keys=keys, args=arguments))
    except redis.RedisError as error:
        _give_rest(error)
        return "away"


def _give_rest(error: Exception) -> None:
    logger.warning("the gate of flash sales is away: %s", error)
    _resting["until"] = time.monotonic_ns() + REST_SECONDS * SECOND_NS
