"""What the aggregator of carriers must be told before it can be asked (docs/configuration.md).

Without its whole set of values nothing is subscribed or asked, and no call-back is believed.
"""

from mall import env


def channels() -> dict[str, dict[str, str]]:
    """The values of every tracking channel, by its code; empty where nothing is set."""
    return {
        "express": {
            "url": env.text("EXPRESS_URL"),
            "key": env.text("EXPRESS_KEY"),
            "secret": env.text("EXPRESS_SECRET"),
        }
    }
