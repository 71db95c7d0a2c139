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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BudgetAlmostSpent(Event):
    """A campaign's budget passed 90 %, or its end: then it has stopped."""

    name: ClassVar[str] = "promotions.budget_almost_spent"
    campaign_id: int
    spent_fen: int
    budget_fen: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FlashSaleApproved(Event):
    """A flash sale may go live as soon as its pieces are set aside."""

    name: ClassVar[str] = "promotions.flash_sale_approved"
    campaign_id: int
    version: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GroupEvent(Event):
    """A team of a group buy has ended. Its orders carry its number as their reference."""

    name: ClassVar[str] = "promotions.group_event"
    campaign_id: int
    team_number: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GroupSucceeded(GroupEvent):
    """Every seat of a team is paid: its orders go on."""

    name: ClassVar[str] = "promotions.group_succeeded"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GroupFailed(GroupEvent):
    """A team's time was over before every seat was paid: its orders end, the money goes back."""

    name: ClassVar[str] = "promotions.group_failed"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalAsked(Event):
    """An operator wants campaigns tried on past orders."""

    name: ClassVar[str] = "promotions.rehearsal_asked"
    rehearsal_id: int
