"""Care plans: what they wait for and give, switched on and off, with what came of them."""

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
from unfold.decorators import action, display

from analytics import services
from analytics.models import CarePlan, CareRun
from analytics.selectors import with_figures
from mall.kernel import clock
from mall.kernel.admin import MallAdmin, ReadOnlyAdmin, VerbPage, actor_of, run_verb
from mall.kernel.money import yuan


@admin.register(CarePlan)
class CarePlanAdmin(MallAdmin):
    """One row an occasion. It reaches nobody until it is switched on."""

    list_display = ("title", "kind", "coupon", "waits", "given", "used", "cost", "state")
    list_filter = ("kind", "is_on")
    list_select_related = ("coupon",)
    autocomplete_fields = ("coupon",)
    search_fields = ("title", "coupon__title_zh", "coupon__code")
    search_help_text = _("title or coupon")
    ordering = ("kind", "pk")
    fields = ("kind", "title", "coupon", "wait_minutes", ("from_fen", "to_fen"), "category_ids")
    actions = ("switch_on_selected", "switch_off_selected")
    actions_detail = ("switch_on", "switch_off")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_figures(super().get_queryset(request))

    def has_delete_permission(self, request: HttpRequest, obj: CarePlan | None = None) -> bool:
        return False

    @admin.display(description=_("waits"), ordering="wait_minutes")
    def waits(self, plan: CarePlan) -> str:
        """The wait in the largest unit that is whole."""
        for minutes, words in ((1440, _("%(n)s d")), (60, _("%(n)s h")), (1, _("%(n)s min"))):
            if plan.wait_minutes and plan.wait_minutes % minutes == 0:
                return words % {"n": plan.wait_minutes // minutes}
        return "-"

    @admin.display(description=_("coupons given"), ordering="given")
    def given(self, plan: Any) -> int:
        return int(plan.given)

    @admin.display(description=_("coupons used"), ordering="used")
    def used(self, plan: Any) -> int:
        return int(plan.used)

    @admin.display(description=_("discounts (yuan)"), ordering="off_fen")
    def cost(self, plan: Any) -> str:
        return yuan(plan.off_fen)

    @display(description=_("status"), label={True: "success", False: "info"}, ordering="is_on")
    def state(self, plan: CarePlan) -> tuple[bool, Promise]:
        return plan.is_on, _("on") if plan.is_on else _("off")

    def save_model(self, request: HttpRequest, obj: CarePlan, form: Any, change: bool) -> None:
        """Write through the verb, which checks and leaves a trail."""
        services.save_care_plan(
            plan=obj, changed=form.changed_data, actor=actor_of(request), at=clock.now()
        )

    @admin.action(description=_("Switch on"), permissions=["change"])
    def switch_on_selected(self, request: HttpRequest, rows: QuerySet[CarePlan]) -> None:
        for plan in rows:
            _switch(request, plan, on=True)

    @admin.action(description=_("Switch off"), permissions=["change"])
    def switch_off_selected(self, request: HttpRequest, rows: QuerySet[CarePlan]) -> None:
        for plan in rows:
            _switch(request, plan, on=False)

    @action(description=_("Switch on"), permissions=["change"], icon="toggle_on")
    def switch_on(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """From now on it reaches whoever becomes due."""
        return self._confirm(request, object_id, _("Switch on"), on=True)

    @action(description=_("Switch off"), permissions=["change"], icon="toggle_off")
    def switch_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """It reaches nobody else; coupons given stay good."""
        return self._confirm(request, object_id, _("Switch off"), on=False)

    def _confirm(
        self, request: HttpRequest, object_id: str, button: Promise, *, on: bool
    ) -> HttpResponse:
        plan = get_object_or_404(CarePlan.objects.select_related("coupon"), pk=object_id)
        page = VerbPage(
            title=f"{plan.title} · {button}",
            form_class=forms.Form,
            run=lambda _typed: services.switch_care_plan(
                plan_id=plan.pk, on=on, actor=actor_of(request), at=clock.now()
            ),
            done=_("Done."),
            back=reverse("admin:analytics_careplan_changelist"),
            button=button,
            facts=((_("coupon"), plan.coupon or "-"), (_("waits"), self.waits(plan))),
        )
        return page.answer(request, self)


@admin.register(CareRun)
class CareRunAdmin(ReadOnlyAdmin):
    """Whom a plan met, for what, and whether a coupon was given."""

    list_display = ("at", "plan", "member", "cause", "outcome")
    list_filter = ("outcome", ("plan", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("plan", "member")
    search_fields = ("=cause", "member__nickname")
    search_help_text = _("cause or nickname")
    ordering = ("-pk",)


def _switch(request: HttpRequest, plan: CarePlan, *, on: bool) -> None:
    deed = partial(
        services.switch_care_plan, plan_id=plan.pk, on=on, actor=actor_of(request), at=clock.now()
    )
    done = _("%(title)s is on.") if on else _("%(title)s is off.")
    run_verb(request, deed, done % {"title": plan.title})
