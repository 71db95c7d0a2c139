"""Paid orders that wait for a person, and what counts as unusual. Source: requirement O-16."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from mall.kernel import clock
from mall.kernel.admin import OffersByState, OneRowAdmin, ReadOnlyAdmin, VerbPage
from mall.kernel.admin.colours import ColourOf
from orders import services, words
from orders.admin.acting import actor_of, amount
from orders.admin.forms import CloseForm, RemarkForm
from orders.models import OrderCheck, ReviewPolicy

WAITING = _("waiting")


@admin.register(OrderCheck)
class OrderCheckAdmin(OffersByState, ReadOnlyAdmin):
    """One row a check; an empty verdict waits."""

    list_display = ("order", "payable", "why", "standing", "opened_at", "decided_at", "decided_by")
    list_filter = ("verdict",)
    list_select_related = ("order", "decided_by")
    search_fields = ("=order__number",)
    ordering = ("decided_at", "opened_at", "pk")
    readonly_fields = ("payable", "why", "standing", "address")
    fields = ("order", "payable", "address", "why", "opened_at", "standing", "decided_at",
              "decided_by", "note")  # fmt: skip
    actions_detail = ("let_pass", "reject")
    offers = {"": actions_detail}
    state_field = "verdict"

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.change_order"))

    @admin.display(description=_("payable"), ordering="order__payable_fen")
    def payable(self, check: OrderCheck) -> str:
        return amount(check.order.payable_fen)

    @admin.display(description=_("address"))
    def address(self, check: OrderCheck) -> str:
        return " ".join([*check.order.region_names, check.order.address_detail])

    @admin.display(description=_("reasons"))
    def why(self, check: OrderCheck) -> str:
        return "; ".join(words.review_reason(one["code"], one["facts"]) for one in check.reasons)

    @display(
        description=_("verdict"),
        label=ColourOf(
            {
                WAITING: "warning",
                OrderCheck.Verdict.PASSED.label: "success",
                OrderCheck.Verdict.REJECTED.label: "danger",
            }
        ),
    )
    def standing(self, check: OrderCheck) -> str:
        return str(check.get_verdict_display() if check.verdict else WAITING)

    @action(description=_("Pass"), permissions=["decide"], icon="task_alt")
    def let_pass(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Nothing is wrong with it."""
        check = get_object_or_404(OrderCheck.objects.select_related("order"), pk=object_id)
        verb = partial(
            services.pass_check, check_id=check.pk, actor=actor_of(request), at=clock.now()
        )
        page = VerbPage(
            title=_("Pass %(number)s") % {"number": check.order.number},
            form_class=RemarkForm,
            run=lambda typed: verb(**typed),
            done=_("The order is to be packed."),
            back=reverse("admin:orders_ordercheck_changelist"),
            button=_("Pass"),
            facts=self._facts(check),
        )
        return page.answer(request, self)

    @action(description=_("Reject"), permissions=["decide"], icon="block")
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """It is closed and paid back."""
        check = get_object_or_404(OrderCheck.objects.select_related("order"), pk=object_id)
        verb = partial(
            services.reject_check, check_id=check.pk, actor=actor_of(request), at=clock.now()
        )
        page = VerbPage(
            title=_("Reject %(number)s") % {"number": check.order.number},
            form_class=CloseForm,
            run=lambda typed: verb(**typed),
            done=_("The order is closed; the money goes back."),
            back=reverse("admin:orders_ordercheck_changelist"),
            button=_("Reject"),
            facts=self._facts(check),
        )
        return page.answer(request, self)

    def _facts(self, check: OrderCheck) -> tuple[tuple[Any, Any], ...]:
        return (
            (_("reasons"), self.why(check)),
            (_("payable"), self.payable(check)),
            (_("address"), self.address(check)),
        )


@admin.register(ReviewPolicy)
class ReviewPolicyAdmin(OneRowAdmin):
    """One row."""

    list_display = ("__str__", "is_on", "amount_fen")
    fields = (
        "is_on",
        "amount_fen",
        ("address_letters", "address_needs_number"),
        "blocked_prefixes",
    )

    def save_model(self, request: HttpRequest, obj: ReviewPolicy, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        names = form.changed_data if change else list(form.cleaned_data)
        changes = {name: form.cleaned_data[name] for name in names}
        obj.pk = services.save_review_policy(
            changes=changes, actor=actor_of(request), at=clock.now()
        ).pk
