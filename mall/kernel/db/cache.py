"""A Redis cache whose loss is felt, not seen: reads miss, writes are dropped, pages still come
(F-11), and a silent Redis is asked once in two seconds, not by every page (F-14)."""

import logging
from collections.abc import Callable
from typing import Any, cast

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import ConnectionPool, Redis
from redis.exceptions import RedisError

from mall.kernel.resting import Rest

logger = logging.getLogger(__name__)

REST = Rest(seconds=2.0)
COUNT = """
local times = redis.call('INCR', KEYS[1])
if times == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {times, redis.call('TTL', KEYS[1])}
"""
"""One more of what is counted, and how long it is counted yet: one way to Redis."""


def _forgiving(name: str, default: Any) -> Callable[..., Any]:
    def call(self: "ForgivingRedisCache", *args: Any, **kwargs: Any) -> Any:
        without = default() if callable(default) else default
        return _asked(name, getattr(super(ForgivingRedisCache, self), name), without, args, kwargs)

    return call


def _asked(
    name: str, call: Callable[..., Any], without: Any, args: Any, kwargs: dict[str, Any]
) -> Any:
    if REST.is_on:
        return without
    try:
        return call(*args, **kwargs)
    except (RedisError, OSError):
        REST.begin()
        logger.warning("cache is away: %s", name)
        return without


class KeptClient(RedisCacheClient):
    """Django's, which builds a client for every question: that costs more than to ask it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[ConnectionPool, Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]
        if pool not in self._clients:
            self._clients[pool] = super().get_client(key, write=write)
        return self._clients[pool]

    def count(self, key: str, seconds: int) -> tuple[int, int]:
        times, left = self.get_client(key, write=True).eval(COUNT, 1, key, seconds)
        return times, left


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, silent when Redis is away. What must fail closed asks Redis itself."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient

    set = _forgiving("set", None)
    add = _forgiving("add", True)
    delete = _forgiving("delete", False)
    touch = _forgiving("touch", False)
    has_key = _forgiving("has_key", False)
    get_many = _forgiving("get_many", dict)
    set_many = _forgiving("set_many", list)
    delete_many = _forgiving("delete_many", None)
    incr = _forgiving("incr", 0)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _asked("get", super().get, default, (key, default, version), {})

    def count(self, key: str, seconds: int) -> tuple[int, int]:
        """How often this was counted in the ``seconds`` that began with the first time, now
        included, and how many of them are left; (0, 0) when nobody counts."""
        made = self.make_and_validate_key(key)
        client = cast("KeptClient", self._cache)
        counted: tuple[int, int] = _asked("count", client.count, (0, 0), (made, seconds), {})
        return counted


def counted(key: str, seconds: int) -> tuple[int, int]:
    """`ForgivingRedisCache.count` of the site's cache."""
    return cast("ForgivingRedisCache", caches["default"]).count(key, seconds)
