"""Who: accounts, members, tiers, growth, points, addresses, segments."""

from members.models.account import PHONE, Account, Consent, SmsCode, WechatIdentity
from members.models.address import Address
from members.models.growth import GrowthEntry, LoyaltyPolicy, Tier
from members.models.member import Member
from members.models.points import PointsAccount, PointsEntry
from members.models.proof import Authenticator, Proof
from members.models.segment import Segment, SegmentMember
from members.models.sign_in import FailedSignIn, SignIn
from members.models.ticket import Ticket, TicketMessage
from members.models.wallet import Wallet, WalletEntry, WalletPolicy, Withdrawal

__all__ = [
    "Account",
    "Address",
    "Authenticator",
    "Consent",
    "FailedSignIn",
    "GrowthEntry",
    "LoyaltyPolicy",
    "Member",
    "PHONE",
    "PointsAccount",
    "PointsEntry",
    "Proof",
    "Segment",
    "SegmentMember",
    "SignIn",
    "SmsCode",
    "Ticket",
    "TicketMessage",
    "Tier",
    "Wallet",
    "WalletEntry",
    "WalletPolicy",
    "WechatIdentity",
    "Withdrawal",
]
