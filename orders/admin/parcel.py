"""Parcels: what left with whom, and where it was seen."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action

from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, ReadOnlyInline, VerbPage, whether
from orders import services
from orders.admin.acting import actor_of
from orders.admin.forms import CloseForm, TraceForm
from orders.models import Shipment, ShipmentLine, ShipmentTrace


class ShipmentLineInline(ReadOnlyInline):
    """What is in it."""

    model = ShipmentLine
    fields = ("line", "quantity")


class ShipmentTraceInline(ReadOnlyInline):
    """Where it was seen."""

    model = ShipmentTrace
    fields = ("at", "code", "place", "words", "is_typed")


class QuietFilter(admin.SimpleListFilter):
    """Parcels without news for longer than the policy allows (O-20)."""

    title = _("news")
    parameter_name = "news"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("stands still"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Shipment]) -> QuerySet[Shipment]:
        if self.value() != "none":
            return queryset
        quiet = services.stalled_parcels(services.fulfilment_policy(), clock.now())
        return queryset.filter(pk__in=quiet.order_by().values("pk"))


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    """One row a parcel."""

    list_display = (
        "number",
        "order",
        "carrier",
        "tracking_no",
        "warehouse",
        "shipped_at",
        "last_event_at",
        "signed_at",
    )
    list_filter = (
        QuietFilter,
        "carrier",
        "warehouse",
        whether(
            "signed_at",
            pgettext_lazy("filter", "delivery"),
            there=pgettext_lazy("filter", "signed for"),
            lacking=pgettext_lazy("filter", "not signed for yet"),
        ),
    )
    list_select_related = ("order", "carrier", "warehouse")
    search_fields = ("=number", "=tracking_no", "=order__number")
    ordering = ("-shipped_at", "-pk")
    inlines = (ShipmentLineInline, ShipmentTraceInline)
    actions_detail = ("trace", "damage")

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

    @action(description=_("Note damage"), permissions=["trace"], icon="broken_image")
    def damage(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """It arrived damaged: the carrier's rating says so."""
        shipment = get_object_or_404(Shipment, pk=object_id)
        verb = partial(
            services.note_damage,
            shipment_number=shipment.number,
            actor=actor_of(request),
            at=clock.now(),
        )
        page = VerbPage(
            title=str(shipment),
            form_class=CloseForm,
            run=lambda typed: verb(**typed),
            done=_("The damage is noted."),
            back=reverse("admin:orders_shipment_change", args=[shipment.pk]),
            button=_("Note"),
        )
        return page.answer(request, self)
