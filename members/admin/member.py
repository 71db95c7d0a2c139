"""Members and groups of them: looked up, shut out, let in again, gathered."""

import json
from functools import partial

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, run_verb
from mall.kernel.money import yuan
from mall.kernel.words import localized
from members import services
from members.admin.acting import ClosingActions
from members.admin.masking import PhoneColumn, PhoneMasked
from members.models import Member, Segment
from members.selectors import tags_of


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
    readonly_fields = fields
    actions = ("close_accounts", "reopen_accounts")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        return False

    @admin.display(description=_("growth"), ordering="growth_fen")
    def growth(self, member: Member) -> str:
        return yuan(member.growth_fen)

    @admin.display(description=_("points"), ordering="points_account__balance")
    def points(self, member: Member) -> int:
        return member.points_account.balance

    @admin.display(description=_("preferences"))
    def preferences(self, member: Member) -> str:
        """Each with the rule of a segment that gathers who has the same."""
        tags = tags_of(member.account_id, clock.now())
        words = ((localized(tag, "title"), json.dumps(tag.rule)) for tag in tags)
        return format_html_join(", ", "{} <code>{}</code>", words) or "-"

    @admin.display(description=_("active"), boolean=True)
    def is_open(self, member: Member) -> bool:
        return member.account.is_active


@admin.register(Segment)
class SegmentAdmin(MallAdmin):
    """Groups of members and the rules that fill them."""

    list_display = ("title_zh", "code", "rule", "size", "filled_at")
    search_fields = ("title_zh", "title_en", "code")
    readonly_fields = ("size", "filled_at")
    actions = ("fill",)

    @admin.action(description=_("Fill by its rule"), permissions=["change"])
    def fill(self, request: HttpRequest, segments: QuerySet[Segment]) -> None:
        for segment in segments:
            verb = partial(services.fill_segment_by_rule, segment=segment, at=clock.now())
            run_verb(request, verb, _("%(name)s is filled.") % {"name": segment.title_zh})
