"""The demo's cashier: play money is paid, and the sandbox's notices are delivered to the mall."""

from datetime import datetime

from mall.kernel.errors import NotFound
from orders.errors import PaymentOver
from orders.providers import offered
from orders.providers.sandbox import book
from orders.providers.sandbox.cashier import Fault, Refusal, take_money
from orders.providers.sandbox.envelope import Envelope
from orders.services.noticing import NoticeResult, accept_notice

SANDBOX = "sandbox"


def cashier_entry(payment_no: str) -> book.Entry:
    """What the sandbox's book says of a payment. Raises: NotFound, also where there is no
    sandbox."""
    entry = book.find(payment_no) if SANDBOX in offered() else None
    if entry is None:
        raise NotFound
    return entry


def pay_at_cashier(
    *,
    payment_no: str,
    succeed: bool,
    at: datetime,
    fault: Fault | None = None,
    refusal: Refusal = Refusal.USER_REFUSED,
) -> list[NoticeResult]:
    """Pay (or refuse) at the sandbox's cashier; returns what the mall answered to each notice sent
    now.

    The book is committed before the first notice leaves. Call it outside transactions.
    Raises: NotFound, PaymentOver.
    """
    entry = cashier_entry(payment_no)
    notices = take_money(entry, succeed=succeed, fault=fault, at=at, refusal=refusal)
    if notices is None:
        raise PaymentOver
    return [_deliver(notice, at) for notice in notices]


def deliver_late_notices(at: datetime) -> int:
    """Deliver the notices that the sandbox held back until now; returns how many."""
    if SANDBOX not in offered():
        return 0
    return len([_deliver(notice, at) for notice in book.take_due(at)])


def _deliver(notice: Envelope, at: datetime) -> NoticeResult:
    return accept_notice(provider=SANDBOX, headers=notice.headers, body=notice.body, at=at)
