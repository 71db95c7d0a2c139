"""A risk service of somebody else: asked for points, never needed.

It gets three seconds. After three failures in a row nobody asks for a minute (the breaker is open),
and the shop's own rules decide alone. Names, phones and addresses never leave the house: the
service gets digests and counts. Request and answer are signed with a shared key.
"""

import hashlib
import hmac
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from django.conf import settings

from orders.providers import ProviderUnavailable
from orders.providers.wire import send

TIMEOUT_SECONDS = 3
FAILURES_TO_OPEN = 3
OPEN_FOR = timedelta(minutes=1)
SIGNATURE = "X-Risk-Signature"
ANSWERED, SILENT, OPEN, NONE = "answered", "silent", "open", ""


class RiskService(ABC):
    """Anybody who gives points to an attempt to pay."""

    @abstractmethod
    def points(self, attempt: Mapping[str, Any]) -> int:
        """0 for nothing unusual, up to 100. Raises: ProviderUnavailable."""


class SignedRiskService(RiskService):
    """A service over HTTPS that speaks signed JSON: {"points": 0..100}."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key

    def points(self, attempt: Mapping[str, Any]) -> int:
        body = json.dumps(attempt, sort_keys=True).encode()
        answer = send(
            "POST",
            self.url,
            headers={"Content-Type": "application/json", SIGNATURE: sign(self.key, body)},
            body=body,
            timeout_seconds=TIMEOUT_SECONDS,
        )
        given = answer.headers.get(SIGNATURE.lower(), "")
        if answer.status != 200 or not hmac.compare_digest(given, sign(self.key, answer.body)):
            raise ProviderUnavailable("no answer that can be believed")
        return _points(answer.body)


def sign(key: str, body: bytes) -> str:
    """What proves who wrote ``body``."""
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def _points(body: bytes) -> int:
    """Raises: ProviderUnavailable for anything but whole points."""
    try:
        points = json.loads(body)["points"]
    except (ValueError, KeyError, TypeError) as error:
        raise ProviderUnavailable("no points in the answer") from error
    if not isinstance(points, int) or isinstance(points, bool) or not 0 <= points <= 100:
        raise ProviderUnavailable("no whole points in the answer")
    return points


class Breaker:
    """Closed: ask. Open after failures in a row: do not, until its time is over."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._failures = 0
        self._open_until: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """True while nobody is to ask."""
        with self._mutex:
            return self._open_until is not None and at < self._open_until

    def note(self, *, ok: bool, at: datetime) -> None:
        """What came of asking; the first failure after an open time opens it again."""
        with self._mutex:
            if ok:
                self._failures, self._open_until = 0, None
                return
            self._failures += 1
            if self._failures >= FAILURES_TO_OPEN:
                self._open_until = at + OPEN_FOR


@dataclass(frozen=True, slots=True)
class Opinion:
    """Points of the service, None without any, and whether it answered."""

    points: int | None
    state: str


breaker = Breaker()


def configured() -> RiskService | None:
    """The service of the settings, None without one."""
    values = settings.RISK_SERVICE
    if not (values["url"] and values["key"]):
        return None
    return SignedRiskService(values["url"], values["key"])


def opinion(attempt: Mapping[str, Any], at: datetime) -> Opinion:
    """Ask the service, if there is one and it answers. Call it outside transactions."""
    service = configured()
    if service is None:
        return Opinion(None, NONE)
    if breaker.is_open(at):
        return Opinion(None, OPEN)
    try:
        points = service.points(attempt)
    except ProviderUnavailable:
        breaker.note(ok=False, at=at)
        return Opinion(None, SILENT)
    breaker.note(ok=True, at=at)
    return Opinion(points, ANSWERED)
