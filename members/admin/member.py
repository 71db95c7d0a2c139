"""Members: looked up, shut out, let in again."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from mall.kernel import clock
from mall.kernel.admin import MallAdmin
from mall.kernel.money import yuan
from mall.kernel.words import localized
from members.admin.acting import ClosingActions
from members.admin.masking import PhoneColumn, PhoneMasked
from members.admin.segment import new_segment_url
from members.models import Member
from members.selectors import tags_of

LINKED = {"preferences": "preference_links"}


@admin.register(Member)
class MemberAdmin(ClosingActions, PhoneMasked, PhoneColumn, MallAdmin):
    """Who they are and where they stand; their books are changed by verbs only."""

    list_display = ("nickname", "phone_masked", "tier", "growth", "points", "is_open", "joined_at")
    list_filter = ("tier", "account__is_active")
    list_select_related = ("account", "tier", "points_account")
    search_fields = ("nickname", "=account__phone", "=invite_code")
    search_help_text = _("Nickname, whole phone number or invite code")
    ordering = ("-pk",)
    fields = (
        "nickname",
        "phone_masked",
        "tier",
        "growth",
        "points",
        "preferences",
        "birthday",
        "invite_code",
        "joined_at",
    )
    readonly_fields = (*fields, "preference_links")
    actions = ("close_accounts", "reopen_accounts")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Member | None = None) -> Any:
        """Preferences lead on for who may add what they lead to."""
        may_add = request.user.has_perm("members.add_segment")
        return [LINKED.get(name, name) if may_add else name for name in self.fields]

    @admin.display(description=_("growth"), ordering="growth_fen")
    def growth(self, member: Member) -> str:
        return yuan(member.growth_fen)

    @admin.display(description=_("points"), ordering="points_account__balance")
    def points(self, member: Member) -> int:
        return member.points_account.balance

    @admin.display(description=_("preferences"))
    def preferences(self, member: Member) -> str:
        tags = tags_of(member.account_id, clock.now())
        return ", ".join(localized(tag, "title") for tag in tags) or "-"

    @admin.display(description=_("preferences"))
    def preference_links(self, member: Member) -> str:
        """Each leads to a new segment that gathers who has the same."""
        tags = tags_of(member.account_id, clock.now())
        words = ((new_segment_url(tag), localized(tag, "title")) for tag in tags)
        return format_html_join(", ", '<a href="{}">{}</a>', words) or "-"

    @admin.display(description=_("active"), boolean=True)
    def is_open(self, member: Member) -> bool:
        return member.account.is_active
