"""Signed HTTP to a partner: the signature is that of the stock door, the other way round.

Source: docs/suppliers.md, "Drop-shipping".
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from inventory.services import signature_of
from orders.dropship.base import Partner, PartnerUnavailable, Word
from orders.providers.base import ProviderUnavailable
from orders.providers.wire import Answer, moment, send

KEY, TIMESTAMP, SIGNATURE = "X-Supplier-Key", "X-Supplier-Timestamp", "X-Supplier-Signature"
TOO_LATE = 409


class SignedPartner(Partner):
    """One account at one partner: its address, and the key both sides sign with."""

    def __init__(self, *, url: str, key_id: str, secret: str) -> None:
        self.url, self.key_id, self.secret = url.rstrip("/"), key_id, secret

    def post(self, path: str, facts: Mapping[str, Any]) -> Answer:
        """One signed request. Raises: PartnerUnavailable."""
        url = f"{self.url}{path}"
        body = json.dumps(facts, ensure_ascii=False).encode()
        stamp = str(int(moment().timestamp()))
        signature = signature_of(
            self.secret, method="POST", path=urlsplit(url).path, timestamp=stamp, body=body
        )
        headers = {
            "Content-Type": "application/json",
            KEY: self.key_id,
            TIMESTAMP: stamp,
            SIGNATURE: signature,
        }
        try:
            return send("POST", url, headers=headers, body=body)
        except ProviderUnavailable as error:
            raise PartnerUnavailable(str(error)) from error

    def tell(self, path: str, number: str, facts: Mapping[str, Any]) -> Word:
        """Tell something about ``number``: taken when 200 repeats the number; 409 is too late.
        Raises: PartnerUnavailable."""
        answer = self.post(path, facts)
        if answer.status == TOO_LATE:
            return Word.TOO_LATE
        if answer.status != 200:
            raise PartnerUnavailable(f"status {answer.status}")
        if _number_in(answer.body) != number:
            raise PartnerUnavailable("the answer names another order")
        return Word.TAKEN


def _number_in(body: bytes) -> str:
    try:
        facts = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return str(facts.get("number", "")) if isinstance(facts, dict) else ""
