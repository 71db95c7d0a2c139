"""The operators' screens of members."""

from members.admin.ledgers import GrowthEntryAdmin, PointsEntryAdmin
from members.admin.member import MemberAdmin
from members.admin.operator import OperatorAdmin
from members.admin.segment import SegmentAdmin
from members.admin.ticket import TicketAdmin
from members.admin.tier import LoyaltyPolicyAdmin, TierAdmin
from members.admin.wallet import (
    WalletAdmin,
    WalletEntryAdmin,
    WalletPolicyAdmin,
    WithdrawalAdmin,
)

__all__ = [
    "GrowthEntryAdmin",
    "LoyaltyPolicyAdmin",
    "MemberAdmin",
    "OperatorAdmin",
    "PointsEntryAdmin",
    "SegmentAdmin",
    "TicketAdmin",
    "TierAdmin",
    "WalletAdmin",
    "WalletEntryAdmin",
    "WalletPolicyAdmin",
    "WithdrawalAdmin",
]
