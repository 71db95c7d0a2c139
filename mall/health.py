"""``/healthz``: 200 while PostgreSQL answers; the body says what else is away. Source: design.md, section 9."""

from datetime import timedelta

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mall.kernel import clock
from mall.kernel.monitor import HEARTBEAT_KEY

WORKER_SILENT = timedelta(seconds=150)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """{db, redis, worker, degraded}; 503 without PostgreSQL, or with ``?strict=1`` when anything is away."""
    parts = {"db": _database(), "redis": _redis(), "worker": _worker()}
    degraded = not all(parts.values())
    bad = not parts["db"] or (degraded and request.GET.get("strict") == "1")
    return JsonResponse({**parts, "degraded": degraded}, status=503 if bad else 200)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    client = redis.Redis.from_url(settings.CACHE_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def _worker() -> bool:
    seen = cache.get(HEARTBEAT_KEY)
    return seen is not None and clock.now() - seen < WORKER_SILENT
