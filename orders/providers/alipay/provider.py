"""Alipay as the mall sees it: a provider like any other."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mall.kernel import clock
from orders.providers.alipay.client import Client, Told, read_account
from orders.providers.alipay.reading import check_time, fields_of, statement_of, trade_of
from orders.providers.alipay.signing import is_signed
from orders.providers.amounts import fen_of, yuan_of
from orders.providers.base import (
    Action,
    Bill,
    Notice,
    NoticeRefused,
    ProviderUnavailable,
    RefundWord,
    Repayment,
    StatementLine,
    Trade,
    TradeState,
)

CODE = "alipay"
PAGE, WAP = "page", "wap"
PAGES = {
    PAGE: ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
    WAP: ("alipay.trade.wap.pay", "QUICK_WAP_WAY"),
}
GONE = "ACQ.TRADE_NOT_EXIST"
NO_BILL = "isp.bill_not_exist"
MOVED = "Y"


class AlipayProvider:
    """Payments at Alipay's own page, on a desk or on a phone."""

    code = CODE
    scenes = frozenset(PAGES)

    def __init__(self, channel: Mapping[str, str]) -> None:
        self.account = read_account(channel)
        self.client = Client(self.account)

    def start(self, bill: Bill, *, at: datetime) -> Action:
        method, product = PAGES[bill.scene]
        ends_at = bill.expires_at.astimezone(clock.SHANGHAI)
        content = {
            "out_trade_no": bill.payment_no,
            "total_amount": yuan_of(bill.amount_fen),
            "subject": bill.order_number,
            "product_code": product,
            "time_expire": ends_at.strftime("%Y-%m-%d %H:%M:%S"),
        }
        url = self.client.page(method, content, return_url=bill.payer.return_url)
        return Action(type="redirect", url=url)

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        fields = fields_of(body)
        if fields.get("sign_type") != "RSA2" or not is_signed(self.account.alipay_key, fields):
            raise NoticeRefused("signature_wrong")
        check_time(fields, at)
        if fields.get("app_id") != self.account.app_id:
            raise NoticeRefused("merchant_wrong")
        if fields.get("seller_id") != self.account.seller_id:
            raise NoticeRefused("merchant_wrong")
        notice_id = fields.get("notify_id", "")[:64]
        if not notice_id:
            raise NoticeRefused("notice_id_missing")
        return Notice(notice_id, trade=trade_of(fields))

    def query(self, payment_no: str, *, at: datetime) -> Trade:
        told = self.client.call("alipay.trade.query", {"out_trade_no": payment_no})
        if told.code == GONE:
            return Trade(payment_no, TradeState.UNKNOWN)
        return self._trade(told, payment_no)

    def close(self, payment_no: str, *, at: datetime) -> Trade:
        told = self.client.call("alipay.trade.close", {"out_trade_no": payment_no})
        if told.is_ok:
            return Trade(payment_no, TradeState.CLOSED)
        return self.query(payment_no, at=at)

    def refund(self, repayment: Repayment, *, at: datetime) -> RefundWord:
        told = self.client.call(
            "alipay.trade.refund",
            {
                "out_trade_no": repayment.payment_no,
                "out_request_no": repayment.refund_no,
                "refund_amount": yuan_of(repayment.amount_fen),
            },
        )
        if not told.is_ok:
            code = told.code.removeprefix("ACQ.")[:40]
            return RefundWord(repayment.refund_no, TradeState.FAILED, 0, code)
        if told.facts.get("fund_change") == MOVED:
            return RefundWord(repayment.refund_no, TradeState.PAID, repayment.amount_fen)
        return self.query_refund(repayment, at=at)

    def query_refund(self, repayment: Repayment, *, at: datetime) -> RefundWord:
        told = self.client.call(
            "alipay.trade.fastpay.refund.query",
            {"out_trade_no": repayment.payment_no, "out_request_no": repayment.refund_no},
        )
        if not told.is_ok or told.facts.get("refund_status") != "REFUND_SUCCESS":
            return RefundWord(repayment.refund_no, TradeState.UNKNOWN, 0)
        if told.facts.get("out_request_no") != repayment.refund_no:
            raise ProviderUnavailable("another refund")
        return RefundWord(repayment.refund_no, TradeState.PAID, _fen(told, "refund_amount"))

    def statement(self, day: date, *, at: datetime) -> list[StatementLine] | None:
        told = self.client.call(
            "alipay.data.dataservice.bill.downloadurl.query",
            {"bill_type": "trade", "bill_date": day.isoformat()},
        )
        if told.code == NO_BILL:
            return None
        try:
            return statement_of(self.client.download(str(told.facts["bill_download_url"])))
        except (KeyError, ValueError) as error:
            raise ProviderUnavailable("no bill") from error

    def _trade(self, told: Told, payment_no: str) -> Trade:
        """A signed answer about one of ours. Raises: ProviderUnavailable for anything else."""
        if not told.is_ok or told.facts.get("out_trade_no") != payment_no:
            raise ProviderUnavailable(told.code or "another payment")
        try:
            return trade_of(told.facts)
        except NoticeRefused as error:
            raise ProviderUnavailable(error.reason) from error


def _fen(told: Told, name: str) -> int:
    value: Any = told.facts.get(name)
    try:
        return fen_of(str(value))
    except ValueError as error:
        raise ProviderUnavailable(f"no {name}") from error
