"""The front door of promotions' reads: wallets, offers, content."""

from promotions.activities import (
    ActivityRule,
    BargainRule,
    FlashRule,
    GroupRule,
    PresaleRule,
    read_activity,
)
from promotions.selectors.activities import activity_of
from promotions.selectors.content import (
    HomeContent,
    announcements,
    help_page,
    home_content,
    hot_words,
    site_words,
)
from promotions.selectors.offers import Deal, deal_on
from promotions.selectors.wallets import (
    claimable_coupons,
    grants,
    offer_state,
    usable_count,
    usable_grants,
)

__all__ = [
    "ActivityRule",
    "BargainRule",
    "Deal",
    "FlashRule",
    "GroupRule",
    "HomeContent",
    "PresaleRule",
    "activity_of",
    "announcements",
    "claimable_coupons",
    "deal_on",
    "grants",
    "help_page",
    "home_content",
    "hot_words",
    "offer_state",
    "read_activity",
    "site_words",
    "usable_count",
    "usable_grants",
]
