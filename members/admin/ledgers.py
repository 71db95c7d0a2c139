"""Points and growth, line by line; nobody edits them, superuser included."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from mall.kernel.admin import ReadOnlyAdmin
from mall.kernel.money import yuan
from members.models import GrowthEntry, PointsEntry


@admin.register(PointsEntry)
class PointsEntryAdmin(ReadOnlyAdmin):
    """Every point that came or went, with its cause."""

    list_display = ("at", "member", "kind", "delta", "balance", "source_type", "source_id")
    list_filter = ("kind",)
    list_select_related = ("account__member",)
    search_fields = ("account__member__nickname", "=source_id")
    date_hierarchy = "at"
    ordering = ("-pk",)

    @admin.display(description=_("member"))
    def member(self, entry: PointsEntry) -> str:
        return entry.account.member.nickname


@admin.register(GrowthEntry)
class GrowthEntryAdmin(ReadOnlyAdmin):
    """Every change of growth, with its cause."""

    list_display = ("at", "member", "kind", "delta", "balance", "source_type", "source_id")
    list_filter = ("kind",)
    list_select_related = ("member",)
    search_fields = ("member__nickname", "=source_id")
    date_hierarchy = "at"
    ordering = ("-pk",)

    @admin.display(description=_("change"))
    def delta(self, entry: GrowthEntry) -> str:
        return yuan(entry.delta_fen)

    @admin.display(description=_("balance"))
    def balance(self, entry: GrowthEntry) -> str:
        return yuan(entry.balance_fen)
