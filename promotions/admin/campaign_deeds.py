"""The buttons of a campaign: each asks once more, and is there only where its deed begins."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.presenting import findings_table
from mall.kernel import clock
from mall.kernel.admin import VerbPage, VersionedAdmin, actor_of, run_verb
from mall.kernel.db import refuse_unsafe_text
from promotions import services
from promotions.admin.rehearsal import RehearsalDoors
from promotions.models import Campaign
from promotions.services import reasons_against
from promotions.words import covers_text, offer_label

Status = Campaign.Status
BEGINS: Mapping[str, tuple[str, ...]] = {
    "submit": (Status.DRAFT,),
    "approve": (Status.IN_REVIEW,),
    "send_back": (Status.IN_REVIEW, Status.APPROVED),
    "publish": (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED),
    "pause": (Status.LIVE,),
    "resume": (Status.PAUSED,),
}
"""Where a deed begins; one not named begins anywhere."""
APPROVE = "promotions.approve_campaign"


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=200,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )


class CampaignDeeds(RehearsalDoors, VersionedAdmin):
    """Submit, approve, return, publish, pause, resume, copy."""

    actions_detail = (
        "submit", "approve", "send_back", "publish", "pause", "resume", "copy",
        "rehearse", "look_at_findings",
    )  # fmt: skip
    actions = ("publish_selected",)

    def has_approve_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may say yes or no to what others wrote."""
        return request.user.has_perm(APPROVE)

    def has_copy_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may write a campaign may begin with a copy."""
        return self.has_add_permission(request)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """The deeds that begin where this campaign stands. Queries: 1."""
        campaign = self.get_object(request, str(object_id))
        found = None if campaign is None else campaign.status
        return [
            one
            for one in super().get_actions_detail(request, object_id)
            if found in BEGINS.get(one.method.__name__, (found,))
        ]

    @action(description=_("Submit"), permissions=["change"], icon="outgoing_mail")
    def submit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hand it over for approval."""
        return self._ask(request, object_id, services.submit_campaign, _("Submit"))

    @action(description=_("Approve"), permissions=["approve"], icon="verified")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say yes."""
        return self._ask(request, object_id, services.approve_campaign, _("Approve"))

    @action(description=_("Return"), permissions=["approve"], icon="undo")
    def send_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say no, and why."""
        return self._ask(
            request, object_id, services.return_campaign, _("Return"), form_class=ReasonForm
        )

    @action(description=_("Publish"), permissions=["change"], icon="play_arrow")
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Look once more, then let shoppers have it from its beginning on."""
        return self._ask(request, object_id, services.publish_campaign, _("Publish"))

    @action(description=_("Pause"), permissions=["change"], icon="emergency_home")
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The kill switch: stop it at once, and say why."""
        return self._ask(
            request, object_id, services.pause_campaign, _("Pause"), form_class=ReasonForm
        )

    @action(description=_("Resume"), permissions=["change"], icon="resume")
    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let it go on."""
        return self._ask(request, object_id, services.resume_campaign, _("Resume"))

    @action(description=_("Copy"), permissions=["copy"], icon="content_copy")
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A draft with the same numbers."""
        return self._ask(
            request,
            object_id,
            services.copy_campaign,
            _("Copy"),
            back=reverse("admin:promotions_campaign_changelist"),
        )

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish_selected(self, request: HttpRequest, rows: QuerySet[Campaign]) -> None:
        """Each by itself: one that may not go live does not keep the others."""
        for campaign in rows:
            deed = partial(
                services.publish_campaign,
                campaign_id=campaign.pk,
                actor=actor_of(request),
                at=clock.now(),
            )
            run_verb(request, deed, _("%(title)s is live.") % {"title": campaign.title_zh})

    def _ask(
        self,
        request: HttpRequest,
        object_id: str,
        verb: Callable[..., Any],
        button: Promise,
        *,
        form_class: type[forms.Form] = forms.Form,
        back: str = "",
    ) -> HttpResponse:
        at = clock.now()
        campaign = get_object_or_404(self.get_queryset(request), pk=object_id)
        page = VerbPage(
            title=f"{campaign.title_zh} · {button}",
            form_class=form_class,
            run=lambda typed: verb(
                campaign_id=campaign.pk, actor=actor_of(request), at=at, **typed
            ),
            done=_("Done."),
            back=back or reverse("admin:promotions_campaign_change", args=[campaign.pk]),
            button=button,
            facts=_facts(campaign, at),
        )
        return page.answer(request, self)


def _facts(campaign: Campaign, at: Any) -> tuple[tuple[Any, Any], ...]:
    """What one looks at before a deed; what keeps it from going live, if it is not."""
    facts: list[tuple[Any, Any]] = [
        (_("offer"), offer_label(campaign.kind, campaign.rule)),
        (_("covers"), covers_text(campaign)),
        (_("starts at"), campaign.starts_at),
        (_("ends at"), campaign.ends_at),
        (_("status"), campaign.get_status_display()),
        (_("words found"), findings_table(services.word_findings(campaign))),
    ]
    if campaign.status != Status.LIVE:
        facts += [(_("keeps it from going live"), one) for one in reasons_against(campaign, at)]
    return tuple(facts)
