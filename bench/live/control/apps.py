"""The app's name in the table of migrations."""

from django.apps import AppConfig


class ControlConfig(AppConfig):
    """One migration, no model."""

    name = "bench.live.control"
    label = "live_control"
