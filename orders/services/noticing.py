"""Providers' notices: verified, stored as they came, applied once. Source: O-36, INV-12, F-21 to
F-26."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mall.kernel.db import append, appended_together, atomic_retry
from mall.kernel.failpoints import failpoint
from orders.models import PaymentNotice
from orders.providers import Notice, NoticeRefused, provider_of
from orders.services.hearing import apply_refund_word
from orders.services.settling import Outcome, Verdict, apply_trade

MAX_BODY_BYTES = 64 * 1024
KEPT_HEADER_LENGTH = 600
KEPT_OF_REFUSED = 4096
"""Anybody may send what is refused: enough of it to see what it was, too little to fill a disk."""


@dataclass(frozen=True, slots=True)
class NoticeResult:
    """What became of a notice; ``is_accepted`` is what the provider is told."""

    outcome: str
    reason: str = ""
    payment_id: int | None = None

    @property
    def is_accepted(self) -> bool:
        """True when the provider need not send it again."""
        return self.outcome != Outcome.REFUSED


def accept_notice(
    *, provider: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> NoticeResult:
    """Verify one notice and do what it says, once; whatever it is, it is stored with what came of
    it.

    Signature, time, merchant, amount, currency and payment must be right. Repetitions are accepted
    and change nothing. Locks: order, payment. Never raises for a bad notice.
    """
    seller = provider_of(provider)
    if seller is None or len(body) > MAX_BODY_BYTES:
        return NoticeResult(Outcome.REFUSED, "provider_unknown" if seller is None else "too_large")
    try:
        notice = seller.read_notice(headers, body, at=at)
    except NoticeRefused as refusal:
        return _store(provider, headers, body, None, refusal.reason, at)
    result = _store(provider, headers, body, notice, "", at)
    failpoint("notice.after_commit")
    return result


@atomic_retry()
@appended_together()
def _store(
    provider: str,
    headers: Mapping[str, str],
    body: bytes,
    notice: Notice | None,
    reason: str,
    at: datetime,
) -> NoticeResult:
    """Apply a verified notice and write it down in one transaction; a refused one is only written
    down."""
    verdict = Verdict(Outcome.REFUSED, reason)
    kept = body[:KEPT_OF_REFUSED]
    if notice is not None:
        verdict, kept = _apply(provider, notice, at), body
    stored = PaymentNotice(
        provider=provider,
        notice_id=notice.notice_id if notice else "",
        headers=_storable(headers),
        body=kept.decode("utf-8", "backslashreplace").replace("\x00", "\\x00"),
        outcome=verdict.outcome,
        reason=verdict.reason,
        payment_id=verdict.payment_id,
        received_at=at,
    )
    append([stored])
    failpoint("notice.before_commit")
    return NoticeResult(verdict.outcome, verdict.reason, verdict.payment_id)


def _apply(provider: str, notice: Notice, at: datetime) -> Verdict:
    if notice.refund is not None:
        return apply_refund_word(provider=provider, word=notice.refund, at=at)
    assert notice.trade is not None, "a notice is about a payment or a refund"
    return apply_trade(provider=provider, trade=notice.trade, at=at)


def _storable(headers: Mapping[str, str]) -> dict[str, str]:
    """The provider's own headers, short and in text that can be stored."""
    return {
        name.lower(): value[:KEPT_HEADER_LENGTH]
        .replace("\x00", "")
        .encode("ascii", "backslashreplace")
        .decode()
        for name, value in headers.items()
        if name.lower().startswith("wechatpay-")
    }
