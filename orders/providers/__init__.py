"""The payment providers behind one interface; which are offered is a setting
(PAYMENT_PROVIDERS)."""

from orders.providers.base import (
    Action,
    Bill,
    Notice,
    NoticeRefused,
    Payer,
    Provider,
    ProviderUnavailable,
    RefundWord,
    Repayment,
    StatementLine,
    Trade,
    TradeState,
)
from orders.providers.registry import NONE, known, offered, provider_of

__all__ = [
    "NONE",
    "Action",
    "Bill",
    "Notice",
    "NoticeRefused",
    "Payer",
    "Provider",
    "ProviderUnavailable",
    "RefundWord",
    "Repayment",
    "StatementLine",
    "Trade",
    "TradeState",
    "known",
    "offered",
    "provider_of",
]
