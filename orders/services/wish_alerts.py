"""Who keeps goods in mind or in the cart hears that few are left, and that an offer for a short
time has begun (P-67). What a price fell to is told by ``price_alerts``.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from inventory.selectors import scarce_products
from mall.kernel.notify import notify
from orders.messages import FEW_LEFT, OFFER_BEGAN
from orders.services.price_alerts import keepers_of, news_of, told_since
from promotions.selectors import offers_begun

WEEK, DAY = timedelta(days=7), timedelta(hours=24)
FRESH = timedelta(hours=1)
"""An offer that began longer ago is no news; runs are five minutes apart."""


def tell_of_few_left(*, at: datetime) -> int:
    """Tell members whose favourites or cart lines are nearly sold out; returns how many messages.

    Of a product once a week at most. Queries: 2, and 4 for each of the first 200 products that are
    news to somebody; the next run tells of the others.
    """
    left = scarce_products()
    return sum(
        _tell(FEW_LEFT, product_id, {**words, "left": left[product_id]}, at, silence=WEEK)
        for product_id, words in news_of(FEW_LEFT, left, at - WEEK).items()
    )


def tell_of_offers(*, at: datetime) -> int:
    """Tell members whose favourites or cart lines take part in a sale or flash sale that has just
    begun for everybody; returns how many messages.

    Of a product once in 24 hours at most. Queries: 3, and 4 for each of the first 200 products that
    are news to somebody; the next run tells of the others.
    """
    begun = {one.product_id: one for one in offers_begun(at, FRESH)}
    told = 0
    for product_id, words in news_of(OFFER_BEGAN, begun, at - DAY).items():
        offer = begun[product_id]
        until = timezone.localtime(offer.ends_at).strftime("%m-%d %H:%M")
        facts = {**words, "now_fen": offer.price_fen, "until": until}
        told += _tell(OFFER_BEGAN, product_id, facts, at, silence=DAY)
    return told


@transaction.atomic
def _tell(
    template: str, product_id: int, facts: Mapping[str, Any], at: datetime, *, silence: timedelta
) -> int:
    """One product, told to whom it is news."""
    hearers = keepers_of(product_id)
    hearers -= told_since(template, hearers, product_id, at - silence)
    notify(
        sorted(hearers),
        template,
        {**facts, "product_id": product_id},
        at=at,
        route=("storefront:product", (product_id,)),
        source=f"{template}:{product_id}:{at:%Y-%m-%dT%H:%M}",
    )
    return len(hearers)
