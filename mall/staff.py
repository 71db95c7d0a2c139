"""Whether operators show a second factor when they sign in (docs/configuration.md)."""

from mall import env

REQUIRED, OFF = "required", "off"


def needs_second_factor() -> bool:
    """True in production: a password alone opens no operators' page. The demo is without."""
    usual = OFF if env.flag("MALL_DEMO") else REQUIRED
    return env.text("STAFF_SECOND_FACTOR", usual) != OFF
