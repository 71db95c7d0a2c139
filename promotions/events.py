"""What has happened to promotions."""

import dataclasses
from typing import ClassVar

from mall.kernel.outbox import Event


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CouponClaimed(Event):
    """A member took a coupon."""

    name: ClassVar[str] = "promotions.coupon_claimed"
    coupon_id: int
    grant_id: int
    member_id: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CouponsIssued(Event):
    """The shop gave a coupon to some members."""

    name: ClassVar[str] = "promotions.coupons_issued"
    coupon_id: int
    source_type: str
    source_id: str
    member_ids: tuple[int, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CouponDispatched(Event):
    """A dispatch has served its whole segment, or stopped for want of pieces."""

    name: ClassVar[str] = "promotions.coupon_dispatched"
    dispatch_id: int
    issued: int
    skipped: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CampaignChanged(Event):
    """A live campaign began, changed or was stopped: prices may differ from now on."""

    name: ClassVar[str] = "promotions.campaign_changed"
    campaign_id: int
    status: str
    version: int
