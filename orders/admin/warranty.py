"""Warranties on top: the rules that give them, and what each line has got. Source: O-30."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from mall.kernel.admin import ReadOnlyAdmin
from orders.admin.after_sale_policy import AuditedAdmin
from orders.models import Warranty, WarrantyRule


@admin.register(WarrantyRule)
class WarrantyRuleAdmin(AuditedAdmin):
    """今日下单送延保."""

    list_display = ("title_zh", "months", "starts_at", "ends_at", "is_on")
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
