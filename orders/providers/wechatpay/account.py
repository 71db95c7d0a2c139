"""Who we are to WeChat Pay, and whose signatures we believe."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from orders.providers import rsa

API_KEY_BYTES = 32
REFRESH_AFTER_NANOSECONDS = 60 * 10**9
Certificates = Mapping[str, RSAPublicKey]


@dataclass(frozen=True, slots=True)
class Account:
    """The merchant's values of docs/configuration.md, their keys read."""

    url: str
    appid: str
    mchid: str
    serial: str
    private_key: RSAPrivateKey
    api_key: bytes
    notify_url: str


def read_account(channel: Mapping[str, str]) -> Account:
    """The account of a configured channel. Raises: ImproperlyConfigured."""
    api_key = channel["api_key"].encode()
    if len(api_key) != API_KEY_BYTES:
        raise ImproperlyConfigured("WECHATPAY_API_KEY must have 32 characters")
    return Account(
        url=channel["url"].rstrip("/"),
        appid=channel["appid"],
        mchid=channel["mchid"],
        serial=channel["serial"],
        private_key=rsa.private_key(channel["private_key_file"]),
        api_key=api_key,
        notify_url=f"{settings.SITE_URL}/api/v1/payments/wechatpay/notify/",
    )


class PlatformKeys:
    """WeChat Pay's own keys by serial; one that is not known is fetched, at most once a minute.

    A key from the configuration is never replaced. Source: F-32b.
    """

    def __init__(self, known: Certificates, fetch: Callable[[], Certificates]) -> None:
        self.pinned = dict(known)
        self.fetched: dict[str, RSAPublicKey] = {}
        self.fetch = fetch
        self.mutex = threading.Lock()
        self.refresh_from = 0

    def find(self, serial: str) -> RSAPublicKey | None:
        """The key of a serial. Raises: ProviderUnavailable when it could not be fetched."""
        found = self.known(serial)
        if found is not None or not serial.isalnum():
            return found
        with self.mutex:
            if self.known(serial) is None and time.monotonic_ns() >= self.refresh_from:
                self.refresh_from = time.monotonic_ns() + REFRESH_AFTER_NANOSECONDS
                self.fetched |= self.fetch()
        return self.known(serial)

    def known(self, serial: str) -> RSAPublicKey | None:
        """The key of a serial, as far as it is known here."""
        return self.pinned.get(serial) or self.fetched.get(serial)
