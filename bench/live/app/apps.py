"""The app's name in the table of migrations."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Migrations alone, no model."""

    name = "bench.live.app"
    label = "live"
