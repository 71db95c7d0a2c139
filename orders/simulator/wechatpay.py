"""WeChat Pay's side of API v3: verifies our requests, answers signed, writes notices and bills."""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mall.kernel import clock
from orders.providers import rsa
from orders.providers.amounts import yuan_of
from orders.simulator import book as b
from orders.simulator.keys import APP_ID, MERCHANT_ID, MERCHANT_SERIAL, Keys, PlatformKey
from orders.simulator.speech import Message, Sent

START = re.compile(r"/v3/pay/transactions/(jsapi|native|h5)")
TRADE = re.compile(r"/v3/pay/transactions/out-trade-no/([\w*|-]+)")
CLOSE = re.compile(r"/v3/pay/transactions/out-trade-no/([\w*|-]+)/close")
REFUND = re.compile(r"/v3/refund/domestic/refunds/([\w*|-]+)")
TRADE_STATES = {b.OPENED: "NOTPAY", b.PAID: "SUCCESS", b.FAILED: "PAYERROR", b.CLOSED: "CLOSED"}
REFUND_STATES = {
    b.REFUND_ASKED: "PROCESSING",
    b.REFUND_DONE: "SUCCESS",
    b.REFUND_FAILED: "ABNORMAL",
}
BILL_COLUMNS = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)


class WechatPay:
    """One merchant's provider."""

    def __init__(self, keys: Keys, url: str) -> None:
        self.keys = keys
        self.url = url
        self.book = b.Book("wechatpay")
        self.signer: PlatformKey = keys.platform
        self.omitted: set[str] = set()
        self.changed: dict[str, int] = {}

    def answer(self, sent: Sent) -> Message:
        """What comes back for a request."""
        path = urlsplit(sent.target).path
        if not self._is_merchants(sent):
            return self._signed(401, {"code": "SIGN_ERROR", "message": "签名错误"})
        if path == "/v3/certificates":
            return self._signed(200, {"data": [self._certificate(self.keys.next_platform)]})
        if path == "/v3/bill/tradebill":
            return self._bill_address(sent)
        if path == "/billdownload/file":
            return Message(200, {}, self._bill(_query(sent, "day")))
        try:
            return self._signed(*self._do(sent.method, path, sent.body))
        except b.Refused as refusal:
            status = 404 if refusal.code in ("ORDER_NOT_EXIST", "RESOURCE_NOT_EXISTS") else 400
            return self._signed(status, {"code": refusal.code, "message": "simulated"})

    def trade_notice(self, payment_no: str, **wrong: Any) -> Message:
        """The signed notice of how a payment stands; ``wrong`` are facts to lie about."""
        facts = self._trade(payment_no) | wrong
        event = f"TRANSACTION.{'SUCCESS' if facts['trade_state'] == 'SUCCESS' else 'FAIL'}"
        return self._notice(event, "transaction", facts)

    def refund_notice(self, refund_no: str, **wrong: Any) -> Message:
        """The signed notice of how a refund ended."""
        facts = self._refund(refund_no)
        facts["refund_status"] = facts.pop("status")
        facts |= {"mchid": MERCHANT_ID} | wrong
        return self._notice(f"REFUND.{facts['refund_status']}", "refund", facts)

    def stamp(self, body: bytes, *, at: float | None = None) -> dict[str, str]:
        """The headers over a body: time, nonce, serial, signature."""
        timestamp, nonce = (
            str(int(clock.now().timestamp() if at is None else at)),
            secrets.token_hex(16),
        )
        message = f"{timestamp}\n{nonce}\n".encode() + body + b"\n"
        return {
            "Wechatpay-Timestamp": timestamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": self.signer.serial,
            "Wechatpay-Signature": rsa.sign(self.signer.private, message),
        }

    def _do(self, method: str, path: str, body: bytes) -> tuple[int, Mapping[str, Any]]:
        asked = json.loads(body) if body else {}
        steps: dict[tuple[str, re.Pattern[str]], Callable[[str, Any], Any]] = {
            ("POST", START): self._start,
            ("POST", CLOSE): self._close,
            ("GET", TRADE): lambda number, _asked: (200, self._trade(number)),
            ("GET", REFUND): lambda number, _asked: (200, self._refund(number)),
        }
        for (verb, pattern), step in steps.items():
            match = pattern.fullmatch(path)
            if verb == method and match:
                found: tuple[int, Mapping[str, Any]] = step(match[1], asked)
                return found
        if (method, path) == ("POST", "/v3/refund/domestic/refunds"):
            return self._ask_refund(asked)
        raise b.Refused("RESOURCE_NOT_EXISTS")

    def _start(self, scene: str, asked: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        if (asked["appid"], asked["mchid"]) != (APP_ID, MERCHANT_ID):
            raise b.Refused("PARAM_ERROR")
        if scene == "jsapi" and not asked["payer"]["openid"]:
            raise b.Refused("PARAM_ERROR")
        if scene == "h5" and not asked["scene_info"]["payer_client_ip"]:
            raise b.Refused("PARAM_ERROR")
        number = asked["out_trade_no"]
        self.book.open_trade(number, asked["amount"]["total"], asked["notify_url"])
        answers = {
            "jsapi": {"prepay_id": f"wx{number}"},
            "native": {"code_url": f"weixin://wxpay/bizpayurl?pr={number}"},
            "h5": {"h5_url": f"{self.url}/h5?prepay_id=wx{number}"},
        }
        return 200, answers[scene]

    def _close(self, payment_no: str, asked: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        self.book.close(payment_no)
        return 204, {}

    def _ask_refund(self, asked: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        payment_no, amount = asked["out_trade_no"], asked["amount"]
        if amount["total"] != self.book.opened(payment_no).amount_fen:
            raise b.Refused("PARAM_ERROR")
        self.book.ask_refund(payment_no, asked["out_refund_no"], amount["refund"])
        return 200, self._refund(asked["out_refund_no"])

    def _trade(self, payment_no: str) -> dict[str, Any]:
        opened, last = self.book.opened(payment_no), self.book.last(payment_no)
        assert last is not None
        return {
            "appid": APP_ID,
            "mchid": MERCHANT_ID,
            "out_trade_no": payment_no,
            "transaction_id": last.transaction_id,
            "trade_type": "NATIVE",
            "trade_state": TRADE_STATES[last.kind],
            "trade_state_desc": "simulated",
            "success_time": last.at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
            "amount": {
                "total": opened.amount_fen,
                "payer_total": opened.amount_fen,
                "currency": "CNY",
                "payer_currency": "CNY",
            },
        }

    def _refund(self, refund_no: str) -> dict[str, Any]:
        last = self.book.last(refund_no)
        if last is None:
            raise b.Refused("RESOURCE_NOT_EXISTS")
        opened = self.book.opened(last.payment_no)
        return {
            "refund_id": f"50{refund_no}",
            "out_refund_no": refund_no,
            "out_trade_no": last.payment_no,
            "status": REFUND_STATES[last.kind],
            "amount": {
                "total": opened.amount_fen,
                "refund": last.amount_fen,
                "currency": "CNY",
            },
        }

    def _is_merchants(self, sent: Sent) -> bool:
        schema, _space, rest = sent.headers.get("authorization", "").partition(" ")
        parts = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        message = (
            f"{sent.method}\n{sent.target}\n{parts.get('timestamp')}\n{parts.get('nonce_str')}\n"
        ).encode()
        return (
            schema == "WECHATPAY2-SHA256-RSA2048"
            and parts.get("mchid") == MERCHANT_ID
            and parts.get("serial_no") == MERCHANT_SERIAL
            and abs(clock.now().timestamp() - int(parts.get("timestamp", "0"))) <= 300
            and rsa.is_signed(
                self.keys.merchant.public_key(),
                message + sent.body + b"\n",
                parts.get("signature", ""),
            )
        )

    def _signed(self, status: int, facts: Mapping[str, Any]) -> Message:
        body = b"" if status == 204 else json.dumps(facts, ensure_ascii=False).encode()
        return Message(status, {"Content-Type": "application/json"} | self.stamp(body), body)

    def _notice(self, event: str, kind: str, facts: Mapping[str, Any]) -> Message:
        notice = {
            "id": secrets.token_hex(16),
            "create_time": clock.now().astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
            "resource_type": "encrypt-resource",
            "event_type": event,
            "summary": "simulated",
            "resource": {"original_type": kind} | self._sealed(json.dumps(facts).encode(), kind),
        }
        body = json.dumps(notice).encode()
        return Message(0, {"Content-Type": "application/json"} | self.stamp(body), body)

    def _sealed(self, plain: bytes, kind: str) -> dict[str, str]:
        nonce = secrets.token_hex(6)
        sealed = AESGCM(self.keys.api_key).encrypt(nonce.encode(), plain, kind.encode())
        return {
            "algorithm": "AEAD_AES_256_GCM",
            "associated_data": kind,
            "nonce": nonce,
            "ciphertext": base64.b64encode(sealed).decode(),
        }

    def _certificate(self, key: PlatformKey) -> dict[str, Any]:
        return {
            "serial_no": key.serial,
            "encrypt_certificate": self._sealed(key.certificate, "certificate"),
        }

    def _bill_address(self, sent: Sent) -> Message:
        day = _query(sent, "bill_date")
        content = self._bill(day)
        if content.count(b"\n") <= 3:
            return self._signed(400, {"code": "NO_STATEMENT_EXIST", "message": "账单不存在"})
        facts = {
            "hash_type": "SHA1",
            "hash_value": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
            "download_url": f"{self.url}/billdownload/file?day={day}",
        }
        return self._signed(200, facts)

    def _bill(self, day: str) -> bytes:
        rows = [BILL_COLUMNS]
        for entry in self.book.moved(*clock.bounds(date.fromisoformat(day))):
            if entry.number not in self.omitted:
                amount_fen = self.changed.get(entry.number, entry.amount_fen)
                rows.append(_bill_row(entry, amount_fen))
        rows += ["总交易单数,应结订单总金额", f"`{len(rows) - 1},`0.00", ""]
        return ("\ufeff" + "\r\n".join(rows)).encode()


def _bill_row(entry: b.Entry, amount_fen: int) -> str:
    is_refund = entry.kind == b.REFUND_DONE
    values = dict.fromkeys(BILL_COLUMNS.split(","), "")
    values |= {
        "交易时间": entry.at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
        "公众账号ID": APP_ID,
        "商户号": MERCHANT_ID,
        "商户订单号": entry.payment_no,
        "交易状态": "REFUND" if is_refund else "SUCCESS",
        "货币种类": "CNY",
    }
    if is_refund:
        values |= {
            "微信退款单号": f"50{entry.number}",
            "商户退款单号": entry.number,
            "申请退款金额": yuan_of(amount_fen),
        }
    else:
        values |= {"微信订单号": entry.transaction_id, "订单金额": yuan_of(amount_fen)}
    return ",".join(f"`{value}" for value in values.values())


def _query(sent: Sent, name: str) -> str:
    return parse_qs(urlsplit(sent.target).query)[name][0]
