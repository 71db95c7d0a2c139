"""Rehearsals by the list; their page is the report."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from mall.kernel.admin import ReadOnlyAdmin
from promotions.models import Rehearsal

COLOURS = {"waiting": "info", "running": "warning", "done": "success", "failed": "danger"}


@admin.register(Rehearsal)
class RehearsalAdmin(ReadOnlyAdmin):
    """One row a rehearsal; its page is the report."""

    list_display = ("report", "tried", "state_label", "orders_done", "made_by", "asked_at")
    list_display_links = None
    list_filter = ("state",)
    list_select_related = ("made_by",)
    date_hierarchy = "asked_at"
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> object:
        return super().get_queryset(request).prefetch_related("campaigns__campaign")

    @admin.display(description=_("report"), ordering="pk")
    def report(self, rehearsal: Rehearsal) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:rehearsal", args=[rehearsal.pk]), rehearsal
        )

    @admin.display(description=_("tried together"))
    def tried(self, rehearsal: Rehearsal) -> str:
        return ", ".join(str(row.campaign) for row in rehearsal.campaigns.all())

    @display(description=_("status"), label=COLOURS, ordering="state")
    def state_label(self, rehearsal: Rehearsal) -> tuple[str, str]:
        return rehearsal.state, rehearsal.get_state_display()
