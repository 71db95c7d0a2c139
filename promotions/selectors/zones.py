"""How many days the zones look back, as operators set it. Source: C-10, C-11."""

from promotions.models import ZoneSettings


def zone_settings() -> ZoneSettings:
    """How many days count; the usual ones until somebody chose. Queries: 1."""
    return ZoneSettings.objects.first() or ZoneSettings()
