"""The engine of `DATABASES`: Django looks for this module in the package of its name."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base

from mall.kernel.postgresql.plans import KeepingConnection, KeepingCursor

KEEPING = {"connection_factory": KeepingConnection, "cursor_factory": KeepingCursor}
ONE_PLAN = "-c plan_cache_mode=force_generic_plan"
"""What has a name is planned when it gets it, not five times more: of ours those are statements of
`Prepared`, and what depends on its values is `Replanned`. What triggers and foreign keys ask is
planned once, too, as it would be from the sixth time on (the ADR has its price)."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, whose connections keep plans unless the option ``prepare`` is "off"."""

    def get_connection_params(self) -> dict[str, Any]:
        """As Django's. Raises: ImproperlyConfigured."""
        params: dict[str, Any] = super().get_connection_params()
        prepare = params.pop("prepare", "on")
        if prepare not in {"on", "off"}:
            raise ImproperlyConfigured(f"DATABASE_URL ?prepare={prepare}: allowed are on or off")
        if prepare == "off":
            return params
        options = f"{params.get('options', '')} {ONE_PLAN}".strip()
        return params | KEEPING | {"options": options}
