"""Restock alerts: what to buy, and how much."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inventory.models import RestockAlert
from mall.kernel.admin import ReadOnlyAdmin

OPEN = pgettext_lazy("alert", "open")
LINK = '<a class="text-primary-600 whitespace-nowrap" href="{}">{}</a>'
DEEDS = {"order_link": "inventory.add_purchaseorder", "receive_link": "inventory.change_stockitem"}


class StateFilter(admin.SimpleListFilter):
    """Open alerts, unless all are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("all", _("all")), ("closed", pgettext_lazy("alert", "closed"))]

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            is_default = choice["query_string"] == "?"
            yield {**choice, "display": OPEN} if is_default else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        if self.value() == "all":
            return queryset
        is_open = self.value() != "closed"
        return queryset.filter(resolved_at__isnull=is_open)


@admin.register(RestockAlert)
class RestockAlertAdmin(ReadOnlyAdmin):
    """One row a crossing; a receipt closes it."""

    list_display = (
        "code",
        "product",
        "warehouse",
        "available",
        "threshold",
        "suggested_quantity",
        "order_link",
        "arrives_on",
        "is_urgent",
        "raised_at",
        "resolved_at",
        "receive_link",
    )
    list_filter = (StateFilter, "item__warehouse")
    list_select_related = ("item__sku__product", "item__warehouse", "suggestion")
    search_fields = ("=item__sku__code", "item__sku__product__title_zh")
    search_help_text = _("SKU code or product")
    ordering = ("-is_urgent", "-raised_at", "-pk")

    def get_list_display(self, request: HttpRequest) -> Any:
        """The links of those deeds that this operator may do."""
        may = request.user.has_perm
        shown = super().get_list_display(request)
        return [name for name in shown if name not in DEEDS or may(DEEDS[name])]

    @admin.display(description=_("SKU"))
    def code(self, alert: RestockAlert) -> str:
        return alert.item.sku.code

    @admin.display(description=_("product"))
    def product(self, alert: RestockAlert) -> str:
        return str(alert.item.sku.product)

    @admin.display(description=_("warehouse"))
    def warehouse(self, alert: RestockAlert) -> str:
        return str(alert.item.warehouse)

    @admin.display(description="")
    def order_link(self, alert: RestockAlert) -> str:
        asked = getattr(alert, "suggestion", None)
        if asked is None or asked.settled_at:
            return ""
        url = reverse("admin:inventory_purchasesuggestion_order_one", args=[asked.pk])
        return format_html(LINK, url, pgettext_lazy("button", "Order"))

    @admin.display(description="")
    def receive_link(self, alert: RestockAlert) -> str:
        if alert.resolved_at:
            return ""
        url = reverse("admin:inventory_stockitem_receive", args=[alert.item_id])
        return format_html(LINK, url, _("Receive"))
