"""The after-sales desk: what waits and until when, and the deeds of deciding, inspecting, paying
back, sending again. Source: O-43 to O-50."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display

from mall.kernel import clock
from mall.kernel.admin import OffersByState, ReadOnlyAdmin, ReadOnlyInline, VerbPage
from mall.kernel.admin.colours import ColourOf
from orders import selectors, services
from orders.admin.acting import actor_of, amount
from orders.admin.after_sale_forms import (
    PlainForm,
    ReasonForm,
    amounts_of,
    answer_form,
    approval_form,
    grades_of,
    inspection_form,
    part_grades_of,
)
from orders.admin.forms import ParcelForm
from orders.after_sales_presenting import STEPS
from orders.models import AfterSale, AfterSaleEvent, AfterSaleLine, PickupRequest, Reason, Refund
from orders.presenting import upload_dict

State = AfterSale.State
TO_RESEND = "to_resend"
REPORTED = timedelta(days=90)
COLOURS = {
    State.REQUESTED: "danger",
    State.APPROVED: "danger",
    State.AWAITING_RETURN: "info",
    State.RETURNING: "warning",
    State.INSPECTED: "danger",
    State.REFUNDING: "info",
    State.DONE: "success",
}


class CaseLineInline(ReadOnlyInline):
    """What it is about."""

    model = AfterSaleLine
    fields = ("line", "quantity", "exchange_sku", "unshipped", "share", "granted", "points_back",
              "graded", "parts_graded")  # fmt: skip
    readonly_fields = ("share", "granted", "graded", "parts_graded")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AfterSaleLine]:
        return super().get_queryset(request).select_related("line", "exchange_sku")

    @admin.display(description=_("share of the price"))
    def share(self, row: AfterSaleLine) -> str:
        return amount(row.entitled_fen)

    @admin.display(description=_("granted"))
    def granted(self, row: AfterSaleLine) -> str:
        return amount(row.amount_fen)

    @admin.display(description=_("grades"), empty_value="-")
    def graded(self, row: AfterSaleLine) -> str | None:
        """What the inspection found: A × 2, B × 1."""
        return _graded(row.grades)

    @admin.display(description=_("grades of the parts"), empty_value="-")
    def parts_graded(self, row: AfterSaleLine) -> str | None:
        """The same for each part of a bundle, by its code."""
        codes = {str(part["sku_id"]): part["code"] for part in row.line.parts or ()}
        found = {codes.get(sku_id, sku_id): _graded(part) for sku_id, part in _parts_of(row)}
        return "; ".join(f"{code}: {grades}" for code, grades in found.items() if grades) or None


def _parts_of(row: AfterSaleLine) -> Iterable[tuple[str, Mapping[str, int]]]:
    return (row.part_grades or {}).items()


def _graded(grades: Mapping[str, int]) -> str | None:
    return ", ".join(f"{grade} × {pieces}" for grade, pieces in sorted(grades.items())) or None


class CaseEventInline(ReadOnlyInline):
    """Every step with who and when."""

    spoken = {
        "code": STEPS,
        "from_state": dict(AfterSale.State.choices),
        "to_state": dict(AfterSale.State.choices),
    }

    model = AfterSaleEvent
    fields = ("at", "code", "from_state", "to_state", "actor", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AfterSaleEvent]:
        return super().get_queryset(request).select_related("actor")


class CaseRefundInline(ReadOnlyInline):
    """The money of the case on its way."""

    model = Refund
    fields = ("refund_no", "status", "back", "attempts", "failure_code", "succeeded_at")
    readonly_fields = ("back",)

    @admin.display(description=_("amount"))
    def back(self, refund: Refund) -> str:
        return amount(refund.amount_fen)


@admin.register(AfterSale)
class AfterSaleAdmin(OffersByState, ReadOnlyAdmin):
    """Cases change by deeds; the oldest deadline stands first."""

    list_display = ("number", "status", "kind", "reason", "order", "money", "due", "requested_at")
    list_filter = ("state", "kind", "reason", "freight_payer")
    list_select_related = ("order",)
    search_fields = ("=number", "=order__number", "=tracking_no", "=order__receiver_phone")
    search_help_text = _("Case, order or tracking number, or whole phone number")
    ordering = ("due_at", "-pk")
    fields = (
        "number",
        "status",
        "order",
        "member",
        ("kind", "reason"),
        "text",
        "evidence",
        ("requested_at", "due_at"),
        ("money", "freight", "gifts"),
        ("points_back", "points_taken"),
        ("carrier", "tracking_no"),
        ("return_cost", "freight_payer"),
        ("approved_by", "decided_at"),
        "replacement",
    )
    inlines = (CaseLineInline, CaseRefundInline, CaseEventInline)
    list_before_template = "orders/admin/chips.html"
    actions_detail = (
        "approve",
        "refuse",
        "inspect",
        "refund",
        "confirm",
        "resend",
        "supplier_answered",
    )
    offers = {
        State.REQUESTED: ("approve", "refuse"),
        State.APPROVED: ("confirm", "refuse"),
        State.AWAITING_RETURN: ("inspect",),
        State.RETURNING: ("inspect",),
        State.INSPECTED: ("refund", "confirm", "refuse"),
        TO_RESEND: ("resend", "refuse"),
    }

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The queue under its chips: what waits by state, then the reasons of 90 days (O-49)."""
        chips = {"chips": _chips(request)}
        return super().changelist_view(request, {**(extra_context or {}), **chips})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = ("status", "money", "freight", "gifts", "evidence", "return_cost")
        return (*super().get_readonly_fields(request, obj), *shown)

    def state_of(self, row: AfterSale | None) -> str:
        """The state; an inspected exchange sends goods, no money."""
        if row is None:
            return ""
        sends_goods = row.state == State.INSPECTED and row.kind == AfterSale.Kind.EXCHANGE
        return TO_RESEND if sends_goods else row.state

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """A supplier's answer is awaited only of an open case whose goods a silent one sent.
        Queries: 3."""
        shown = super().get_actions_detail(request, object_id)
        case = self.get_object(request, unquote(str(object_id)))
        is_open = case is not None and case.closed_at is None
        if is_open and selectors.silent_senders_of(case).exists():
            return shown
        return [deed for deed in shown if not deed.action_name.endswith("_supplier_answered")]

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("orders.approve_aftersale"))

    def has_inspect_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("orders.inspect_aftersale"))

    def has_confirm_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("orders.refund_aftersale"))

    @display(
        description=_("state"),
        label=ColourOf.choices(COLOURS),
        ordering="state",
    )
    def status(self, case: AfterSale) -> str:
        return str(case.get_state_display())

    @admin.display(description=_("comes back"), ordering="goods_fen")
    def money(self, case: AfterSale) -> str:
        return amount(case.money_fen)

    @admin.display(description=_("of it freight"))
    def freight(self, case: AfterSale) -> str:
        return amount(case.freight_fen)

    @admin.display(description=_("kept for gifts"))
    def gifts(self, case: AfterSale) -> str:
        return amount(case.gift_charge_fen)

    @admin.display(description=_("return freight"))
    def return_cost(self, case: AfterSale) -> str:
        return amount(case.return_freight_fen)

    @display(
        description=_("due"),
        ordering="due_at",
        label=ColourOf({_("late"): "danger", _("in time"): "success"}),
    )
    def due(self, case: AfterSale) -> str | None:
        if case.due_at is None:
            return None
        return str(_("late") if case.due_at < clock.now() else _("in time"))

    @admin.display(description=_("pictures"))
    def evidence(self, case: AfterSale) -> SafeString:
        """What the buyer sent in."""
        shown = [upload_dict(row) for row in case.pictures.select_related("media")]
        return format_html_join(
            " ",
            '<a href="{}" target="_blank" rel="noopener"><img src="{}" alt="" width="96"></a>',
            ((picture["url"], picture["url"]) for picture in shown),
        )

    @action(description=_("Approve"), permissions=["decide"], icon="check")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Grant it, or less; the amounts can only come down."""
        case = get_object_or_404(AfterSale, pk=object_id)
        rows = list(case.lines.select_related("line"))
        form_class = approval_form(rows, case.freight_fen)

        def run(typed: Any) -> None:
            services.approve_after_sale(
                number=case.number,
                actor=actor_of(request),
                at=clock.now(),
                amounts_fen=amounts_of(typed),
                freight_fen=typed.get("freight_fen"),
                note=typed["note"],
            )

        return self._page(request, case, _("Approve"), form_class, run)

    @action(
        description=pgettext_lazy("after-sales", "Refuse"), permissions=["decide"], icon="block"
    )
    def refuse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say no, and why."""
        case = get_object_or_404(AfterSale, pk=object_id)
        verb = self._verb(services.refuse_after_sale, request, case)
        return self._page(
            request,
            case,
            pgettext_lazy("after-sales", "Refuse"),
            ReasonForm,
            lambda typed: verb(**typed),
        )

    @action(description=_("Inspect"), permissions=["inspect"], icon="search_check")
    def inspect(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Grade what came back."""
        case = get_object_or_404(AfterSale, pk=object_id)
        form_class = inspection_form(case.lines.select_related("line"))
        verb = self._verb(services.inspect_return, request, case)
        return self._page(
            request,
            case,
            _("Inspect"),
            form_class,
            lambda typed: verb(
                grades=grades_of(typed),
                part_grades=part_grades_of(typed),
                warehouse_id=typed["warehouse"].pk,
                return_freight_fen=typed["return_freight_fen"] or 0,
                note=typed["note"],
            ),
        )

    @action(description=_("Pay back"), permissions=["decide"], icon="currency_exchange")
    def refund(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Pay an inspected return back."""
        case = get_object_or_404(AfterSale, pk=object_id)
        verb = self._verb(services.refund_after_sale, request, case)
        return self._page(request, case, _("Pay back"), PlainForm, lambda typed: verb())

    @action(description=_("Second yes"), permissions=["confirm"], icon="verified_user")
    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Another person's yes to a refund above a limit."""
        case = get_object_or_404(AfterSale, pk=object_id)
        verb = self._verb(services.confirm_refund, request, case)
        return self._page(request, case, _("Second yes"), PlainForm, lambda typed: verb())

    @action(description=_("Send replacement"), permissions=["inspect"], icon="local_shipping")
    def resend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The new goods of an exchange leave."""
        case = get_object_or_404(AfterSale, pk=object_id)
        verb = self._verb(services.resend_after_sale, request, case)
        return self._page(
            request,
            case,
            _("Send replacement"),
            ParcelForm,
            lambda typed: verb(
                carrier=typed["carrier"].code,
                tracking_no=typed["tracking_no"],
            ),
        )

    @action(description=_("Supplier answered"), permissions=["decide"], icon="reply")
    def supplier_answered(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A word of who sent the goods, by telephone or otherwise; its time is now."""
        case = get_object_or_404(AfterSale, pk=object_id)
        verb = self._verb(services.note_supplier_answer, request, case)
        return self._page(
            request,
            case,
            _("Supplier answered"),
            answer_form(selectors.silent_senders_of(case)),
            lambda typed: verb(supplier_id=typed["supplier"], note=typed["note"]),
        )

    def _verb(
        self, verb: Callable[..., Any], request: HttpRequest, case: AfterSale
    ) -> Callable[..., Any]:
        return partial(verb, number=case.number, actor=actor_of(request), at=clock.now())

    def _page(
        self,
        request: HttpRequest,
        case: AfterSale,
        title: Promise,
        form_class: type[forms.Form],
        run: Callable[[Any], Any],
    ) -> HttpResponse:
        page = VerbPage(
            title=f"{title} {case.number}",
            form_class=form_class,
            run=run,
            done=_("Done."),
            back=reverse("admin:orders_aftersale_change", args=[case.pk]),
            button=title,
            facts=(
                (_("state"), self.status(case)),
                (_("kind"), case.get_kind_display()),
                (_("reason"), case.get_reason_display()),
                (_("comes back"), amount(case.money_fen)),
                (_("points that come back"), case.points_back),
            ),
        )
        return page.answer(request, self)


def _chips(request: HttpRequest) -> list[dict[str, Any]]:
    """One a state that somebody waits for, and one a reason; the current one leads back to all.
    Queries: 2."""
    counts = selectors.queue_counts()
    reasons = dict(selectors.reasons_report(clock.now() - REPORTED))
    rows: list[tuple[str, State | Reason, int]]
    rows = [("state", State(code), number) for code, number in sorted(counts.items())]
    rows += [("reason", Reason(code), number) for code, number in reasons.items()]
    return [
        {
            "label": value.label,
            "count": number,
            "url": "?" if _is_current(request, name, value) else f"?{name}__exact={value.value}",
            "current": _is_current(request, name, value),
        }
        for name, value, number in rows
    ]


def _is_current(request: HttpRequest, name: str, value: str) -> bool:
    return request.GET.get(f"{name}__exact", "") == value


@admin.register(PickupRequest)
class PickupRequestAdmin(ReadOnlyAdmin):
    """Doors at which a carrier is to ring, the next one first."""

    list_display = ("day", "window", "after_sale", "state", "contact_name", "carrier", "carrier_no")
    list_filter = ("state", "day", "window")
    list_select_related = ("after_sale",)
    search_fields = ("=after_sale__number", "=carrier_no")
    ordering = ("day", "window", "pk")
    masked_fields = ("contact_phone",)
    mask_permission = "members.see_phone"
