"""Plans of big promotions as operators agree on them: dates, checklist, messages, forecasts."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldBooleanSwitchWidget

from catalog.services import screen_texts
from mall.kernel import clock
from mall.kernel.admin import MallAdmin, MallTabularInline, VerbPage, actor_of
from mall.kernel.db import refuse_unsafe_text
from promotions import selectors, services
from promotions.admin.campaign_deeds import ReasonForm
from promotions.admin.typed import TiersField
from promotions.models import CampaignPlan, PlanCheck, PlanForecast, PlanPhase, YearlyEvent
from promotions.services import PlanValues
from promotions.services.plan_messages import texts_of_message, texts_of_titles
from promotions.services.planning import FIELDS

MOVING = {
    "spring_festival": _("Spring Festival"),
    "dragon_boat": _("Dragon Boat Festival"),
    "qixi": _("Qixi Festival"),
    "mid_autumn": _("Mid-Autumn Festival"),
}
"""Festivals of the lunar calendar by the code that `promotions.calendar` knows."""
APPROVE = "promotions.approve_campaignplan"
STATUS_COLOURS = {
    "draft": "info", "in_review": "warning", "approved": "success", "dropped": "default",
}  # fmt: skip
PLAIN = tuple(name.removesuffix("_id") for name in FIELDS)


class CheckForm(forms.ModelForm):
    """A point of the checklist and its tick."""

    done = forms.BooleanField(label=_("done"), required=False, widget=UnfoldBooleanSwitchWidget())

    class Meta:
        model = PlanCheck
        fields = ("team", "text", "sort")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["done"] = self.instance.done_at is not None


class PhaseForm(forms.ModelForm):
    """One message: who, what, where, when. One that went out cannot be typed into any more; what a
    page sends that was drawn before is judged by the verb."""

    tier_codes = TiersField(label=_("tiers"))

    class Meta:
        model = PlanPhase
        fields = (
            "stage", "send_at", "channel", "tier_codes", "segment", "text_zh", "text_en",
            "campaign",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_shut = (
            self.instance.sent_at is not None and self.add_prefix("stage") not in self.data
        )
        for one in self.fields.values():
            one.disabled = self.is_shut


class PhaseFormSet(forms.BaseInlineFormSet):
    """The messages of a plan, their words screened at the field where they stand."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].disabled = form.is_shut

    def clean(self) -> None:
        super().clean()
        typed: list[Any] = self.forms
        told = [
            (form, name, text)
            for form in typed
            if not form.is_shut and not form.cleaned_data.get("DELETE")
            for name, text in texts_of_message(form.cleaned_data).items()
        ]
        found = [hit for hit in screen_texts(text for *_rest, text in told) if hit.blocks]
        for form, name, text in told:
            words = [hit.words for hit in found if (hit.place, hit.text) == (text.place, text.text)]
            if words:
                form.add_error(name, "; ".join(dict.fromkeys(words)))


class CheckInline(MallTabularInline):
    model = PlanCheck
    form = CheckForm
    fields = ("team", "text", "done", "sort")


class PhaseInline(MallTabularInline):
    model = PlanPhase
    form = PhaseForm
    formset = PhaseFormSet
    fields = (*PhaseForm.Meta.fields, "sent_at")
    readonly_fields = ("sent_at",)
    autocomplete_fields = ("segment", "campaign")


class ForecastInline(MallTabularInline):
    model = PlanForecast
    fields = ("sku", "pieces")
    autocomplete_fields = ("sku",)


class PlanForm(forms.ModelForm):
    """Texts that are safe to show."""

    class Meta:
        model = CampaignPlan
        fields = (*PLAIN, "review_text")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("goal", "rules_text", "review_text"):
            refuse_unsafe_text(cleaned.get(name) or "")
        stages = ("preheat_at", "burst_at", "long_tail_at", "ends_at")
        moments = [cleaned[name] for name in stages if cleaned.get(name)]
        complete = len(moments) == len(stages)
        if complete and (moments != sorted(moments) or moments[1] == moments[2]):
            self.add_error("burst_at", _("The stages follow one another."))
        self._refuse_words(cleaned)
        return cleaned

    def _refuse_words(self, cleaned: dict[str, Any]) -> None:
        """Forbidden words of the title, said at its field: it heads what shoppers are sent."""
        texts = texts_of_titles(cleaned)
        found = [hit for hit in screen_texts(texts.values()) if hit.blocks]
        for name, text in texts.items():
            words = [hit.words for hit in found if (hit.place, hit.text) == (text.place, text.text)]
            if words:
                self.add_error(name, "; ".join(dict.fromkeys(words)))


@admin.register(CampaignPlan)
class CampaignPlanAdmin(MallAdmin):
    """A plan is agreed on by every team, then approved; its campaigns wait for that."""

    form = PlanForm
    inlines = (CheckInline, PhaseInline, ForecastInline)
    list_display = (
        "title_zh", "event", "stage", "preheat_at", "burst_at", "ends_at", "budget_fen", "owner",
        "state",
    )  # fmt: skip
    list_filter = ("status", "event")
    list_select_related = ("event", "owner")
    search_fields = ("title_zh", "title_en")
    search_help_text = _("plan title")
    ordering = ("-preheat_at", "-pk")
    autocomplete_fields = ("owner",)
    actions_list = ("calendar",)
    actions_detail = ("submit", "approve", "send_back", "dry_run", "stock", "effect", "drop")
    readonly_fields = ("standing",)
    fieldsets = (
        (None, {"fields": ("standing", ("title_zh", "title_en"), ("event", "owner"))}),
        (_("Stages"), {"fields": ("preheat_at", "burst_at", "long_tail_at", "ends_at")}),
        (
            _("Goal"),
            {
                "fields": (
                    "goal",
                    "rules_text",
                    ("gmv_target_fen", "profit_target_fen"),
                    "budget_fen",
                )
            },
        ),
        (pgettext_lazy("stage", "Review"), {"fields": ("review_text",)}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_approve_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may say yes or no to a plan."""
        return request.user.has_perm(APPROVE)

    def has_effect_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may read reports."""
        return request.user.has_perm("analytics.view_dailyreport")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.month)
        name = "promotions_campaignplan_month"
        return [path("month/", view, name=name), *super().get_urls()]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A plan begun from the calendar has the dates and the name of its event."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        day = _day_in(request.GET.get("on", ""))
        event = YearlyEvent.objects.filter(code=request.GET.get("event_code", "")).first()
        if day is not None:
            initial.update(selectors.default_stages(day))
        if event is not None:
            names = {"title_zh": event.title_zh, "title_en": event.title_en, "event": event.pk}
            initial.update(names)
        return initial

    @display(description=_("status"), label=STATUS_COLOURS, ordering="status")
    def state(self, plan: CampaignPlan) -> tuple[str, str]:
        return plan.status, plan.get_status_display()

    @admin.display(description=_("stage"))
    def stage(self, plan: CampaignPlan) -> str:
        return str(CampaignPlan.Stage(plan.stage_at(clock.now())).label)

    @admin.display(description=_("standing"))
    def standing(self, plan: CampaignPlan) -> str:
        if not plan.pk:
            return ""
        words = [self.stage(plan), plan.get_status_display()]
        people = [
            f"{label}: {person}"
            for label, person in (
                (_("written by"), plan.maker),
                (_("approved by"), plan.checker),
                (_("reason"), plan.reason),
            )
            if person
        ]
        return " · ".join([*words, *people])

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing yet: the verb needs the rows too, see `save_related`."""

    def save_related(
        self, request: HttpRequest, form: Any, formsets: list[Any], change: bool
    ) -> None:
        """Write plan, checklist, messages and forecasts by one verb."""
        rows = {formset.model: _rows(formset) for formset in formsets}
        for formset in formsets:
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        said = form.cleaned_data
        ids: dict[str, Any] = {
            f"{name}_id": getattr(said[name], "pk", None) for name in ("event", "owner")
        }
        plain = {name: said[name] for name in FIELDS if not name.endswith("_id")}
        saved = services.save_plan(
            values=PlanValues(
                **plain,
                **ids,
                review_text=said["review_text"],
                checks=rows[PlanCheck],
                phases=rows[PlanPhase],
                forecasts=rows[PlanForecast],
            ),
            plan_id=form.instance.pk,
            actor=actor_of(request),
            at=clock.now(),
        )
        form.instance.pk = saved.pk

    @action(description=_("Calendar"), permissions=["view"], icon="calendar_month", url_path="go")
    def calendar(self, request: HttpRequest) -> HttpResponse:
        """The calendar of this month."""
        return self.month(request)

    def month(self, request: HttpRequest) -> HttpResponse:
        """Events, plans with their stages and campaigns of one month."""
        at = clock.now()
        today = clock.day_of(at)
        chosen = _day_in(f"{request.GET.get('month', '')}-01") or today.replace(day=1)
        found = selectors.month_of(chosen.year, chosen.month, at)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Campaign calendar"),
            "month": found,
            "today": today,
            "before": _shifted(chosen, -1),
            "after": _shifted(chosen, 1),
            "stages": dict(CampaignPlan.Stage.choices),
            "may_add": self.has_add_permission(request),
        }
        return TemplateResponse(request, "promotions/campaign_month.html", context)

    @action(description=_("Dry run"), permissions=["view"], icon="preview")
    def dry_run(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Who would get which message and when; nothing is sent."""
        plan = get_object_or_404(CampaignPlan, pk=object_id)
        dry_run = _("Dry run")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{plan.title_zh} · {dry_run}",
            "plan": plan,
            "runs": selectors.dry_run(plan),
        }
        return TemplateResponse(request, "promotions/plan_dry_run.html", context)

    @action(description=_("Stock"), permissions=["view"], icon="inventory")
    def stock(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Is there enough for what it expects to sell."""
        return redirect("admin:plan_stock", object_id)

    @action(description=_("Effect"), permissions=["effect"], icon="monitoring")
    def effect(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What it brought in and cost."""
        return redirect("admin:plan_effect", object_id)

    @action(description=_("Submit"), permissions=["change"], icon="outgoing_mail")
    def submit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hand it over for approval."""
        return self._ask(request, object_id, services.submit_plan, _("Submit"), forms.Form)

    @action(description=_("Approve"), permissions=["approve"], icon="verified")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say yes: its campaigns may start."""
        return self._ask(request, object_id, services.approve_plan, _("Approve"), forms.Form)

    @action(description=_("Return"), permissions=["approve"], icon="undo")
    def send_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say no, and why."""
        return self._ask(request, object_id, services.return_plan, _("Return"), ReasonForm)

    @action(description=_("Drop"), permissions=["change"], icon="delete")
    def drop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give it up, and why."""
        return self._ask(request, object_id, services.drop_plan, _("Drop"), ReasonForm)

    def _ask(
        self, request: HttpRequest, object_id: str, verb: Any, button: Any, form_class: Any
    ) -> HttpResponse:
        plan = get_object_or_404(CampaignPlan, pk=object_id)
        at = clock.now()
        page = VerbPage(
            title=f"{plan.title_zh} · {button}",
            form_class=form_class,
            run=lambda typed: verb(plan_id=plan.pk, actor=actor_of(request), at=at, **typed),
            done=_("Done."),
            back=reverse("admin:promotions_campaignplan_change", args=[plan.pk]),
            button=button,
            facts=(
                (_("status"), plan.get_status_display()),
                (_("stage"), self.stage(plan)),
                (_("goal"), plan.goal),
            ),
        )
        return page.answer(request, self)


@admin.register(YearlyEvent)
class YearlyEventAdmin(MallAdmin):
    """Days that come back every year or month; moving festivals are known by the calendar."""

    spoken = {"lunar": MOVING}
    list_display = ("title_zh", "title_en", "kind", "month", "day", "days", "lunar")
    list_filter = ("kind",)
    search_fields = ("code", "title_zh", "title_en")
    fields = ("code", "kind", ("title_zh", "title_en"), ("month", "day", "days"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write with a trail."""
        services.place_content(
            row=obj, changed=form.changed_data, at=clock.now(), actor=actor_of(request)
        )


def _rows(formset: Any) -> list[dict[str, Any]]:
    """The rows of a formset that stay, as columns; of what went out only which it is."""
    found = []
    for form in formset.forms:
        said = form.cleaned_data
        if not said or said.get("DELETE"):
            continue
        row = {name: value for name, value in said.items() if name not in ("DELETE", "id", "plan")}
        shut = getattr(form, "is_shut", False)
        found.append({"pk": form.instance.pk} if shut else {**row, "pk": form.instance.pk})
    return found


def _day_in(text: str) -> date | None:
    """A day in ISO form, None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _shifted(first: Any, months: int) -> str:
    number = first.year * 12 + first.month - 1 + months
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
