"""The member's own balance as a way of paying. Source: requirement O-42.

The money is in the house: `orders.services.pay_from_wallet` takes it and pays the order in one
transaction, so there is no notice, and nothing is ever in doubt.
"""

from collections.abc import Mapping
from datetime import date, datetime

from mall.kernel import clock
from members.models import WalletEntry
from members.services import credit_wallet
from orders.providers.base import (
    Action,
    Bill,
    Notice,
    NoticeRefused,
    RefundWord,
    Repayment,
    StatementLine,
    Trade,
    TradeState,
)

CODE = "wallet"
ACCOUNT = f"provider:{CODE}"
"""Its account of the book: what orders book against it is taken from wallets in the same moment."""
Kind = WalletEntry.Kind


class WalletProvider:
    """Pays an order whole from the balance; the entries of the wallets are its book."""

    code = CODE
    scenes = frozenset({CODE})

    def start(self, bill: Bill, *, at: datetime) -> Action:
        return Action(type="none")

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        raise NoticeRefused("notice_unexpected")

    def query(self, payment_no: str, *, at: datetime) -> Trade:
        entry = _entry(Kind.PAYMENT, payment_no)
        if entry is None:
            return Trade(payment_no, TradeState.UNKNOWN)
        return Trade(
            payment_no,
            TradeState.PAID,
            transaction_id=transaction_of(payment_no),
            amount_fen=-entry.delta_fen,
            paid_at=entry.at,
        )

    def close(self, payment_no: str, *, at: datetime) -> Trade:
        return self.query(payment_no, at=at)

    def refund(self, repayment: Repayment, *, at: datetime) -> RefundWord:
        paid = _entry(Kind.PAYMENT, repayment.payment_no)
        if paid is None:
            return RefundWord(repayment.refund_no, TradeState.FAILED, 0, "payment_unknown")
        credit_wallet(
            member_id=paid.wallet.member_id,
            amount_fen=repayment.amount_fen,
            kind=Kind.REFUND,
            reference=repayment.refund_no,
            at=at,
            other_side=ACCOUNT,
        )
        return self.query_refund(repayment, at=at)

    def query_refund(self, repayment: Repayment, *, at: datetime) -> RefundWord:
        entry = _entry(Kind.REFUND, repayment.refund_no)
        if entry is None:
            return RefundWord(repayment.refund_no, TradeState.UNKNOWN, 0)
        return RefundWord(repayment.refund_no, TradeState.PAID, entry.delta_fen)

    def statement(self, day: date, *, at: datetime) -> list[StatementLine]:
        start, end = clock.bounds(day)
        moved = WalletEntry.objects.filter(at__gte=start, at__lt=end).order_by("pk")
        moved = moved.filter(kind__in=(Kind.PAYMENT, Kind.REFUND))
        return [
            StatementLine(entry.kind == Kind.REFUND, entry.reference, abs(entry.delta_fen))
            for entry in moved
        ]


def transaction_of(payment_no: str) -> str:
    """The number under which a wallet's payment is settled."""
    return f"W{payment_no}"


def _entry(kind: str, reference: str) -> WalletEntry | None:
    found = WalletEntry.objects.filter(kind=kind, reference=reference)
    return found.select_related("wallet").first()
