"""The migrations of a test database in less than half the time.

Where a deed touches a relation, Django draws anew every historic model that is tied to it over any
number of others; here nearly every model is tied to the member, and that drawing was most of a
build. Django itself keeps to the neighbours for plain fields ("delay"), and draws all of them
before a `RunPython`. That the tables are the same is proven against a whole `make run`, which
migrates as usual (mall/runner/tests/test_running.py).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db.migrations.state import ProjectState


@contextmanager
def swift_migrations() -> Iterator[None]:
    """While open, a deed draws anew only the models beside the one it changes.

    Those it drew before are garbage, up to 1 GB: it is collected once, at the end.
    """
    find = ProjectState._find_reload_model  # type: ignore[attr-defined]

    def find_neighbours(
        state: ProjectState, app_label: str, model_name: str, delay: bool = True
    ) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = find(state, app_label, model_name, delay=True)
        return found

    gc.disable()
    try:
        with mock.patch.object(ProjectState, "_find_reload_model", find_neighbours):
            yield
    finally:
        gc.enable()
        gc.collect()
