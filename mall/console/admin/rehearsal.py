"""Rehearsals by the list, and the buttons that lead to them from a campaign's own page."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from mall.kernel.admin import ReadOnlyAdmin
from promotions.admin import CampaignAdmin
from promotions.models import Campaign, Rehearsal

COLOURS = {"waiting": "info", "running": "warning", "done": "success", "failed": "danger"}

admin.site.unregister(Campaign)


@admin.register(Campaign)
class RehearsedCampaignAdmin(CampaignAdmin):
    """The screen of promotions, with the doors to what looks over the whole building."""

    actions_detail = (*CampaignAdmin.actions_detail, "rehearse", "look_at_findings")

    @action(description=_("Rehearse"), permissions=["change"], icon="experiment")
    def rehearse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Try it on the orders of the last days."""
        return redirect("admin:rehearsal_ask", object_id)

    @action(description=_("Findings"), permissions=["view"], icon="fact_check")
    def look_at_findings(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What was found of it, and the check of its goods."""
        return redirect("admin:campaign_findings", object_id)


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
