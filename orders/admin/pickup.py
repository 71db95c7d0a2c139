"""Orders that are fetched in stores; handing over is the desk's. Source: O-34."""

from django.contrib import admin

from mall.kernel.admin import ReadOnlyAdmin
from orders.models import Pickup


@admin.register(Pickup)
class PickupAdmin(ReadOnlyAdmin):
    """Where each one waits, or who handed it over. The codes are their buyers' alone."""

    list_display = ("order", "store", "ready_at", "keep_until", "collected_at", "collected_by")
    list_filter = ("store",)
    list_select_related = ("order", "store", "collected_by")
    search_fields = ("=order__number",)
    ordering = ("-pk",)
    fields = (
        "order",
        "store",
        "ready_at",
        "keep_until",
        "reminded_at",
        "overdue_at",
        "collected_at",
        "collected_by",
    )
