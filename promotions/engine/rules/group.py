"""拼团: a price for those who buy as a team. Source: plan 000, 拼团."""

from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.rules.activity import PricedActivity


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPrice(PricedActivity):
    """The price of one piece in a team. The offer's reference is the team, "" opens a new one."""

    kind: ClassVar[str] = "group"
