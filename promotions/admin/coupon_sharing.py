"""Live sessions, share rules and what came of them."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mall.kernel.admin import ReadOnlyAdmin
from promotions.admin.content import ContentAdmin
from promotions.models import LiveSession, ShareCredit, ShareRule


@admin.register(LiveSession)
class LiveSessionAdmin(ContentAdmin):
    """Broadcasts with coupons of their own; moving the end forward ends one early."""

    list_display = ("title_zh", "host", "starts_at", "ends_at", "claimed")
    search_fields = ("title_zh", "title_en", "host")
    ordering = ("-starts_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LiveSession]:
        return super().get_queryset(request).annotate(grants=Count("coupons__grants"))

    @admin.display(description=_("coupons claimed"), ordering="grants")
    def claimed(self, session: LiveSession) -> int:
        return int(getattr(session, "grants", 0))


@admin.register(ShareRule)
class ShareRuleAdmin(ContentAdmin):
    """What a share is worth to who shared and to who came; the newest that is on counts."""

    list_display = (
        "title_zh",
        "sharer_coupon",
        "visitor_coupon",
        "daily_most",
        "visits",
        "starts_at",
        "ends_at",
        "is_on",
    )
    list_select_related = ("sharer_coupon", "visitor_coupon")
    search_fields = ("title_zh", "title_en")
    autocomplete_fields = ("sharer_coupon", "visitor_coupon")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ShareRule]:
        return super().get_queryset(request).annotate(pairs=Count("credits"))

    def has_delete_permission(self, request: HttpRequest, obj: ShareRule | None = None) -> bool:
        return False

    @admin.display(description=_("visits credited"), ordering="pairs")
    def visits(self, rule: ShareRule) -> int:
        return int(getattr(rule, "pairs", 0))


@admin.register(ShareCredit)
class ShareCreditAdmin(ReadOnlyAdmin):
    """Who came by whose link."""

    list_display = ("at", "sharer", "visitor", "rule")
    list_select_related = ("sharer", "visitor", "rule")
    search_fields = ("sharer__nickname", "visitor__nickname")
    search_help_text = _("nickname")
    ordering = ("-pk",)
