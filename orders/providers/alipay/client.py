"""Signed calls to Alipay's gateway and their signed answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from django.conf import settings

from mall.kernel import clock
from orders.providers import rsa, wire
from orders.providers.alipay.signing import answer_in, signed
from orders.providers.base import ProviderUnavailable

OK, BUSY = "10000", frozenset({"20000", "20001"})
AWAY = frozenset({"ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error"})
BILL_HOSTS = (".alipay.com", ".alipayobjects.com")


@dataclass(frozen=True, slots=True)
class Account:
    """The application's values of docs/configuration.md, their keys read."""

    url: str
    app_id: str
    seller_id: str
    private_key: RSAPrivateKey
    alipay_key: RSAPublicKey
    notify_url: str


@dataclass(frozen=True, slots=True)
class Told:
    """A believed answer."""

    facts: Mapping[str, Any]

    @property
    def is_ok(self) -> bool:
        """True when Alipay did what it was asked."""
        return self.facts.get("code") == OK

    @property
    def code(self) -> str:
        """Alipay's word for what went wrong, without its family."""
        return str(self.facts.get("sub_code") or self.facts.get("code") or "")[:60]


def read_account(channel: Mapping[str, str]) -> Account:
    """The account of a configured channel. Raises: ImproperlyConfigured."""
    return Account(
        url=channel["url"],
        app_id=channel["app_id"],
        seller_id=channel["seller_id"],
        private_key=rsa.private_key(channel["private_key_file"]),
        alipay_key=rsa.public_key_of(channel["public_key_file"]),
        notify_url=f"{settings.SITE_URL}/api/v1/payments/alipay/notify/",
    )


class Client:
    """Speaks for one application."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def call(self, method: str, content: Mapping[str, Any]) -> Told:
        """One call. Refusals are answers; Raises: ProviderUnavailable for anything that is not a
        whole, signed answer of Alipay's, or one that says it is busy."""
        body = urlencode(self._signed(method, content)).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}
        answer = wire.send("POST", self.account.url, headers=headers, body=body)
        if answer.status != 200:
            raise ProviderUnavailable(f"status {answer.status}")
        told = Told(self._believed(answer.body, f"{method.replace('.', '_')}_response"))
        if told.facts.get("code") in BUSY or told.code in AWAY:
            raise ProviderUnavailable(told.code)
        return told

    def page(self, method: str, content: Mapping[str, Any], *, return_url: str) -> str:
        """The address of a page of Alipay's, signed: nothing is sent yet."""
        extra = {"return_url": return_url, "notify_url": self.account.notify_url}
        return f"{self.account.url}?{urlencode(self._signed(method, content, **extra))}"

    def download(self, url: str) -> bytes:
        """A bill by the address that Alipay gave. Raises: ProviderUnavailable."""
        host, gateway = urlsplit(url).hostname or "", urlsplit(self.account.url).hostname
        if host != gateway and not host.endswith(BILL_HOSTS):
            raise ProviderUnavailable("a file of another house")
        answer = wire.send("GET", url, headers={}, most_bytes=wire.MOST_BILL_BYTES)
        if answer.status != 200:
            raise ProviderUnavailable(f"status {answer.status}")
        return answer.body

    def _signed(self, method: str, content: Mapping[str, Any], **extra: str) -> dict[str, str]:
        now = wire.moment().astimezone(clock.SHANGHAI)
        values = {
            "app_id": self.account.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": now.strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
            "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
            **extra,
        }
        return signed(self.account.private_key, values)

    def _believed(self, body: bytes, name: str) -> Mapping[str, Any]:
        """The answer, its signature checked over the very text. Raises: ProviderUnavailable."""
        try:
            text = body.decode()
            answer = answer_in(text, name)
            facts, sign = json.loads(answer), str(json.loads(text)["sign"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ProviderUnavailable("no signed answer") from error
        if not rsa.is_signed(self.account.alipay_key, answer.encode(), sign):
            raise ProviderUnavailable("the signature is not Alipay's")
        found: Mapping[str, Any] = facts
        return found
