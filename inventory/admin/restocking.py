"""Screens around the restock: its rules, returns coming in, losses, who waits for what."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from inventory import services
from inventory.admin.sources import SOURCES
from inventory.models import RestockPolicy, ReturnIntake, ReturnIntakeLine, StockLoss, StockWatch
from mall.kernel import clock
from mall.kernel.admin import (
    MallAdmin,
    OffersByState,
    ReadOnlyAdmin,
    ReadOnlyInline,
    VerbPage,
    actor_of,
)


@admin.register(RestockPolicy)
class RestockPolicyAdmin(MallAdmin):
    """One row of numbers; the forecast takes them the next time it runs."""

    list_display = (
        "__str__",
        "minimum_order",
        "lead_days",
        "service_z_hundredths",
        "overstock_days",
        "rise_percent",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: RestockPolicy, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        services.set_restock_policy(
            policy=obj, changed=form.changed_data, actor=actor_of(request), at=clock.now()
        )


class ReturnLines(ReadOnlyInline):
    """Expected pieces (no grade), and what the inspection found."""

    model = ReturnIntakeLine
    fields = readonly_fields = ("sku", "grade", "pieces")


@admin.register(ReturnIntake)
class ReturnIntakeAdmin(OffersByState, ReadOnlyAdmin):
    """Returns on their way, arrived or inspected; here a person says that one is here, the rest is
    the after-sale's to move."""

    list_display = (
        "after_sale_number",
        "warehouse",
        "status",
        "expected_at",
        "arrived_at",
        "inspected_at",
    )
    list_filter = ("status", "warehouse")
    list_select_related = ("warehouse",)
    search_fields = ("=after_sale_number", "=lines__sku__code")
    search_help_text = _("after-sale or SKU code")
    inlines = (ReturnLines,)
    ordering = ("-pk",)
    actions_detail = ("arrive",)
    offers = {
        ReturnIntake.Status.EXPECTED: ("arrive",),
        ReturnIntake.Status.CALLED_OFF: ("arrive",),
    }

    def has_inspect_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Who inspects the goods takes them in."""
        return bool(request.user.has_perm("orders.inspect_aftersale"))

    @action(description=_("It is here"), permissions=["inspect"], icon="inventory")
    def arrive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The parcel has come and waits for its inspection."""
        intake = get_object_or_404(ReturnIntake, pk=object_id)
        page = VerbPage(
            title=intake.after_sale_number,
            form_class=forms.Form,
            run=lambda _typed: services.arrive_return(
                after_sale_number=intake.after_sale_number,
                actor=actor_of(request),
                at=clock.now(),
            ),
            done=_("Noted."),
            back=reverse("admin:inventory_returnintake_change", args=[intake.pk]),
            button=_("It is here"),
            facts=((_("status"), intake.get_status_display()), (_("warehouse"), intake.warehouse)),
        )
        return page.answer(request, self)


@admin.register(StockLoss)
class StockLossAdmin(ReadOnlyAdmin):
    """Every loss, with what the pieces had cost and what is gone for good."""

    list_display = (
        "at",
        "warehouse",
        "sku",
        "kind",
        "pieces",
        "cost_fen",
        "loss_fen",
        "source_id",
        "note",
    )
    list_filter = ("kind", "warehouse")
    list_select_related = ("warehouse", "sku")
    search_fields = ("=sku__code", "=source_id")
    search_help_text = _("SKU code or paper")
    date_hierarchy = "at"
    ordering = ("-pk",)
    spoken = {"source_type": SOURCES}


@admin.register(StockWatch)
class StockWatchAdmin(ReadOnlyAdmin):
    """Who waits for what, and who was told."""

    list_display = ("sku", "account", "asked_at", "told_at")
    list_select_related = ("sku", "account")
    search_fields = ("=sku__code",)
    search_help_text = _("SKU code")
    ordering = ("-pk",)
