"""Risk of placing and paying: who is shut out, what an attempt looks like, what is decided."""

from orders.services.risk.admitting import UnpaidCaps, admit_order, hold_unpaid
from orders.services.risk.assessing import assess_payment
from orders.services.risk.blocking import block, unblock
from orders.services.risk.policing import save_risk_policy
from orders.services.risk.reviewing import risk_reasons

__all__ = [
    "UnpaidCaps",
    "admit_order",
    "assess_payment",
    "block",
    "hold_unpaid",
    "risk_reasons",
    "save_risk_policy",
    "unblock",
]
