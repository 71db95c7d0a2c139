"""What the shop gave with an order: the donation, the red packet to share."""

from typing import Any

from django.urls import reverse

from mall.kernel.words import localized
from orders.models import Order
from orders.selectors import charity_settings, donation_of
from promotions.selectors import packet_of_order


def given_with(order: Order) -> dict[str, Any]:
    """{donation: {amount_fen, cause}, packet: {url, total_fen, shares}}, None where there is none.

    Queries: 3 at most, none for an order that was never paid.
    """
    if order.paid_at is None:
        return {"donation": None, "packet": None}
    donation, packet = donation_of(order.pk), packet_of_order(order.number)
    return {
        "donation": donation
        and {
            "amount_fen": donation.amount_fen,
            "cause": localized(charity_settings(), "cause"),
        },
        "packet": packet
        and packet.left_fen
        and {
            "url": reverse("storefront:packet", args=[packet.code]),
            "total_fen": packet.total_fen,
            "shares": packet.shares,
        },
    }
