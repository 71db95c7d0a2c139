"""Carriers, their price tables, and what their systems told us. Source: requirement I-21."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from mall.kernel import audit, clock
from mall.kernel.admin import MallAdmin, MallTabularInline, ReadOnlyAdmin
from mall.kernel.admin.colours import ColourOf
from orders.admin.acting import actor_of
from orders.admin.notice_words import NOTICE_REASONS
from orders.models import Carrier, CarrierPrice, TrackingPush


class CarrierPriceInline(MallTabularInline):
    """What it asks where."""

    model = CarrierPrice
    fields = ("region_prefix", "first_grams", "first_fen", "more_grams", "more_fen",
              "promise_hours")  # fmt: skip


@admin.register(Carrier)
class CarrierAdmin(MallAdmin):
    """One row a carrier; one that is out of use keeps its parcels."""

    list_display = ("title_zh", "title_en", "code", "adapter", "is_active", "position")
    list_filter = ("is_active", "adapter")
    search_fields = ("code", "title_zh", "title_en")
    ordering = ("position", "pk")
    fields = (
        ("code", "position"),
        ("title_zh", "title_en"),
        ("adapter", "outside_code"),
        "is_active",
    )
    inlines = (CarrierPriceInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Carrier | None = None) -> Any:
        """Parcels, files and the API name it: a code never changes."""
        fixed = ("code",) if obj else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def has_delete_permission(self, request: HttpRequest, obj: Carrier | None = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The carrier with its prices is one deed; the trail has all of it."""
        super().save_related(request, form, formsets, change)
        prices = form.instance.prices.order_by("region_prefix")
        audit.record(
            actor=actor_of(request),
            verb="orders.save_carrier",
            target=form.instance,
            at=clock.now(),
            after={
                "changed": form.changed_data,
                "prices": list(prices.values_list("region_prefix", "first_fen", "more_fen")),
            },
        )


@admin.register(TrackingPush)
class TrackingPushAdmin(ReadOnlyAdmin):
    """Every call-back as it came; refused ones are a sign of somebody trying."""

    spoken = {"reason": NOTICE_REASONS}

    list_display = ("received_at", "adapter", "told", "reason", "shipment", "push_id")
    list_filter = ("outcome", "adapter", "reason")
    list_select_related = ("shipment",)
    search_fields = ("=push_id", "=shipment__number", "=shipment__tracking_no")
    ordering = ("-pk",)

    @display(
        description=_("outcome"),
        label=ColourOf.choices(
            {
                TrackingPush.Outcome.APPLIED: "success",
                TrackingPush.Outcome.REFUSED: "danger",
            }
        ),
    )
    def told(self, push: TrackingPush) -> str:
        return str(push.get_outcome_display())
