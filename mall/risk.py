"""Where a risk service of somebody else listens, if there is one (docs/configuration.md)."""

from mall import env


def service() -> dict[str, str]:
    """Its address and the key that signs; without both nobody is asked."""
    return {"url": env.text("RISK_SERVICE_URL"), "key": env.text("RISK_SERVICE_KEY")}
