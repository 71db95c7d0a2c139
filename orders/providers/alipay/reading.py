"""What Alipay's facts mean to us: trades, and the lines of a bill."""

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from mall.kernel import clock
from orders.providers.amounts import fen_of
from orders.providers.base import NoticeRefused, StatementLine, Trade, TradeState

STATES = {
    "WAIT_BUYER_PAY": TradeState.PENDING,
    "TRADE_CLOSED": TradeState.CLOSED,
    "TRADE_SUCCESS": TradeState.PAID,
    "TRADE_FINISHED": TradeState.PAID,
}
MOST_FIELDS = 100
RESENT_FOR = timedelta(hours=26)
"""Alipay sends a notice again for a day and an hour; an older one is not from Alipay today."""
AHEAD = timedelta(minutes=5)
DETAIL = "业务明细.csv"
MOST_UNPACKED_BYTES = 256 * 1024 * 1024


def fields_of(body: bytes) -> dict[str, str]:
    """The parameters of a notice, each once. Raises: NoticeRefused."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise NoticeRefused("body_malformed") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise NoticeRefused("body_malformed")
    return fields


def check_time(fields: Mapping[str, str], at: datetime) -> None:
    """Refuse what is older than Alipay's last repetition. Raises: NoticeRefused."""
    sent_at = instant(fields.get("notify_time", ""))
    if sent_at is None:
        raise NoticeRefused("timestamp_wrong")
    if not at - RESENT_FOR <= sent_at <= at + AHEAD:
        raise NoticeRefused("timestamp_old")


def trade_of(facts: Mapping[str, Any]) -> Trade:
    """A payment as a notice or an answer tells it. Raises: NoticeRefused."""
    state = STATES.get(str(facts.get("trade_status")))
    if state is None:
        raise NoticeRefused("state_unknown")
    try:
        amount_fen = fen_of(str(facts["total_amount"]))
    except (KeyError, ValueError) as error:
        raise NoticeRefused("amount_missing") from error
    return Trade(
        payment_no=str(facts.get("out_trade_no", ""))[:32],
        state=state,
        transaction_id=str(facts.get("trade_no", ""))[:64],
        amount_fen=amount_fen,
        paid_at=instant(str(facts.get("gmt_payment") or facts.get("send_pay_date") or "")),
    )


def instant(text: str) -> datetime | None:
    """A moment as Alipay writes it, in China's time."""
    try:
        read = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    return read.replace(tzinfo=clock.SHANGHAI)


def statement_of(content: bytes) -> list[StatementLine]:
    """The lines of a daily bill: a CSV in a zip, remarks before and after it. Raises:
    ValueError for what is no bill."""
    rows = _detail(content).splitlines()
    ends = [place for place, row in enumerate(rows) if row.startswith("#--")]
    if len(ends) != 2:
        raise ValueError("the bill is not whole")
    table = csv.DictReader(io.StringIO("\n".join(rows[ends[0] + 1 : ends[1]])))
    return [_line({_bare(k): _bare(v) for k, v in row.items()}) for row in table]


def _detail(content: bytes) -> str:
    """The text of the detailed bill in the zip. Raises: ValueError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                if _is_detail(info):
                    return archive.read(info).decode("gb18030")
    except (zipfile.BadZipFile, zipfile.LargeZipFile) as error:
        raise ValueError("no zip") from error
    raise ValueError("the zip has no detailed bill")


def _is_detail(info: zipfile.ZipInfo) -> bool:
    """Names in the zip are GBK, which Python reads as cp437 unless they are marked."""
    if info.file_size > MOST_UNPACKED_BYTES:
        raise ValueError("the bill is too large")
    name = info.filename
    if not info.flag_bits & 0x800:
        name = name.encode("cp437").decode("gb18030")
    return name.endswith(DETAIL)


def _line(fields: Mapping[str, str]) -> StatementLine:
    is_refund = fields["业务类型"] == "退款"
    number = fields["退款批次号/请求号"] if is_refund else fields["商户订单号"]
    amount_fen = fen_of(fields["订单金额（元）"].lstrip("-"))
    return StatementLine(is_refund, number, amount_fen, fields["支付宝交易号"])


def _bare(text: Any) -> str:
    return str(text or "").strip()
