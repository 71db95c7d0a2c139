"""What each kind of activity does beside counting pieces, by kind."""

from collections.abc import Mapping

from promotions.models import Campaign
from promotions.services.activities.bargain import BargainActivity
from promotions.services.activities.base import Activity
from promotions.services.activities.flash import FlashActivity
from promotions.services.activities.group import GroupActivity

KINDS: Mapping[str, Activity] = {
    Campaign.Kind.FLASH: FlashActivity(),
    Campaign.Kind.GROUP: GroupActivity(),
    Campaign.Kind.BARGAIN: BargainActivity(),
    Campaign.Kind.PRESALE: Activity(),
}
"""A new kind of activity is one module beside this one and one entry here."""
