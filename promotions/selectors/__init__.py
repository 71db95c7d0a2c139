"""The front door of promotions' reads: wallets, offers, content."""

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
    "Deal",
    "HomeContent",
    "announcements",
    "claimable_coupons",
    "deal_on",
    "grants",
    "help_page",
    "home_content",
    "hot_words",
    "offer_state",
    "site_words",
    "usable_count",
    "usable_grants",
]
