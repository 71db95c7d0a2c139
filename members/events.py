"""What members announce."""

from dataclasses import dataclass
from typing import ClassVar

from mall.kernel.outbox import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Event):
    """A shopper has joined."""

    name: ClassVar[str] = "members.member_joined"
    member_id: int
    invited_by_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChanged(Event):
    """Growth has carried a member into another tier, up or down."""

    name: ClassVar[str] = "members.tier_changed"
    member_id: int
    before: str
    after: str
    is_rise: bool
