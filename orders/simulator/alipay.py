"""Alipay's side of its gateway: verifies our requests, answers signed, writes notices and bills."""

import io
import json
import re
import secrets
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from mall.kernel import clock
from orders.providers import rsa
from orders.providers.alipay.signing import content_of
from orders.providers.amounts import fen_of, yuan_of
from orders.simulator import book as b
from orders.simulator.keys import ALIPAY_APP_ID, SELLER_ID, Keys
from orders.simulator.speech import Message, Sent

BILL = re.compile(r"/bill/(\d{4}-\d{2}-\d{2})\.zip")
STATES = {b.OPENED: "WAIT_BUYER_PAY", b.PAID: "TRADE_SUCCESS", b.CLOSED: "TRADE_CLOSED"}
CODES = {
    "ORDER_NOT_EXIST": "ACQ.TRADE_NOT_EXIST",
    "ORDERPAID": "ACQ.TRADE_STATUS_ERROR",
    "NOT_ENOUGH": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
    "INVALID_REQUEST": "ACQ.DISCORDANT_REPEAT_REQUEST",
}
BILL_COLUMNS = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,对方账户,订单金额（元）,"
    "商家实收（元）,退款批次号/请求号,服务费（元）,备注"
)
Facts = Mapping[str, Any]


class Alipay:
    """One application's provider."""

    def __init__(self, keys: Keys, url: str) -> None:
        self.keys = keys
        self.url = url
        self.book = b.Book("alipay")
        self.omitted: set[str] = set()
        self.changed: dict[str, int] = {}
        self.notify_ids: dict[str, str] = {}

    def answer(self, sent: Sent) -> Message:
        """What comes back for a request."""
        parts = urlsplit(sent.target)
        bill = BILL.fullmatch(parts.path)
        if bill:
            return Message(200, {}, self._bill(bill[1]))
        query = sent.body.decode() if sent.method == "POST" else parts.query
        values = dict(parse_qsl(query, keep_blank_values=True))
        method = values.get("method", "")
        if not self._is_ours(values):
            return self._signed(method, {"code": "40002", "sub_code": "isv.invalid-signature"})
        asked = json.loads(values["biz_content"])
        try:
            if method in ("alipay.trade.page.pay", "alipay.trade.wap.pay"):
                return self._show(asked, values["notify_url"])
            facts = self._do(method, asked)
        except b.Refused as refusal:
            code = CODES.get(refusal.code, refusal.code)
            return self._signed(method, {"code": "40004", "msg": "失败", "sub_code": code})
        return self._signed(method, {"code": "10000", "msg": "Success"} | dict(facts))

    def trade_notice(self, payment_no: str, **wrong: Any) -> Message:
        """The signed notice of how a payment stands; ``wrong`` are facts to lie about. Sent again
        it has the same notify_id."""
        opened, last = self.book.opened(payment_no), self.book.last(payment_no)
        assert last is not None
        now = clock.now().astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        values = {
            "notify_id": self.notify_ids.setdefault(payment_no, secrets.token_hex(17)),
            "notify_type": "trade_status_sync",
            "notify_time": now,
            "charset": "utf-8",
            "version": "1.0",
            "app_id": ALIPAY_APP_ID,
            "seller_id": SELLER_ID,
            "out_trade_no": payment_no,
            "trade_no": last.transaction_id,
            "trade_status": STATES[last.kind],
            "total_amount": yuan_of(opened.amount_fen),
            "subject": "模拟订单",
            "gmt_payment": now,
        } | wrong
        return self.sealed(values)

    def sealed(self, values: Mapping[str, str]) -> Message:
        """Values as a signed notice."""
        content = content_of(values, leave_out=frozenset())
        sealed = {**values, "sign_type": "RSA2", "sign": rsa.sign(self.keys.alipay, content)}
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return Message(0, headers, urlencode(sealed).encode())

    def _show(self, asked: Facts, notify_url: str) -> Message:
        """The cashier's page: from now on Alipay knows of the payment."""
        self.book.open_trade(asked["out_trade_no"], fen_of(asked["total_amount"]), notify_url)
        return Message(200, {"Content-Type": "text/html; charset=utf-8"}, b"<p>pay here</p>")

    def _do(self, method: str, asked: Facts) -> Facts:
        steps: dict[str, Callable[[Facts], Facts]] = {
            "alipay.trade.query": self._query,
            "alipay.trade.close": self._close,
            "alipay.trade.refund": self._refund,
            "alipay.trade.fastpay.refund.query": self._query_refund,
            "alipay.data.dataservice.bill.downloadurl.query": self._bill_address,
        }
        return steps[method](asked)

    def _query(self, asked: Facts) -> Facts:
        payment_no = asked["out_trade_no"]
        opened, last = self.book.opened(payment_no), self.book.last(payment_no)
        assert last is not None
        return {
            "out_trade_no": payment_no,
            "trade_no": last.transaction_id,
            "trade_status": STATES[last.kind],
            "total_amount": yuan_of(opened.amount_fen),
            "buyer_logon_id": 'a"}\\b***',  # what a reader of raw JSON must get over
        }

    def _close(self, asked: Facts) -> Facts:
        self.book.close(asked["out_trade_no"])
        return {"out_trade_no": asked["out_trade_no"]}

    def _refund(self, asked: Facts) -> Facts:
        payment_no, number = asked["out_trade_no"], asked["out_request_no"]
        is_new = self.book.state(number) != b.REFUND_DONE
        self.book.ask_refund(payment_no, number, fen_of(asked["refund_amount"]))
        if is_new:
            self.book.end_refund(number)
        return {
            "out_trade_no": payment_no,
            "fund_change": "Y" if is_new else "N",
            "refund_fee": yuan_of(self.book.refunded_fen(payment_no)),
        }

    def _query_refund(self, asked: Facts) -> Facts:
        last = self.book.last(asked["out_request_no"])
        if last is None or last.kind != b.REFUND_DONE:
            return {}
        return {
            "out_trade_no": last.payment_no,
            "out_request_no": last.number,
            "refund_status": "REFUND_SUCCESS",
            "refund_amount": yuan_of(last.amount_fen),
        }

    def _bill_address(self, asked: Facts) -> Facts:
        day = asked["bill_date"]
        if not list(self.book.moved(*clock.bounds(date.fromisoformat(day)))):
            raise b.Refused("isp.bill_not_exist")
        return {"bill_download_url": f"{self.url}/bill/{day}.zip"}

    def _is_ours(self, values: Mapping[str, str]) -> bool:
        content = content_of(values, leave_out=frozenset({"sign"}))
        sign = values.get("sign", "")
        is_app = values.get("app_id") == ALIPAY_APP_ID
        return is_app and rsa.is_signed(self.keys.alipay_app.public_key(), content, sign)

    def _signed(self, method: str, facts: Facts) -> Message:
        answer = json.dumps(facts, ensure_ascii=False)
        sign = rsa.sign(self.keys.alipay, answer.encode())
        name = f"{method.replace('.', '_')}_response"
        body = f'{{"{name}":{answer},"sign":"{sign}"}}'.encode()
        return Message(200, {"Content-Type": "application/json;charset=utf-8"}, body)

    def _bill(self, day: str) -> bytes:
        dashes = "-" * 24
        rows = ["#支付宝业务明细查询", f"#{dashes}业务明细列表{dashes}", BILL_COLUMNS]
        for entry in self.book.moved(*clock.bounds(date.fromisoformat(day))):
            if entry.number not in self.omitted:
                amount_fen = self.changed.get(entry.number, entry.amount_fen)
                rows.append(_bill_row(entry, amount_fen))
        rows += [f"#{dashes}业务明细列表结束{dashes}", "#导出时间", ""]
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr(f"{SELLER_ID}_业务明细.csv", "\r\n".join(rows).encode("gb18030"))
            archive.writestr(f"{SELLER_ID}_业务明细(汇总).csv", b"")
        return content.getvalue()


def _bill_row(entry: b.Entry, amount_fen: int) -> str:
    is_refund = entry.kind == b.REFUND_DONE
    done_at: datetime = entry.at.astimezone(clock.SHANGHAI)
    values = dict.fromkeys(BILL_COLUMNS.split(","), "")
    values |= {
        "支付宝交易号": f"{entry.transaction_id or entry.number}\t",
        "商户订单号": f"{entry.payment_no}\t",
        "业务类型": "退款" if is_refund else "交易",
        "完成时间": done_at.strftime("%Y-%m-%d %H:%M:%S"),
        "订单金额（元）": f"{'-' if is_refund else ''}{yuan_of(amount_fen)}",
        "退款批次号/请求号": f"{entry.number}\t" if is_refund else "",
    }
    return ",".join(values.values())
