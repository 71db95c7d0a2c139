"""``/healthz``: 200 while PostgreSQL answers; the body says what is away. Source: design.md, 9."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mall.kernel import clock
from mall.kernel.monitor import worker_is_silent


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """{db, redis, worker, degraded}; 503 without PostgreSQL, with ``?strict=1`` without any."""
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
    return not worker_is_silent(clock.now())
