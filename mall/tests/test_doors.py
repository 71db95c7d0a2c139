"""Addresses that belong to no app: health, schema, policies."""

import pytest
from django.core.cache import cache

from mall.kernel import clock
from mall.kernel.monitor import HEARTBEAT_KEY


@pytest.mark.django_db
def test_health_says_what_is_away_and_strict_makes_it_a_503(client):
    cache.delete(HEARTBEAT_KEY)

    loose, strict = client.get("/healthz"), client.get("/healthz?strict=1")

    assert (loose.status_code, strict.status_code) == (200, 503)
    assert loose.json() == {"db": True, "redis": True, "worker": False, "degraded": True}


@pytest.mark.django_db
def test_health_is_whole_while_the_worker_beats(client):
    cache.set(HEARTBEAT_KEY, clock.now())

    answer = client.get("/healthz?strict=1")

    assert answer.status_code == 200
    assert answer.json() == {"db": True, "redis": True, "worker": True, "degraded": False}


@pytest.mark.django_db
def test_admin_has_its_own_policy_and_pages_the_strict_one(client):
    admin = client.get("/admin/login/")["Content-Security-Policy"]
    health = client.get("/healthz-not-there")["Content-Security-Policy"]

    assert "'unsafe-eval'" in admin
    assert "unsafe" not in health
    assert "default-src 'self'" in health


@pytest.mark.django_db
def test_the_schema_is_served(client):
    answer = client.get("/api/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")

    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
