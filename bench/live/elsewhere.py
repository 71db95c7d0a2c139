"""An operation of Django on a model of another app: in the shop it would be that app's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.migrations.operations.base import Operation


class On(Operation):
    """``On("orders", AddField("order", ...))``."""

    reduces_to_sql = True

    def __init__(self, app_label: str, operation: Operation) -> None:
        self.app_label, self.operation = app_label, operation
        self.atomic = getattr(operation, "atomic", False)

    def state_forwards(self, app_label: str, state: Any) -> None:
        self.operation.state_forwards(self.app_label, state)

    def database_forwards(self, app_label: str, *args: Any) -> None:
        self.operation.database_forwards(self.app_label, *args)

    def database_backwards(self, app_label: str, *args: Any) -> None:
        self.operation.database_backwards(self.app_label, *args)

    def describe(self) -> str:
        return f"{self.app_label}: {self.operation.describe()}"


def newest(app_label: str) -> tuple[str, str]:
    """The app's last migration, to depend on."""
    config = apps.get_app_config(app_label)
    folder = Path(config.path) / "migrations"
    return app_label, max(path.stem for path in folder.glob("0*.py"))
