"""The rules of rehearsal, one row that comes with the shop; and a campaign's doors to the pages of
its rehearsals, which look over the whole building and so stand on the roof."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, actor_of
from promotions import services
from promotions.models import RehearsalPolicy


class RehearsalDoors:
    """Buttons of a campaign's own page."""

    @action(description=_("Rehearse"), permissions=["change"], icon="experiment")
    def rehearse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Try it on the orders of the last days."""
        return redirect("admin:rehearsal_ask", object_id)

    @action(description=_("Findings"), permissions=["view"], icon="fact_check")
    def look_at_findings(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What was found of it, and the check of its goods."""
        return redirect("admin:campaign_findings", object_id)


@admin.register(RehearsalPolicy)
class RehearsalPolicyAdmin(MallAdmin):
    """When a rehearsal comes before publishing, and how strict the check of goods is."""

    list_display = ("__str__", "need", "large_budget_fen", "least_sales", "version")
    fieldsets = (
        (_("Rehearsal"), {"fields": ("need", "large_budget_fen")}),
        (
            _("Check of goods"),
            {
                "fields": (
                    ("least_sales", "least_quality"),
                    ("low_price_level", "sales_level"),
                    ("stock_level", "listing_level"),
                )
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: RehearsalPolicy | None = None
    ) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        services.save_rehearsal_policy(
            values={name: form.cleaned_data[name] for name in form.fields},
            actor=actor_of(request),
            at=clock.now(),
        )
