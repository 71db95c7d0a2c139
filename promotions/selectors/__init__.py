"""The front door of promotions' reads: wallets, offers, content."""

from promotions.activities import (
    ActivityRule,
    BargainRule,
    FlashRule,
    GroupRule,
    PresaleRule,
    read_activity,
)
from promotions.selectors.activities import (
    ActivityOffer,
    activities_on,
    activity_of,
    offer_named,
)
from promotions.selectors.content import (
    HomeContent,
    announcements,
    help_page,
    home_content,
    hot_words,
    site_words,
)
from promotions.selectors.flashes import dead_activities
from promotions.selectors.luck import (
    PacketView,
    PrizeOdds,
    PrizeReport,
    draws_left,
    draws_of,
    lottery_report,
    packet_of_order,
    packet_totals,
    packet_view,
    packets_of,
    prize_odds,
    public_lottery,
)
from promotions.selectors.offers import Deal, deal_on
from promotions.selectors.wallets import (
    channels_of_batch,
    claimable_coupons,
    grants,
    offer_state,
    usable_count,
    usable_grants,
)

__all__ = [
    "ActivityOffer",
    "ActivityRule",
    "BargainRule",
    "Deal",
    "FlashRule",
    "GroupRule",
    "HomeContent",
    "PacketView",
    "PresaleRule",
    "PrizeOdds",
    "PrizeReport",
    "activities_on",
    "activity_of",
    "announcements",
    "channels_of_batch",
    "claimable_coupons",
    "dead_activities",
    "deal_on",
    "draws_left",
    "draws_of",
    "grants",
    "help_page",
    "home_content",
    "hot_words",
    "lottery_report",
    "offer_named",
    "offer_state",
    "packet_of_order",
    "packet_totals",
    "packet_view",
    "packets_of",
    "prize_odds",
    "public_lottery",
    "read_activity",
    "site_words",
    "usable_count",
    "usable_grants",
]
