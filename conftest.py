"""Fixtures of the whole tree: a test database cloned from a template, and its quick cleaning."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation
from whitenoise.middleware import WhiteNoiseMiddleware

from mall.kernel.testing.database import TestDatabase, point_replicas_at_primary, restore

GOODS_NEED_NOBODY = """
    UPDATE public.catalog_publishingpolicy SET approval = 'warned';
    UPDATE pristine.catalog_publishingpolicy SET approval = 'warned';
"""
"""A shop asks a person about every product; one of the tests does when a test is about that."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays: no collection of garbage looks through it, ever."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[None]:
    """Clone the migrated template for this process; `--create-db` builds the template anew."""
    with django_db_blocker.unblock():
        database = TestDatabase(connections["default"])
        database.create(rebuild=request.config.getoption("create_db"))
        with connections["default"].cursor() as cursor:
            cursor.execute(GOODS_NEED_NOBODY)
        point_replicas_at_primary()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        database.drop()


def _restore_pristine(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
        restore(connections[alias])


@pytest.fixture(scope="session", autouse=True)
def fast_cleaning() -> Iterator[None]:
    """After a `transaction=True` test restore only what it changed: no flush of every table."""
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", _restore_pristine)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once() -> Iterator[None]:
    """Every test client builds the middleware anew, and each would look up the same files again."""
    find = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[str, dict[str, Any]] = {}

    def find_once(self: WhiteNoiseMiddleware) -> None:
        lists = (self.static_root, settings.STATICFILES_FINDERS, settings.STORAGES)
        under = repr((self.static_prefix, self.max_age, *lists))
        if under not in found:
            find(self)
            found[under] = dict(self.files)
        self.files.update(found[under])

    patch = pytest.MonkeyPatch()
    patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", find_once)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def usual_language() -> None:
    """No test speaks the language of another's last request."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No test sees what another left in the cache; the Redis database is this process's own."""
    from mall.storefront.shutter import GLANCE
    from promotions.selectors import SHUTTER_KEY, Shutter

    cache.clear()
    GLANCE.forget()
    cache.set(SHUTTER_KEY, Shutter())  # as in a running shop: every request reads it first


@pytest.fixture
def no_cache(settings: Any) -> Iterator[None]:
    """A Redis that is away, which is asked again as soon as it is back."""
    from mall.kernel.db.cache import REST

    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    yield
    REST.end()
