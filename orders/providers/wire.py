"""HTTP to payment providers: https only, short time-outs, no redirect followed, answers of a
limited size. Never inside a transaction. Source: reliability.md, section 1 (e) and F-28.
"""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.db import connection

from mall.kernel import clock
from orders.providers.base import ProviderUnavailable

TIMEOUT_SECONDS = 5
MOST_BYTES = 1024 * 1024
MOST_BILL_BYTES = 64 * 1024 * 1024
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the headers with their names in small letters, the bytes."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def moment() -> datetime:
    """When a request is stamped, or an answer's stamp judged: now, however long ago the verb began.

    The other side refuses what is five minutes off, and a timer may ask a hundred times.
    """
    return clock.now()


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes = b"",
    most_bytes: int = MOST_BYTES,
    timeout_seconds: int = TIMEOUT_SECONDS,
) -> Answer:
    """One request, one answer, whatever its status; a redirect is an answer like any other.

    Raises: ProviderUnavailable when nothing whole came back in time.
    """
    assert not connection.in_atomic_block, "no network in a transaction"
    parts = urlsplit(url)
    link = _link(parts.scheme, parts.hostname or "", parts.port, timeout_seconds)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        link.request(method, target, body=body or None, headers=dict(headers))
        response = link.getresponse()
        content = response.read(most_bytes + 1)
    except (OSError, http.client.HTTPException) as error:
        raise ProviderUnavailable(str(error)) from error
    finally:
        link.close()
    if len(content) > most_bytes:
        raise ProviderUnavailable("the answer is too large")
    names = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, names, content)


def _link(
    scheme: str, host: str, port: int | None, timeout_seconds: int
) -> http.client.HTTPConnection:
    """A connection to a provider. Plain HTTP goes to this machine only, where simulators are."""
    if scheme == "https" and host:
        return http.client.HTTPSConnection(host, port, timeout=timeout_seconds)
    if scheme == "http" and host in LOOPBACK:
        return http.client.HTTPConnection(host, port, timeout=timeout_seconds)
    raise ProviderUnavailable("the address is not https")
