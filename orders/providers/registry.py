"""Which providers there are, and which of them this shop offers (PAYMENT_PROVIDERS).

One that is offered no more takes no new payment, yet its old ones are still heard of, closed and
refunded. A channel that is not configured whole is not there at all.
"""

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from orders.providers.base import Provider

NONE = "none"
"""The provider of orders that cost nothing: never asked, never offered."""
CLASSES = {
    "sandbox": "orders.providers.sandbox.provider.SandboxProvider",
    "wallet": "orders.providers.wallet.WalletProvider",
    "wechatpay": "orders.providers.wechatpay.provider.WechatpayProvider",
    "alipay": "orders.providers.alipay.provider.AlipayProvider",
}


def offered() -> list[str]:
    """Codes of the providers that this shop takes, in the order they are shown."""
    return [code for code in settings.PAYMENT_PROVIDERS if code in CLASSES and _is_fit(code)]


def known() -> list[str]:
    """Codes of the providers that can be asked, offered or not."""
    return [code for code in CLASSES if _is_fit(code)]


def _is_fit(code: str) -> bool:
    """Play money is for the demo: a production shop that lists the sandbox does not offer it. An
    outside channel needs all its values (mall/payments.py)."""
    channel = _channel(code)
    if channel is not None:
        return all(channel.values())
    return code != "sandbox" or settings.DEMO


def _channel(code: str) -> Mapping[str, str] | None:
    found: Mapping[str, str] | None = settings.PAYMENT_CHANNELS.get(code)
    return found


def provider_of(code: str) -> Provider | None:
    """The provider of a code, offered or not; None when this house has none."""
    if code not in CLASSES or not _is_fit(code):
        return None
    return _build(code, tuple(sorted((_channel(code) or {}).items())), settings.SITE_URL)


@cache
def _build(code: str, channel: tuple[tuple[str, str], ...], _site_url: str) -> Provider:
    made = import_string(CLASSES[code])
    provider: Provider = made(dict(channel)) if channel else made()
    return provider
