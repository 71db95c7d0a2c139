"""What each kind of activity does beside counting pieces, by kind."""

from collections.abc import Mapping

from promotions.models import Campaign
from promotions.services.activities.base import Activity

KINDS: Mapping[str, Activity] = {
    Campaign.Kind.FLASH: Activity(),
    Campaign.Kind.GROUP: Activity(),
    Campaign.Kind.BARGAIN: Activity(),
    Campaign.Kind.PRESALE: Activity(),
}
"""A new kind of activity is one module beside this one and one entry here."""

__all__ = ["KINDS", "Activity"]
