"""Signed calls to WeChat Pay and their answers: what is not signed is not believed (F-29)."""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from orders.providers import rsa, wire
from orders.providers.base import ProviderUnavailable
from orders.providers.wechatpay.account import Account, PlatformKeys

SCHEMA = "WECHATPAY2-SHA256-RSA2048"
PROBE = "WECHATPAY/SIGNTEST/"
WINDOW_SECONDS = 300
ALGORITHM = "AEAD_AES_256_GCM"
HEADERS = ("wechatpay-timestamp", "wechatpay-nonce", "wechatpay-signature", "wechatpay-serial")
CERTIFICATES = "/v3/certificates"


class NotSigned(Exception):
    """A message that is not WeChat Pay's; ``reason`` is a short code."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Told:
    """A believed answer: its status and its JSON, empty for no content."""

    status: int
    facts: Mapping[str, Any]

    @property
    def code(self) -> str:
        """WeChat Pay's word for what went wrong."""
        return str(self.facts.get("code", ""))[:40]


class Client:
    """Speaks for one merchant."""

    def __init__(self, account: Account, pinned: Mapping[str, RSAPublicKey]) -> None:
        self.account = account
        self.keys = PlatformKeys(pinned, self._fetch_keys)

    def call(self, method: str, path: str, payload: Mapping[str, Any] | None = None) -> Told:
        """One call. Refusals (4xx) are answers; Raises: ProviderUnavailable for anything that is
        not a whole, signed answer of WeChat Pay's."""
        answer = self._send(method, path, payload)
        if answer.status >= 500 or answer.status == 429:
            raise ProviderUnavailable(f"status {answer.status}")
        try:
            self.check(answer.headers, answer.body, at=wire.moment())
        except NotSigned as error:
            raise ProviderUnavailable(f"unsigned answer: {error.reason}") from error
        return Told(answer.status, _facts(answer.body))

    def download(self, url: str) -> bytes:
        """A file by its address, which WeChat Pay does not sign: the caller checks its hash.

        Raises: ProviderUnavailable.
        """
        if not url.startswith(self.account.url + "/"):
            raise ProviderUnavailable("a file of another house")
        path = url.removeprefix(self.account.url)
        authorization = self._authorization("GET", path, b"")
        answer = wire.send(
            "GET", url, headers=_headers(authorization), most_bytes=wire.MOST_BILL_BYTES
        )
        if answer.status != 200:
            raise ProviderUnavailable(f"status {answer.status}")
        return answer.body

    def check(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> None:
        """Time, serial and signature of a message. Raises: NotSigned, ProviderUnavailable."""
        timestamp, nonce, signature, serial = self._stamp(headers, at)
        key = self.keys.find(serial)
        if key is None:
            raise NotSigned("serial_unknown")
        if not rsa.is_signed(key, _message(timestamp, nonce, body), signature):
            raise NotSigned("signature_wrong")

    def unseal(self, resource: Mapping[str, Any]) -> bytes:
        """Decrypt what only the two of us can read. Raises: NotSigned."""
        try:
            if resource["algorithm"] != ALGORITHM:
                raise NotSigned("algorithm_unknown")
            return AESGCM(self.account.api_key).decrypt(
                resource["nonce"].encode(),
                base64.b64decode(resource["ciphertext"], validate=True),
                str(resource.get("associated_data") or "").encode(),
            )
        except InvalidTag as error:
            raise NotSigned("resource_wrong") from error
        except (KeyError, TypeError, AttributeError, ValueError, binascii.Error) as error:
            raise NotSigned("body_malformed") from error

    def _stamp(self, headers: Mapping[str, str], at: datetime) -> tuple[str, str, str, str]:
        lowered = {name.lower(): value for name, value in headers.items()}
        try:
            timestamp, nonce, signature, serial = (lowered[name] for name in HEADERS)
        except KeyError as error:
            raise NotSigned("header_missing") from error
        if signature.startswith(PROBE):
            raise NotSigned("probe")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            raise NotSigned("timestamp_wrong")
        if abs(int(timestamp) - at.timestamp()) > WINDOW_SECONDS:
            raise NotSigned("timestamp_old")
        return timestamp, nonce, signature, serial

    def _send(self, method: str, path: str, payload: Mapping[str, Any] | None) -> wire.Answer:
        body = b"" if payload is None else json.dumps(payload, ensure_ascii=False).encode()
        authorization = self._authorization(method, path, body)
        return wire.send(
            method, self.account.url + path, headers=_headers(authorization), body=body
        )

    def _authorization(self, method: str, path: str, body: bytes) -> str:
        timestamp, nonce = str(int(wire.moment().timestamp())), secrets.token_hex(16)
        prefix = urlsplit(self.account.url).path
        message = f"{method}\n{prefix}{path}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"
        parts = {
            "mchid": self.account.mchid,
            "serial_no": self.account.serial,
            "nonce_str": nonce,
            "timestamp": timestamp,
            "signature": rsa.sign(self.account.private_key, message),
        }
        return f"{SCHEMA} " + ",".join(f'{name}="{value}"' for name, value in parts.items())

    def _fetch_keys(self) -> Mapping[str, RSAPublicKey]:
        """The platform's keys as they are now. They come encrypted with the key that only the two
        of us have, and signed by one of themselves. Raises: ProviderUnavailable."""
        answer = self._send("GET", CERTIFICATES, None)
        try:
            timestamp, nonce, signature, serial = self._stamp(answer.headers, wire.moment())
            found = {
                str(row["serial_no"]): rsa.public_key(self.unseal(row["encrypt_certificate"]))
                for row in _facts(answer.body)["data"]
            }
            key = found.get(serial) or self.keys.known(serial)
            if key is None or not rsa.is_signed(
                key, _message(timestamp, nonce, answer.body), signature
            ):
                raise NotSigned("signature_wrong")
        except (NotSigned, KeyError, TypeError, ValueError) as error:
            raise ProviderUnavailable("no keys") from error
        return found


def _message(timestamp: str, nonce: str, body: bytes) -> bytes:
    return b"%s\n%s\n%s\n" % (timestamp.encode(), nonce.encode("utf-8", "replace"), body)


def _headers(authorization: str) -> dict[str, str]:
    return {
        "Authorization": authorization,
        "Accept": "application/json",
        "Content-Type": "application/json",
        "User-Agent": "mall",
    }


def _facts(body: bytes) -> Mapping[str, Any]:
    """The JSON object of an answer. Raises: ProviderUnavailable."""
    if not body:
        return {}
    try:
        facts = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProviderUnavailable("the answer is no JSON") from error
    if not isinstance(facts, dict):
        raise ProviderUnavailable("the answer is no JSON object")
    return facts
