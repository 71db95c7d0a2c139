"""Members' copies of coupons, to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from mall.kernel.admin import ReadOnlyAdmin
from promotions.models import CouponGrant


@admin.register(CouponGrant)
class CouponGrantAdmin(ReadOnlyAdmin):
    """Who has which coupon, and what became of it."""

    list_display = (
        "code",
        "coupon",
        "member",
        "state",
        "ends_at",
        "order_number",
        "off_fen",
        "source_type",
        "channel",
        "granted_at",
    )
    list_filter = ("state", "source_type", ("coupon", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("coupon", "member")
    search_fields = ("=code", "=order_number", "=channel", "member__nickname")
    search_help_text = _("code, order number, channel or nickname")
    ordering = ("-pk",)
