"""The daily tables as they are, to look at and to export."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from analytics.models import DailyProduct, DailyReport
from mall.kernel.admin import ReadOnlyAdmin
from mall.kernel.money import yuan


@admin.register(DailyReport)
class DailyReportAdmin(ReadOnlyAdmin):
    list_display = (
        "day",
        "placed_orders",
        "paid_orders",
        "buyers",
        "units",
        "gmv",
        "discounts",
        "refunds",
        "new_members",
        "as_of",
    )
    date_hierarchy = "day"
    masked_fields = ("below_cost_fen",)
    mask_permission = "catalog.see_cost"

    @admin.display(description=_("paid (yuan)"), ordering="gmv_fen")
    def gmv(self, report: DailyReport) -> str:
        return yuan(report.gmv_fen)

    @admin.display(description=_("discounts (yuan)"), ordering="discount_fen")
    def discounts(self, report: DailyReport) -> str:
        return yuan(report.discount_fen)

    @admin.display(description=_("refunded (yuan)"), ordering="refund_fen")
    def refunds(self, report: DailyReport) -> str:
        return yuan(report.refund_fen)


@admin.register(DailyProduct)
class DailyProductAdmin(ReadOnlyAdmin):
    list_display = ("day", "product", "units", "orders", "gmv")
    list_select_related = ("product",)
    search_fields = ("product__title_zh", "product__code")
    date_hierarchy = "day"
    masked_fields = ("below_cost_fen",)
    mask_permission = "catalog.see_cost"

    @admin.display(description=_("paid (yuan)"), ordering="gmv_fen")
    def gmv(self, row: DailyProduct) -> str:
        return yuan(row.gmv_fen)
