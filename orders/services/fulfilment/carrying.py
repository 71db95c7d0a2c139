"""Carriers: the usual ones, what a parcel costs with each, and which one to take.

Source: requirement I-21.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from mall.kernel import audit
from mall.kernel.errors import NotFound
from members.models import Account
from orders.carriers.choosing import Area
from orders.models import Carrier, CarrierPrice, Shipment
from orders.models.carrier import STANDARD


def make_usual_carriers() -> int:
    """Make the carriers that every shop begins with, where they are missing; returns how many.

    Runs after every migrate. Queries: 1 when nothing is missing.
    """
    known = set(Carrier.objects.values_list("code", flat=True))
    missing = list(_missing(known))
    Carrier.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _missing(known: Iterable[str]) -> Iterable[Carrier]:
    for position, (code, title_zh, title_en) in enumerate(STANDARD, start=1):
        if code not in known:
            yield Carrier(code=code, title_zh=title_zh, title_en=title_en, position=position)


def areas_of(carriers: Iterable[Carrier]) -> dict[str, list[Area]]:
    """The price tables of carriers, by code. Queries: 1."""
    codes = {carrier.pk: carrier.code for carrier in carriers}
    tables: dict[str, list[Area]] = {code: [] for code in codes.values()}
    for row in CarrierPrice.objects.filter(carrier_id__in=codes):
        tables[codes[row.carrier_id]].append(
            Area(
                prefix=row.region_prefix,
                first_grams=row.first_grams,
                first_fen=row.first_fen,
                more_grams=row.more_grams,
                more_fen=row.more_fen,
                promise_hours=row.promise_hours,
            )
        )
    return tables


@transaction.atomic
def note_damage(*, shipment_number: str, reason: str, actor: Account, at: datetime) -> None:
    """A parcel arrived damaged; again changes nothing. Raises: NotFound."""
    shipment = Shipment.objects.filter(number=shipment_number).first()
    if shipment is None:
        raise NotFound
    if Shipment.objects.filter(pk=shipment.pk, is_damaged=False).update(is_damaged=True):
        audit.record(actor=actor, verb="orders.note_damage", target=shipment, at=at, reason=reason)
