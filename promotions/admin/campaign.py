"""Campaigns as operators plan them: steps and prices in yuan, scopes by name."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, MallTabularInline, actor_of, run_verb
from mall.kernel.errors import InvalidInput
from promotions import services
from promotions.admin.confirming import confirmed
from promotions.admin.fields import RateFormField, ScopeForm, yuan_field
from promotions.models import Campaign, SaleItem
from promotions.rulebook import read_rule
from promotions.services import CampaignValues
from promotions.words import offer_label, scope_text

STEPS = 5
STEP_FIELDS = [(f"threshold_{number}", f"off_{number}") for number in range(1, STEPS + 1)]
PLAIN = ("kind", "title_zh", "title_en", "starts_at", "ends_at", "priority", "scope_kind")
STATUS_COLOURS = {"draft": "info", "live": "success", "paused": "warning"}


class CampaignForm(ScopeForm):
    """One campaign; the numbers of the other kinds are not read."""

    threshold_1, off_1 = yuan_field(_("from, ¥")), yuan_field(_("off, ¥"))
    threshold_2, off_2 = yuan_field(_("from, ¥")), yuan_field(_("off, ¥"))
    threshold_3, off_3 = yuan_field(_("from, ¥")), yuan_field(_("off, ¥"))
    threshold_4, off_4 = yuan_field(_("from, ¥")), yuan_field(_("off, ¥"))
    threshold_5, off_5 = yuan_field(_("from, ¥")), yuan_field(_("off, ¥"))
    sale_rate = RateFormField(
        label=_("sale rate, %"), help_text=_("For the whole scope; single prices go first.")
    )
    second_rate = RateFormField(label=_("second piece at, %"))
    freight_threshold = yuan_field(_("free freight from, ¥"))

    class Meta:
        model = Campaign
        fields = (*PLAIN, "scope_text_zh", "scope_text_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = self.instance.rule
        self.initial["sale_rate"] = rule.get("rate_bp")
        self.initial["second_rate"] = rule.get("second_rate_bp", 5_000)
        self.initial["freight_threshold"] = rule.get("threshold_fen")
        for (threshold, off), step in zip(STEP_FIELDS, rule.get("steps", []), strict=False):
            self.initial[threshold], self.initial[off] = step["threshold_fen"], step["off_fen"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["scope_ids"] = self.scope_ids()
        if "kind" in cleaned:
            cleaned["rule"] = self._rule(cleaned)
            try:
                read_rule(cleaned["kind"], cleaned["rule"])
            except InvalidInput as refusal:
                field = (
                    STEP_FIELDS[0][0] if refusal.facts["field"] in ("steps", "off_fen") else None
                )
                self.add_error(field, str(refusal.facts["allowed"]))
        return cleaned

    def values(self, prices: Mapping[int, int]) -> CampaignValues:
        """What the verb takes."""
        plain = {name: self.cleaned_data[name] for name in PLAIN}
        return CampaignValues(
            **plain,
            rule=self.cleaned_data["rule"],
            prices=prices,
            scope_ids=self.cleaned_data["scope_ids"],
            scope_text_zh=self.scope_text("zh"),
            scope_text_en=self.scope_text("en"),
        )

    def _rule(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        match cleaned["kind"]:
            case Campaign.Kind.THRESHOLD_OFF:
                pairs = [(cleaned.get(spend), cleaned.get(off)) for spend, off in STEP_FIELDS]
                typed = [(spend, off) for spend, off in pairs if spend or off]
                return {"steps": [{"threshold_fen": s, "off_fen": off} for s, off in typed]}
            case Campaign.Kind.SECOND_HALF_PRICE:
                return {"second_rate_bp": cleaned.get("second_rate")}
            case Campaign.Kind.FREE_FREIGHT:
                return {"threshold_fen": cleaned.get("freight_threshold")}
        return {"rate_bp": cleaned["sale_rate"]} if cleaned.get("sale_rate") else {}


class SaleItemInline(MallTabularInline):
    """Fixed prices of a sale."""

    model = SaleItem
    fields = ("sku", "price_fen")
    autocomplete_fields = ("sku",)


@admin.register(Campaign)
class CampaignAdmin(MallAdmin):
    """Drafts are free to change; a live one changes prices the moment it is saved."""

    form = CampaignForm
    inlines = (SaleItemInline,)
    list_display = ("title_zh", "kind", "offer", "covers", "starts_at", "ends_at", "state")
    list_filter = ("status", "kind")
    search_fields = ("title_zh", "title_en")
    search_help_text = _("campaign title")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at", "-pk")
    actions = ("publish_selected", "pause_selected")
    actions_detail = ("publish", "pause")
    fieldsets = (
        (
            None,
            {"fields": ("kind", ("title_zh", "title_en"), "starts_at", "ends_at", "priority")},
        ),
        (
            _("Offer"),
            {"fields": (*STEP_FIELDS, "sale_rate", "second_rate", "freight_threshold")},
        ),
        (
            _("Covers"),
            {
                "fields": (
                    "scope_kind",
                    "categories",
                    "brands",
                    "product_codes",
                    ("scope_text_zh", "scope_text_en"),
                )
            },
        ),
    )
    conditional_fields = {
        **{name: "kind == 'threshold_off'" for pair in STEP_FIELDS for name in pair},
        "sale_rate": "kind == 'sale'",
        "second_rate": "kind == 'second_half_price'",
        "freight_threshold": "kind == 'free_freight'",
        **ScopeForm.scope_conditions,
    }

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        return super().get_queryset(request).annotate(prices=Count("sale_items"))

    @admin.display(description=_("offer"))
    def offer(self, campaign: Any) -> str:
        label = offer_label(campaign.kind, campaign.rule)
        return f"{label} ({campaign.prices})" if campaign.prices else label

    @admin.display(description=_("covers"))
    def covers(self, campaign: Campaign) -> str:
        return scope_text(campaign)

    @display(description=_("status"), label=STATUS_COLOURS, ordering="status")
    def state(self, campaign: Campaign) -> tuple[str, str]:
        return campaign.status, campaign.get_status_display()

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:
        """Nothing yet: the verb needs the prices too, see `save_related`."""

    def save_related(
        self, request: HttpRequest, form: Any, formsets: list[Any], change: bool
    ) -> None:
        """Write campaign and prices by one verb."""
        prices: dict[int, int] = {}
        for formset in formsets:
            for row in formset.cleaned_data:
                if row and not row.get("DELETE"):
                    prices[row["sku"].pk] = row["price_fen"]
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        saved = services.save_campaign(
            values=form.values(prices),
            campaign_id=form.instance.pk,
            actor=actor_of(request),
            at=clock.now(),
        )
        form.instance.pk = saved.pk

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish_selected(self, request: HttpRequest, rows: QuerySet[Campaign]) -> None:
        self._turn(request, rows, services.publish_campaign, _("%(title)s is live."))

    @admin.action(description=_("Pause"), permissions=["change"])
    def pause_selected(self, request: HttpRequest, rows: QuerySet[Campaign]) -> None:
        pause = partial(services.pause_campaign, reason=_("paused from the list"))
        self._turn(request, rows, pause, _("%(title)s is paused."))

    @action(description=_("Publish"), permissions=["change"], icon="play_arrow")
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Look once more, then let shoppers have it."""
        return self._ask(request, object_id, services.publish_campaign, _("Publish"))

    @action(description=_("Pause"), permissions=["change"], icon="pause")
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take it back."""
        return self._ask(request, object_id, services.pause_campaign, _("Pause"))

    def _turn(
        self, request: HttpRequest, rows: QuerySet[Campaign], verb: Any, done: Promise
    ) -> None:
        for campaign in rows:
            deed = partial(verb, campaign_id=campaign.pk, actor=actor_of(request), at=clock.now())
            run_verb(request, deed, done % {"title": campaign.title_zh})

    def _ask(
        self, request: HttpRequest, object_id: str, verb: Any, button: Promise
    ) -> HttpResponse:
        campaign = get_object_or_404(self.get_queryset(request), pk=object_id)
        return confirmed(
            request,
            self,
            deed=partial(verb, campaign_id=campaign.pk, actor=actor_of(request), at=clock.now()),
            words=(f"{campaign.title_zh} · {button}", button, _("Done.")),
            facts=(
                (_("offer"), self.offer(campaign)),
                (_("covers"), self.covers(campaign)),
                (_("starts at"), campaign.starts_at),
                (_("ends at"), campaign.ends_at),
                (_("status"), campaign.get_status_display()),
            ),
            back=reverse("admin:promotions_campaign_change", args=[campaign.pk]),
        )
