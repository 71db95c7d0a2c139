"""Pick lists, and how fast the house wants to be. Source: requirements O-17, O-25."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from mall.kernel import clock
from mall.kernel.admin import OneRowAdmin, ReadOnlyAdmin, ReadOnlyInline
from orders import services
from orders.admin.acting import actor_of
from orders.models import FulfilmentPolicy, Packing, PickList


class PackingInline(ReadOnlyInline):
    """The orders on it."""

    model = Packing
    fields = ("order", "packed_at", "packed_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Packing]:
        return super().get_queryset(request).select_related("order", "packed_by")


@admin.register(PickList)
class PickListAdmin(ReadOnlyAdmin):
    """One row a walk through a warehouse."""

    list_display = ("number", "warehouse", "orders", "packed", "made_at", "made_by")
    list_filter = ("warehouse",)
    list_select_related = ("warehouse", "made_by")
    search_fields = ("=number", "=packings__order__number")
    ordering = ("-made_at", "-pk")
    inlines = (PackingInline,)
    actions_detail = ("print_picks", "print_packs")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PickList]:
        packed = Q(packings__packed_at__isnull=False)
        found = super().get_queryset(request)
        return found.annotate(
            on_it=Count("packings", distinct=True),
            done=Count("packings", filter=packed, distinct=True),
        )

    @admin.display(description=_("orders"))
    def orders(self, row: PickList) -> int:
        return int(getattr(row, "on_it", 0))

    @admin.display(description=_("packed"))
    def packed(self, row: PickList) -> int:
        return int(getattr(row, "done", 0))

    def has_print_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.view_picklist"))

    @action(description=_("Print pick list"), permissions=["print"], icon="print")
    def print_picks(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What is fetched from the shelves."""
        return HttpResponseRedirect(reverse("admin:print_picks", args=[object_id]))

    @action(description=_("Print pack lists"), permissions=["print"], icon="inventory")
    def print_packs(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What goes into each box."""
        return HttpResponseRedirect(reverse("admin:print_packs", args=[object_id]))


@admin.register(FulfilmentPolicy)
class FulfilmentPolicyAdmin(OneRowAdmin):
    """One row."""

    list_display = ("__str__", "late_hours", "stalled_hours", "pay_minutes", "complete_days")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "priority_rank",
                    ("late_hours", "stalled_hours", "remind_hours"),
                    ("check_hours", "pack_hours"),
                    ("ship_hours", "sign_hours"),
                )
            },
        ),
        (
            _("What orders do by themselves"),
            {
                "fields": (
                    ("pay_minutes", "receive_days"),
                    ("signed_days", "complete_days"),
                    "rest_hours",
                )
            },
        ),
    )

    def save_model(
        self, request: HttpRequest, obj: FulfilmentPolicy, form: Any, change: bool
    ) -> None:
        """Write through the verb, which leaves a trail."""
        names = form.changed_data if change else list(form.cleaned_data)
        changes = {name: form.cleaned_data[name] for name in names}
        obj.pk = services.save_fulfilment_policy(
            changes=changes, actor=actor_of(request), at=clock.now()
        ).pk
