"""The front door of promotions' reads: wallets, offers, content."""

from promotions.selectors.content import (
    HomeContent,
    announcements,
    help_page,
    help_pages,
    home_content,
    hot_words,
)
from promotions.selectors.offers import product_offers
from promotions.selectors.wallets import (
    claimable_coupons,
    grants,
    offer_state,
    usable_count,
    usable_grants,
)

__all__ = [
    "HomeContent",
    "announcements",
    "claimable_coupons",
    "grants",
    "help_page",
    "help_pages",
    "home_content",
    "hot_words",
    "offer_state",
    "product_offers",
    "usable_count",
    "usable_grants",
]
