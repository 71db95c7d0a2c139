"""How well carriers do, and which of them to take. Source: requirement I-21."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Sum

from mall.kernel.money import FULL_RATE_BP, half_up
from orders.carriers.choosing import Ask, Choice, ranked
from orders.models import Carrier, Shipment
from orders.services.fulfilment.carrying import areas_of


@dataclass(frozen=True, slots=True)
class Rating:
    """A carrier's parcels of a span: how many came in time of those whose time is known, how many
    were damaged, what one costs."""

    carrier: Carrier
    parcels: int
    judged: int
    on_time: int
    damaged: int
    cost_fen: int

    @property
    def on_time_bp(self) -> int | None:
        """In time, in basis points; None before any was due."""
        return half_up(self.on_time * FULL_RATE_BP, self.judged) if self.judged else None

    @property
    def damaged_bp(self) -> int | None:
        """Damaged of all, in basis points."""
        return half_up(self.damaged * FULL_RATE_BP, self.parcels) if self.parcels else None

    @property
    def each_fen(self) -> int | None:
        """What a parcel costs on average."""
        return half_up(self.cost_fen, self.parcels) if self.parcels else None


def ratings(*, start: datetime, end: datetime, at: datetime) -> list[Rating]:
    """Every carrier with its parcels of a span, the most punctual first, then the less damaging,
    then the cheap. Queries: 2."""
    judged = Q(promised_at__isnull=False) & (Q(signed_at__isnull=False) | Q(promised_at__lte=at))
    sent = Shipment.objects.filter(shipped_at__gte=start, shipped_at__lt=end)
    rows: dict[str, Mapping[str, Any]] = {
        str(row["carrier_id"]): row  # its code
        for row in sent.order_by()
        .values("carrier_id")
        .annotate(
            parcels=Count("pk"),
            judged=Count("pk", filter=judged),
            on_time=Count("pk", filter=judged & Q(signed_at__lte=F("promised_at"))),
            damaged=Count("pk", filter=Q(is_damaged=True)),
            cost_fen=Sum("cost_fen"),
        )
    }
    found = [_rating(carrier, rows.get(carrier.code, {})) for carrier in Carrier.objects.all()]
    return sorted(found, key=_rank)


def _rating(carrier: Carrier, row: Mapping[str, Any]) -> Rating:
    return Rating(
        carrier=carrier,
        parcels=row.get("parcels", 0),
        judged=row.get("judged", 0),
        on_time=row.get("on_time", 0),
        damaged=row.get("damaged", 0),
        cost_fen=row.get("cost_fen", 0),
    )


def _rank(rating: Rating) -> tuple[bool, int, int, int, int]:
    return (
        rating.parcels == 0,
        -(rating.on_time_bp or 0),
        rating.damaged_bp or 0,
        rating.each_fen or 0,
        rating.carrier.pk,
    )


def carriers_for(
    *, region_code: str, grams: int, hours: int | None, start: datetime, at: datetime
) -> list[Ask]:
    """Carriers that go there, the one to take first: the cheapest that keeps the promise of
    ``hours``; punctuality since ``start`` decides between equals. Queries: 3."""
    known = [row for row in ratings(start=start, end=at, at=at) if row.carrier.is_active]
    areas = areas_of(row.carrier for row in known)
    choices = [Choice(row.carrier.code, areas[row.carrier.code], row.on_time_bp) for row in known]
    return ranked(choices, region_code=region_code, grams=grams, hours=hours)
