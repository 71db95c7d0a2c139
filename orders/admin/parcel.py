"""Parcels: what left with whom, and where it was seen."""

from functools import partial

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from mall.kernel.admin import ReadOnlyAdmin, ReadOnlyInline, VerbPage
from orders import services
from orders.admin.forms import TraceForm
from orders.models import Shipment, ShipmentLine, ShipmentTrace


class ShipmentLineInline(ReadOnlyInline):
    """What is in it."""

    model = ShipmentLine
    fields = ("line", "quantity")


class ShipmentTraceInline(ReadOnlyInline):
    """Where it was seen."""

    model = ShipmentTrace
    fields = ("at", "code", "place")


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    """One row a parcel."""

    list_display = ("number", "order", "carrier", "tracking_no", "shipped_at", "signed_at")
    list_filter = ("carrier", ("signed_at", admin.EmptyFieldListFilter))
    list_select_related = ("order",)
    search_fields = ("=number", "=tracking_no", "=order__number")
    ordering = ("-shipped_at", "-pk")
    inlines = (ShipmentLineInline, ShipmentTraceInline)
    actions_detail = ("trace",)

    def has_trace_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.add_shipment"))

    @action(description=_("Note a scan"), permissions=["trace"], icon="pin_drop")
    def trace(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A carrier without an interface: its scans are typed in."""
        shipment = get_object_or_404(Shipment, pk=object_id)
        verb = partial(services.record_trace, shipment_number=shipment.number)
        page = VerbPage(
            title=str(shipment),
            form_class=TraceForm,
            run=lambda typed: verb(**typed),
            done=_("The scan is noted; the buyer sees it."),
            back=reverse("admin:orders_shipment_change", args=[shipment.pk]),
            button=_("Note"),
        )
        return page.answer(request, self)
