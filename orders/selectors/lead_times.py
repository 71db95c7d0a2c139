"""How fast orders go through the house, warehouse by warehouse, beside what it aims at.

Source: requirement O-25. Measured per parcel: paid -> checked -> packed -> shipped -> signed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    Avg,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from orders.models import FulfilmentPolicy, OrderCheck, Packing, Shipment

STEPS = ("check", "pack", "ship", "sign")
"""paid -> checked, checked -> packed, packed -> shipped, shipped -> signed."""


@dataclass(frozen=True, slots=True)
class LeadTime:
    """The parcels of one warehouse in a span: average time of each step, None where nothing was
    measured, and from paid to shipped over all."""

    warehouse_id: int | None
    parcels: int
    steps: dict[str, timedelta | None]
    pay_to_ship: timedelta | None


def lead_times(*, start: datetime, end: datetime) -> list[LeadTime]:
    """Parcels that left in a span, by warehouse. Queries: 1."""
    rows = (
        _measured(Shipment.objects.filter(shipped_at__gte=start, shipped_at__lt=end))
        .order_by()
        .values("warehouse_id")
        .annotate(
            parcels=Count("pk"),
            check_time=Avg(_span("order__paid_at", "checked_at")),
            pack_time=Avg(_span("checked_at", "packed_at")),
            ship_time=Avg(_span("packed_at", "shipped_at")),
            sign_time=Avg(_span("shipped_at", "signed_at")),
            whole=Avg(_span("order__paid_at", "shipped_at")),
        )
        .order_by("warehouse_id")
    )
    return [
        LeadTime(
            warehouse_id=row["warehouse_id"],
            parcels=row["parcels"],
            steps={
                "check": row["check_time"],
                "pack": row["pack_time"],
                "ship": row["ship_time"],
                "sign": row["sign_time"],
            },
            pay_to_ship=row["whole"],
        )
        for row in rows
    ]


def targets(policy: FulfilmentPolicy) -> dict[str, timedelta]:
    """What the house aims at, by step. Queries: none."""
    return {step: timedelta(hours=getattr(policy, f"{step}_hours")) for step in STEPS}


def _measured(parcels: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """Parcels with when their order was checked (when it was paid, if nobody had to) and packed."""
    checks = OrderCheck.objects.filter(order=OuterRef("order"), verdict="passed").order_by()
    decided = checks.values("order").annotate(at=Max("decided_at")).values("at")
    packings = Packing.objects.filter(
        order=OuterRef("order"), warehouse=OuterRef("warehouse"), packed_at__isnull=False
    )
    packed = packings.order_by().values("order").annotate(at=Min("packed_at")).values("at")
    return parcels.filter(order__paid_at__isnull=False, carrier__isnull=False).annotate(
        checked_at=Coalesce(Subquery(decided), F("order__paid_at"), output_field=DateTimeField()),
        packed_at=Subquery(packed, output_field=DateTimeField()),
    )


def _span(since: str, until: str) -> ExpressionWrapper:
    return ExpressionWrapper(F(until) - F(since), output_field=DurationField())
