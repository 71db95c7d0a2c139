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
    activities_of_kind,
    activities_on,
    activity_of,
    offer_named,
)
from promotions.selectors.bargains import (
    bargain_by_number,
    bargains_of,
    offer_of_start,
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
from promotions.selectors.teams import (
    nearest_teams,
    open_teams,
    team_by_number,
)
from promotions.selectors.wallets import (
    channels_of_batch,
    claimable_coupons,
    grants,
    offer_state,
    usable_count,
    usable_grants,
    welcome_coupon,
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
    "activities_of_kind",
    "activities_on",
    "activity_of",
    "announcements",
    "bargain_by_number",
    "bargains_of",
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
    "nearest_teams",
    "offer_named",
    "offer_of_start",
    "offer_state",
    "open_teams",
    "packet_of_order",
    "packet_totals",
    "packet_view",
    "packets_of",
    "prize_odds",
    "public_lottery",
    "read_activity",
    "site_words",
    "team_by_number",
    "usable_count",
    "usable_grants",
    "welcome_coupon",
]
