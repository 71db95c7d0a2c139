"""Campaigns as operators plan them: a form a kind in yuan and per cent, told back in words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from mall.kernel import clock
from mall.kernel.admin import actor_of
from mall.kernel.money import yuan
from promotions import services
from promotions.admin.campaign_deeds import CampaignDeeds
from promotions.admin.campaign_form import SCOPE_FIELDS, CampaignForm
from promotions.admin.campaign_goods import INLINES, goods_in, prices_in
from promotions.admin.kinds import FORMS
from promotions.models import Campaign, StockLock
from promotions.previewing import previews
from promotions.selectors import conflicts_of
from promotions.words import covers_text, offer_label

STATUS_COLOURS = {
    "draft": "info",
    "in_review": "warning",
    "approved": "info",
    "planned": "info",
    "running": "success",
    "spent": "danger",
    "paused": "warning",
    "over": "default",
}
STATES = (
    ("planned", _("planned")),
    ("running", _("running")),
    ("spent", _("budget spent")),
    ("over", _("over")),
)
"""What the clock and the budget make of a campaign that is live."""


def state_at(campaign: Campaign, at: datetime) -> str:
    """The status, or what the clock makes of a live one."""
    if campaign.status != Campaign.Status.LIVE:
        return campaign.status
    if campaign.ends_at <= at:
        return "over"
    if campaign.left_fen is not None and campaign.left_fen <= 0:
        return "spent"
    return "running" if campaign.starts_at <= at else "planned"


class StateFilter(admin.SimpleListFilter):
    """By what the clock says now."""

    title = _("now")
    parameter_name = "now"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return STATES

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        at = clock.now()
        match self.value():
            case "planned":
                return rows.planned_at(at)
            case "running":
                return rows.active_at(at)
            case "spent":
                return rows.spent()
            case "over":
                return rows.over_at(at)
        return rows


@admin.register(Campaign)
class CampaignAdmin(CampaignDeeds):
    """A draft is free to change; what a second person approved is paused first."""

    list_display = (
        "title_zh", "kind", "offer", "covers", "window", "money", "state",
    )  # fmt: skip
    list_filter = (StateFilter, "status", "kind", "plan")
    list_select_related = ("plan",)
    search_fields = ("title_zh", "title_en")
    search_help_text = _("campaign title")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at", "-pk")
    conditional_fields = CampaignForm.scope_conditions
    readonly_fields = ("in_chinese", "in_english", "standing")

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        rows = super().get_queryset(request).select_related("plan", "maker", "checker")
        return rows.annotate(prices=Count("sale_items"))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """First the kind, then its form."""
        if not self.has_add_permission(request) or _kind_of(request, None) in FORMS:
            return super().add_view(request, form_url, extra_context)
        kinds = [(kind, Campaign.Kind(kind).label) for kind in FORMS]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What kind of campaign?"),
            "kinds": kinds,
        }
        return TemplateResponse(request, "promotions/campaign_kinds.html", context)

    def get_form(
        self, request: HttpRequest, obj: Campaign | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kind = _kind_of(request, obj)
        form = super().get_form(request, obj, change, form=FORMS.get(kind, CampaignForm), **kwargs)
        if "kind" in form.base_fields:
            form.base_fields["kind"].initial = kind
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Campaign | None = None) -> Any:
        form = FORMS.get(_kind_of(request, obj), CampaignForm)
        told: tuple[Any, ...] = ()
        if obj is not None:
            words = ("standing", ("in_chinese", "in_english"))
            told = ((_("In words"), {"fields": words}),)
        head = (("kind", "plan"), ("title_zh", "title_en"), "starts_at", "ends_at")
        limits = ("tier_codes", "region_prefixes", "excludes", ("exclusive_group", "priority"))
        scope = ((_("Covers"), {"fields": SCOPE_FIELDS}),) if form.has_scope else ()
        hidden = () if form.has_scope else ("scope_kind", "scope_text_zh", "scope_text_en")
        numbers = ((_("Offer"), {"fields": form.numbers}),) if form.numbers else ()
        return (
            *told,
            (None, {"fields": head}),
            *numbers,
            *scope,
            (_("Limits"), {"fields": (*limits, "budget_fen")}),
            *(((None, {"fields": hidden, "classes": ("hidden",)}),) if hidden else ()),
        )

    def get_inlines(self, request: HttpRequest, obj: Campaign | None) -> Any:
        return INLINES.get(_kind_of(request, obj), ())

    @admin.display(description=_("offer"))
    def offer(self, campaign: Any) -> str:
        label = offer_label(campaign.kind, campaign.rule)
        return f"{label} ({campaign.prices})" if campaign.prices else label

    @admin.display(description=_("covers"))
    def covers(self, campaign: Campaign) -> str:
        return covers_text(campaign)

    @admin.display(description=_("from, until"), ordering="starts_at")
    def window(self, campaign: Campaign) -> str:
        return " – ".join(
            f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
            for at in (campaign.starts_at, campaign.ends_at)
        )

    @admin.display(description=_("spent of budget"), ordering="spent_fen")
    def money(self, campaign: Campaign) -> str:
        if campaign.budget_fen is None:
            return yuan(campaign.spent_fen) if campaign.spent_fen else ""
        return f"{yuan(campaign.spent_fen)} / {yuan(campaign.budget_fen)}"

    @display(description=_("status"), label=STATUS_COLOURS, ordering="status")
    def state(self, campaign: Campaign) -> tuple[str, str]:
        state = state_at(campaign, clock.now())
        return state, str(dict(STATES).get(state) or campaign.get_status_display())

    @admin.display(description=_("standing"))
    def standing(self, campaign: Campaign) -> str:
        _state, words = self.state(campaign)
        people = [
            f"{label}: {person}"
            for label, person in (
                (_("written by"), campaign.maker),
                (_("approved by"), campaign.checker),
                (_("pieces"), _pieces(campaign)),
                (_("reason"), campaign.reason),
            )
            if person
        ]
        return " · ".join([words, *people])

    @admin.display(description=_("in Chinese"))
    def in_chinese(self, campaign: Campaign) -> str:
        return _paragraphs(previews(campaign)["zh-hans"])

    @admin.display(description=_("in English"))
    def in_english(self, campaign: Campaign) -> str:
        return _paragraphs(previews(campaign)["en"])

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:
        """Nothing yet: the verb needs the goods too, see `save_related`."""

    def save_related(
        self, request: HttpRequest, form: Any, formsets: list[Any], change: bool
    ) -> None:
        """Write campaign and goods by one verb; say with what else it would meet."""
        values = form.values(prices_in(formsets), goods_in(formsets))
        for formset in formsets:
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        saved = services.save_campaign(
            values=values,
            campaign_id=form.instance.pk,
            actor=actor_of(request),
            at=clock.now(),
        )
        form.instance.pk = saved.pk
        for words in conflicts_of(saved):
            messages.warning(request, words)


def _pieces(campaign: Campaign) -> str:
    """Whether a flash sale has its pieces set aside."""
    lock = StockLock.objects.filter(campaign=campaign).first()
    return str(lock.get_state_display()) if lock else ""


def _kind_of(request: HttpRequest, obj: Campaign | None) -> str:
    """A campaign keeps its kind; a new one says it in the address or in the form."""
    if obj is not None and obj.pk:
        return obj.kind
    return str(request.GET.get("kind") or request.POST.get("kind") or "")


def _paragraphs(sentences: Iterable[str]) -> str:
    return format_html_join("", "<p>{}</p>", ((sentence,) for sentence in sentences))
