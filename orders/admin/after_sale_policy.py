"""The promises of after-sales as rows, limits of service, and compensations. Source: O-44, O-48,
O-50."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display

from mall.kernel import audit, clock
from mall.kernel.admin import MallAdmin, OffersByState, ReadOnlyAdmin, VerbPage
from mall.kernel.admin.colours import ColourOf
from orders import services
from orders.admin.acting import actor_of, amount
from orders.admin.after_sale_forms import PlainForm
from orders.models import AfterSalePolicy, Compensation, ReturnFreightRule, ServiceLimit


class AuditedAdmin(MallAdmin):
    """Rows of policy: who changed what stands in the trail."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        after = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        audit.record(
            actor=actor_of(request),
            verb=f"orders.save_{obj._meta.model_name}",
            target=obj,
            after=after,
            at=clock.now(),
        )


@admin.register(AfterSalePolicy)
class AfterSalePolicyAdmin(AuditedAdmin):
    """Windows and gifts by category."""

    list_display = (
        "__str__",
        "no_reason_days",
        "quality_days",
        "exchange_days",
        "gift_policy",
    )
    list_select_related = ("category",)
    autocomplete_fields = ("category",)
    ordering = ("pk",)


@admin.register(ReturnFreightRule)
class ReturnFreightRuleAdmin(AuditedAdmin):
    """Who pays for sending back, by reason."""

    list_display = ("reason", "payer", "freight_comes_back")
    ordering = ("pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ServiceLimit)
class ServiceLimitAdmin(AuditedAdmin):
    """How far one operator of a role goes alone."""

    list_display = (
        "group",
        "compensation_order_fen",
        "compensation_day_fen",
        "refund_order_fen",
        "refund_day_fen",
    )
    list_select_related = ("group",)
    ordering = ("pk",)


@admin.register(Compensation)
class CompensationAdmin(OffersByState, ReadOnlyAdmin):
    """Money for trouble; what is above a limit waits here for another operator."""

    list_display = ("number", "status", "order", "sum", "reason", "requested_by", "decided_by")
    list_filter = ("state",)
    list_select_related = ("order", "requested_by", "decided_by")
    search_fields = ("=number", "=order__number")
    ordering = ("-pk",)
    actions_detail = ("grant", "deny")
    offers = {Compensation.State.PENDING: actions_detail}
    state_field = "state"

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("orders.approve_compensation"))

    @display(
        description=_("state"),
        label=ColourOf.choices(
            {
                Compensation.State.PENDING: "danger",
                Compensation.State.PAID: "success",
            }
        ),
    )
    def status(self, row: Compensation) -> str:
        return str(row.get_state_display())

    @admin.display(description=_("amount"), ordering="amount_fen")
    def sum(self, row: Compensation) -> str:
        return amount(row.amount_fen)

    @action(description=_("Approve"), permissions=["decide"], icon="check")
    def grant(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Yes: the money goes to the wallet."""
        return self._decide(request, object_id, approve=True)

    @action(
        description=pgettext_lazy("after-sales", "Refuse"), permissions=["decide"], icon="block"
    )
    def deny(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """No."""
        return self._decide(request, object_id, approve=False)

    def _decide(self, request: HttpRequest, object_id: str, *, approve: bool) -> HttpResponse:
        row = get_object_or_404(Compensation.objects.select_related("requested_by"), pk=object_id)
        verb = partial(
            services.decide_compensation,
            number=row.number,
            approve=approve,
            actor=actor_of(request),
            at=clock.now(),
        )
        title = _("Approve") if approve else pgettext_lazy("after-sales", "Refuse")
        page = VerbPage(
            title=f"{title} {row.number}",
            form_class=PlainForm,
            run=lambda typed: verb(),
            done=_("Done."),
            back=reverse("admin:orders_compensation_change", args=[row.pk]),
            button=title,
            facts=(
                (_("amount"), amount(row.amount_fen)),
                (_("reason"), row.reason),
                (_("asked by"), row.requested_by),
            ),
        )
        return page.answer(request, self)
