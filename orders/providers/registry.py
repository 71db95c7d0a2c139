"""Which providers there are, and which of them this shop offers (PAYMENT_PROVIDERS).

One that is offered no more takes no new payment, yet its old ones are still heard of, closed and
refunded.
"""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from orders.providers.base import Provider

NONE = "none"
"""The provider of orders that cost nothing: never asked, never offered."""
CLASSES = {"sandbox": "orders.providers.sandbox.provider.SandboxProvider"}


def offered() -> list[str]:
    """Codes of the providers that this shop takes, in the order they are shown."""
    return [code for code in settings.PAYMENT_PROVIDERS if code in CLASSES and _is_fit(code)]


def _is_fit(code: str) -> bool:
    """Play money is for the demo: a production shop that lists the sandbox does not offer it."""
    return code != "sandbox" or settings.DEMO


def provider_of(code: str) -> Provider | None:
    """The provider of a code, offered or not; None when this house has none."""
    return _build(code) if code in CLASSES and _is_fit(code) else None


@cache
def _build(code: str) -> Provider:
    provider: Provider = import_string(CLASSES[code])()
    return provider
