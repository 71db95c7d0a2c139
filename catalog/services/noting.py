"""Searches and clicks on their way to the log, through a list in Redis: no page pays a statement.

``catalog.services.write_noted`` makes rows of them. It is a log, not a ledger: without Redis what
would be noted is let go, and a crash may lose what was taken out last. Source: C-53..C-55.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings

from catalog.models.search import LONGEST_QUERY, SESSION_LENGTH
from catalog.search import query_key
from catalog.tokens import normalize
from mall.kernel import clock
from mall.kernel.resting import Rest

logger = logging.getLogger(__name__)

BUFFER = "catalog:noted"
MOST_WAITING = 50_000
"""What nobody takes out (no worker runs) does not grow beyond this."""
BATCH = 1_000
PATIENCE_SECONDS = 0.2
REST = Rest(seconds=5.0)


@dataclass(frozen=True, slots=True)
class Search:
    """A search as a page or the API answered it."""

    query: str
    found: int
    language: str
    session: str
    words: Sequence[str] = ()
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class Click:
    """A product that was opened from the results of the search with this key."""

    key: str
    product_id: int
    position: int
    session: str


def session_mark(who: str, at: datetime) -> str:
    """Tells the visitors of a day apart, and nothing more: tomorrow it is another one."""
    text = f"{clock.day_of(at)}|{who}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()
    return digest[:SESSION_LENGTH]


def note_search(search: Search, *, at: datetime) -> bool:
    """Remember a search; False when Redis is away. Queries: 0."""
    entry = search_entry(search, at)
    return bool(entry["query"]) and _push(entry)


def search_entry(search: Search, at: datetime) -> dict[str, Any]:
    """A search as the buffer holds it, its query folded."""
    query = normalize(search.query)[:LONGEST_QUERY]
    folded = {
        **asdict(search),
        "query": query,
        "key": query_key(query),
        "words": [word[:LONGEST_QUERY] for word in search.words],
        "corrected": search.corrected[:LONGEST_QUERY],
    }
    return {"kind": "search", "at": at.isoformat(), **folded}


def note_click(click: Click, *, at: datetime) -> bool:
    """Remember which result was opened; False when Redis is away. Queries: 0."""
    return _push({"kind": "click", "at": at.isoformat(), **asdict(click)})


def forget_noted() -> None:
    """Drop what was noted and is not written yet, as tests do between them."""
    _client(settings.CACHE_URL).delete(BUFFER)


def taken() -> Iterator[list[dict[str, Any]]]:
    """Take what was noted out of the buffer, in batches, oldest first."""
    client = _client(settings.CACHE_URL)
    while True:
        try:
            found: Any = client.lpop(BUFFER, BATCH)
        except redis.RedisError as error:
            logger.warning("the buffer of searches is away: %s", error)
            return
        if not found:
            return
        yield [json.loads(text) for text in found]


def _push(entry: dict[str, Any]) -> bool:
    if REST.is_on:
        return False
    try:
        with _client(settings.CACHE_URL).pipeline(transaction=False) as pipe:
            pipe.rpush(BUFFER, json.dumps(entry, ensure_ascii=False))
            pipe.ltrim(BUFFER, -MOST_WAITING, -1)
            pipe.execute()
    except redis.RedisError as error:
        REST.begin()
        logger.warning("a search is not noted: %s", error)
        return False
    return True


@lru_cache(maxsize=4)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        decode_responses=True,
    )
