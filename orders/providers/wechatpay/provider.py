"""WeChat Pay as the mall sees it: a provider like any other."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import quote

from mall.kernel import clock
from orders.providers import rsa, wire
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
from orders.providers.wechatpay.account import read_account
from orders.providers.wechatpay.client import Client, NotSigned, Told
from orders.providers.wechatpay.reading import refund_of, statement_of, trade_of

Facts = Mapping[str, Any]
Word = TypeVar("Word", Trade, RefundWord)
CODE = "wechatpay"
JSAPI, NATIVE, H5 = "jsapi", "native", "h5"
REFUNDS = "/v3/refund/domestic/refunds"
GONE = "ORDER_NOT_EXIST"
NO_BILL = "NO_STATEMENT_EXIST"
AWAY = frozenset({"SYSTEM_ERROR", "FREQUENCY_LIMITED", "FREQUENCY_LIMIT_EXCEED"})


class WechatpayProvider:
    """Payments inside WeChat, by code on another screen, and from a phone's browser."""

    code = CODE
    scenes = frozenset({JSAPI, NATIVE, H5})

    def __init__(self, channel: Mapping[str, str]) -> None:
        self.account = read_account(channel)
        pinned = {channel["platform_serial"]: rsa.public_key_of(channel["platform_key_file"])}
        self.client = Client(self.account, pinned)

    def start(self, bill: Bill, *, at: datetime) -> Action:
        order: dict[str, Any] = {
            "appid": self.account.appid,
            "mchid": self.account.mchid,
            "description": bill.order_number,
            "out_trade_no": bill.payment_no,
            "time_expire": bill.expires_at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
            "notify_url": self.account.notify_url,
            "amount": {"total": bill.amount_fen, "currency": "CNY"},
        }
        if bill.scene == JSAPI:
            order["payer"] = {"openid": bill.payer.openid}
        if bill.scene == H5:
            order["scene_info"] = {
                "payer_client_ip": bill.payer.ip,
                "h5_info": {"type": "Wap"},
            }
        told = self._call("POST", f"/v3/pay/transactions/{bill.scene}", order)
        if told.status != 200:
            raise ProviderUnavailable(told.code)
        return self._action(bill, told.facts)

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        try:
            self.client.check(headers, body, at=at)
            envelope = json.loads(body)
            facts = json.loads(self.client.unseal(envelope["resource"]))
            notice_id, event = str(envelope["id"])[:64], str(envelope["event_type"])
        except NotSigned as error:
            raise NoticeRefused(error.reason) from error
        except ProviderUnavailable as error:
            raise NoticeRefused("serial_unknown") from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise NoticeRefused("body_malformed") from error
        if not isinstance(facts, dict):
            raise NoticeRefused("body_malformed")
        if event.startswith("REFUND."):
            self._check_ours(facts, "mchid")
            return Notice(notice_id, refund=refund_of(facts))
        self._check_ours(facts, "mchid", "appid")
        return Notice(notice_id, trade=trade_of(facts))

    def query(self, payment_no: str, *, at: datetime) -> Trade:
        told = self._call("GET", f"{_payment(payment_no)}?mchid={self.account.mchid}")
        if told.code == GONE:
            return Trade(payment_no, TradeState.UNKNOWN)
        trade = self._believed(told, trade_of, "mchid", "appid")
        if trade.payment_no != payment_no:
            raise ProviderUnavailable("another payment")
        return trade

    def close(self, payment_no: str, *, at: datetime) -> Trade:
        told = self._call("POST", f"{_payment(payment_no)}/close", {"mchid": self.account.mchid})
        if told.status == 204:
            return Trade(payment_no, TradeState.CLOSED)
        return self.query(payment_no, at=at)

    def refund(self, repayment: Repayment, *, at: datetime) -> RefundWord:
        told = self._call(
            "POST",
            REFUNDS,
            {
                "out_trade_no": repayment.payment_no,
                "out_refund_no": repayment.refund_no,
                "notify_url": self.account.notify_url,
                "amount": {
                    "refund": repayment.amount_fen,
                    "total": repayment.total_fen,
                    "currency": "CNY",
                },
            },
        )
        if told.status != 200:
            return RefundWord(repayment.refund_no, TradeState.FAILED, 0, told.code)
        return self._refund_word(told, repayment)

    def query_refund(self, repayment: Repayment, *, at: datetime) -> RefundWord:
        told = self._call("GET", f"{REFUNDS}/{quote(repayment.refund_no, safe='')}")
        if told.status == 404:
            return RefundWord(repayment.refund_no, TradeState.UNKNOWN, 0)
        return self._refund_word(told, repayment)

    def statement(self, day: date, *, at: datetime) -> list[StatementLine] | None:
        told = self._call("GET", f"/v3/bill/tradebill?bill_date={day.isoformat()}&bill_type=ALL")
        if told.code == NO_BILL:
            return None
        try:
            url, digest = str(told.facts["download_url"]), str(told.facts["hash_value"])
            content = self.client.download(url)
            if hashlib.sha1(content, usedforsecurity=False).hexdigest() != digest.lower():
                raise ProviderUnavailable("the bill was changed on its way")
            return statement_of(content.decode())
        except (KeyError, ValueError) as error:
            raise ProviderUnavailable("no bill") from error

    def _call(self, method: str, path: str, payload: Mapping[str, Any] | None = None) -> Told:
        told = self.client.call(method, path, payload)
        if told.code in AWAY:
            raise ProviderUnavailable(told.code)
        return told

    def _action(self, bill: Bill, facts: Mapping[str, Any]) -> Action:
        if bill.scene == NATIVE:
            return Action(type="qr", code_url=_word(facts, "code_url"))
        if bill.scene == H5:
            url = _word(facts, "h5_url")
            back = f"&redirect_url={quote(bill.payer.return_url, safe='')}"
            return Action(type="redirect", url=url + back if bill.payer.return_url else url)
        return Action(type="wx_params", params=self._wx_params(_word(facts, "prepay_id")))

    def _wx_params(self, prepay_id: str) -> dict[str, str]:
        """What the mini-program hands to wx.requestPayment."""
        timestamp, nonce = str(int(wire.moment().timestamp())), secrets.token_hex(16)
        package = f"prepay_id={prepay_id}"
        message = f"{self.account.appid}\n{timestamp}\n{nonce}\n{package}\n".encode()
        return {
            "appId": self.account.appid,
            "timeStamp": timestamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": rsa.sign(self.account.private_key, message),
        }

    def _check_ours(self, facts: Mapping[str, Any], *names: str) -> None:
        if any(facts.get(name) != getattr(self.account, name) for name in names):
            raise NoticeRefused("merchant_wrong")

    def _refund_word(self, told: Told, repayment: Repayment) -> RefundWord:
        word = self._believed(told, refund_of)
        if word.refund_no != repayment.refund_no:
            raise ProviderUnavailable("another refund")
        return word

    def _believed(self, told: Told, read: Callable[[Facts], Word], *ours: str) -> Word:
        """A signed answer about one of ours. Raises: ProviderUnavailable for anything else."""
        if told.status != 200:
            raise ProviderUnavailable(told.code)
        try:
            self._check_ours(told.facts, *ours)
            return read(told.facts)
        except NoticeRefused as error:
            raise ProviderUnavailable(error.reason) from error


def _payment(payment_no: str) -> str:
    return f"/v3/pay/transactions/out-trade-no/{quote(payment_no, safe='')}"


def _word(facts: Mapping[str, Any], name: str) -> str:
    value = facts.get(name)
    if not isinstance(value, str) or not value:
        raise ProviderUnavailable(f"no {name}")
    return value
