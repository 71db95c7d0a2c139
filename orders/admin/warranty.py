"""Warranties on top: the rules that give them, and what each line has got. Source: O-30."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, ReadOnlyAdmin
from orders import services
from orders.admin.acting import actor_of
from orders.models import Warranty, WarrantyRule


@admin.register(WarrantyRule)
class WarrantyRuleAdmin(MallAdmin):
    """今日下单送延保: once begun a rule can be ended, not taken back."""

    list_display = ("title_zh", "months", "starts_at", "ends_at", "state")
    list_filter = ("is_on",)
    autocomplete_fields = ("categories", "products")
    fields = (
        ("title_zh", "title_en"),
        "months",
        ("starts_at", "ends_at"),
        "categories",
        "products",
        "is_on",
    )
    ordering = ("-starts_at", "-pk")

    @admin.display(description=_("state"))
    def state(self, rule: WarrantyRule) -> Any:
        at = clock.now()
        if not rule.is_on:
            return pgettext_lazy("warranty rule", "off")
        if at < rule.starts_at:
            return pgettext_lazy("warranty rule", "begins later")
        if at < rule.ends_at:
            return pgettext_lazy("warranty rule", "runs")
        return pgettext_lazy("warranty rule", "over")

    def save_model(self, request: HttpRequest, obj: WarrantyRule, form: Any, change: bool) -> None:
        """Its categories and products are written after it, in the same transaction."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        services.save_warranty_rule(
            rule=obj, changes=changes, actor=actor_of(request), at=clock.now()
        )
        if obj.ends_at != form.cleaned_data["ends_at"]:
            end = date_format(localtime(obj.ends_at), "Y-m-d H:i:s")
            said = _("The rule ends at %(end)s; orders placed before keep their warranty.")
            messages.info(request, said % {"end": end})

    def has_delete_permission(self, request: HttpRequest, obj: WarrantyRule | None = None) -> bool:
        """A rule under which orders were placed stays."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.has_begun(clock.now()))

    def delete_model(self, request: HttpRequest, obj: WarrantyRule) -> None:
        services.remove_warranty_rule(rule=obj, actor=actor_of(request), at=clock.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[WarrantyRule]) -> None:
        for rule in queryset:
            self.delete_model(request, rule)


@admin.register(Warranty)
class WarrantyAdmin(ReadOnlyAdmin):
    """One row a line."""

    list_display = ("order", "goods", "months", "begins_on", "ends_on")
    list_select_related = ("line__order",)
    search_fields = ("=line__order__number", "=line__sku_code")
    search_help_text = _("Order number or SKU")
    date_hierarchy = "ends_on"
    ordering = ("-pk",)

    @admin.display(description=_("order"))
    def order(self, row: Warranty) -> str:
        return row.line.order.number

    @admin.display(description=_("goods"))
    def goods(self, row: Warranty) -> str:
        return str(row.line)
