"""How orders find their warehouse: the policy, and every decision with its reasons."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from inventory import services
from inventory.models import AllocationLog, RoutingPolicy
from inventory.presenting import allocation_dict
from mall.kernel import clock
from mall.kernel.admin import OneRowAdmin, ReadOnlyAdmin, actor_of


@admin.register(RoutingPolicy)
class RoutingPolicyAdmin(OneRowAdmin):
    """One row, made when it is first saved; the defaults hold until then."""

    list_display = ("__str__", "whole_order_first", "max_parcels", "promise_hours")
    fields = ("prefer", "whole_order_first", "max_parcels", "promise_hours")

    def save_model(self, request: HttpRequest, obj: RoutingPolicy, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        changes = form.cleaned_data if not change else None
        changes = changes or {name: form.cleaned_data[name] for name in form.changed_data}
        saved = services.save_routing_policy(
            changes=changes, actor=actor_of(request), at=clock.now()
        )
        obj.pk = saved.pk


@admin.register(AllocationLog)
class AllocationLogAdmin(ReadOnlyAdmin):
    """One row an order and attempt."""

    list_display = (
        "order_number",
        "attempt",
        "warehouse",
        "parcels",
        "promise_code",
        "promised_at",
        "at",
    )
    list_filter = ("warehouse", "promise_code", "stock")
    list_select_related = ("warehouse",)
    search_fields = ("=order_number",)
    search_help_text = _("Order number")
    date_hierarchy = "at"
    ordering = ("-pk",)
    fields = (*list_display, "region_code", "stock", "reasons")
    readonly_fields = ("reasons",)

    @admin.display(description=_("reasons"))
    def reasons(self, row: AllocationLog) -> SafeString:
        return render_to_string(
            "inventory/admin/allocation.html", {"allocations": [allocation_dict(row)]}
        )
