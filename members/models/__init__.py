"""Who: accounts, members, tiers, growth, points, addresses, segments."""

from members.models.account import Account, Consent, SmsCode, WechatIdentity
from members.models.address import Address
from members.models.growth import GrowthEntry, Tier
from members.models.member import Member
from members.models.points import PointsAccount, PointsEntry
from members.models.segment import Segment, SegmentMember

__all__ = [
    "Account",
    "Address",
    "Consent",
    "GrowthEntry",
    "Member",
    "PointsAccount",
    "PointsEntry",
    "Segment",
    "SegmentMember",
    "SmsCode",
    "Tier",
    "WechatIdentity",
]
