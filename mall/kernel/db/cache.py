"""A Redis cache whose loss is felt, not seen: reads miss, writes are dropped, pages still come
(F-11), and a silent Redis is asked once in two seconds, not by every page (F-14)."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from mall.kernel.resting import Rest

logger = logging.getLogger(__name__)

REST = Rest(seconds=2.0)


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


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, silent when Redis is away. What must fail closed asks Redis itself."""

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
