"""The engine of `DATABASES`: Django looks for this module in the package of its name."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base

from mall.kernel.postgresql.plans import KeepingConnection, KeepingCursor

KEEPING = {"connection_factory": KeepingConnection, "cursor_factory": KeepingCursor}


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, whose connections keep plans unless the option ``prepare`` is "off"."""

    def get_connection_params(self) -> dict[str, Any]:
        """As Django's. Raises: ImproperlyConfigured."""
        params: dict[str, Any] = super().get_connection_params()
        prepare = params.pop("prepare", "on")
        if prepare not in {"on", "off"}:
            raise ImproperlyConfigured(f"DATABASE_URL ?prepare={prepare}: allowed are on or off")
        return params | KEEPING if prepare == "on" else params
