"""Reads of the charity: the counter is the book itself. Source: requirements O-31, P-38."""

from dataclasses import dataclass

from mall.kernel import ledger
from orders.models import CharitySettings, Donation
from orders.models.charity import DONATIONS


@dataclass(frozen=True, slots=True)
class CharityView:
    """What the page shows: the cause, what was raised, of how many orders."""

    settings: CharitySettings
    raised_fen: int
    orders: int


def charity_view() -> CharityView:
    """The counter, read from the donation account of the book. Queries: 3."""
    return CharityView(
        settings=CharitySettings.objects.get(pk=1),
        raised_fen=-ledger.balance_of(DONATIONS),
        orders=Donation.objects.filter(reversed_at=None).count(),
    )


def donation_of(order_id: int) -> Donation | None:
    """What was given of one order and not taken back. Queries: 1."""
    found: Donation | None = Donation.objects.filter(order_id=order_id, reversed_at=None).first()
    return found


def charity_settings() -> CharitySettings:
    """The one row. Queries: 1."""
    return CharitySettings.objects.get(pk=1)
