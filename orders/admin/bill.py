"""Daily bills of the providers, and what they tell otherwise than our book: a worklist (F-32)."""

from functools import partial

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from mall.kernel import clock
from mall.kernel.admin import OffersByState, ReadOnlyAdmin, VerbPage
from mall.kernel.admin.colours import ColourOf
from orders import services, words
from orders.admin.acting import actor_of, amount
from orders.admin.forms import NoteForm
from orders.models import BillFinding, DailyBill, PaymentFailure

OPEN = Q(findings__state=BillFinding.State.OPEN)


@admin.register(DailyBill)
class DailyBillAdmin(ReadOnlyAdmin):
    """One row a provider and day."""

    spoken = {"provider": words.PROVIDERS}

    list_display = ("day", "provider", "lines", "paid", "our_paid", "back", "our_back", "open_rows")
    list_filter = ("provider",)
    ordering = ("-day", "provider")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DailyBill]:
        return super().get_queryset(request).annotate(open_findings=Count("findings", filter=OPEN))

    @admin.display(description=_("paid by the bill"), ordering="paid_fen")
    def paid(self, bill: DailyBill) -> str:
        return amount(bill.paid_fen)

    @admin.display(description=_("paid by our book"), ordering="our_paid_fen")
    def our_paid(self, bill: DailyBill) -> str:
        return amount(bill.our_paid_fen)

    @admin.display(description=_("sent back by the bill"), ordering="refunded_fen")
    def back(self, bill: DailyBill) -> str:
        return amount(bill.refunded_fen)

    @admin.display(description=_("sent back by our book"), ordering="our_refunded_fen")
    def our_back(self, bill: DailyBill) -> str:
        return amount(bill.our_refunded_fen)

    @admin.display(description=_("open differences"), ordering="open_findings")
    def open_rows(self, bill: DailyBill) -> int:
        return int(getattr(bill, "open_findings", 0))


@admin.register(BillFinding)
class BillFindingAdmin(OffersByState, ReadOnlyAdmin):
    """What bill and book do not tell alike; nothing is mended until somebody has looked."""

    list_display = ("number", "day", "kind", "is_refund", "ours", "theirs", "standing", "found_at")
    list_filter = ("state", "kind", "is_refund", "bill__provider")
    list_select_related = ("bill",)
    search_fields = ("=number",)
    ordering = ("-pk",)
    actions_detail = ("solve",)
    offers = {BillFinding.State.OPEN: actions_detail}
    state_field = "state"

    def has_solve_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.change_billfinding"))

    @admin.display(description=_("daily bill"), ordering="bill")
    def day(self, finding: BillFinding) -> str:
        """Whose bill of which day."""
        return f"{words.provider_title(finding.bill.provider)} {finding.bill.day}"

    @admin.display(description=_("by our book"), ordering="our_fen")
    def ours(self, finding: BillFinding) -> str:
        return _sum(finding.our_fen)

    @admin.display(description=_("by the bill"), ordering="their_fen")
    def theirs(self, finding: BillFinding) -> str:
        return _sum(finding.their_fen)

    @display(
        description=_("state"),
        label=ColourOf.choices(
            {
                BillFinding.State.OPEN: "danger",
                BillFinding.State.SOLVED: "success",
            }
        ),
    )
    def standing(self, finding: BillFinding) -> str:
        return str(finding.get_state_display())

    @action(description=_("Solved"), permissions=["solve"], icon="task_alt")
    def solve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Somebody has looked, and says what it was."""
        finding = get_object_or_404(BillFinding, pk=object_id)
        verb = partial(
            services.solve_finding, finding=finding, actor=actor_of(request), at=clock.now()
        )
        page = VerbPage(
            title=_("Solve %(number)s") % {"number": finding.number},
            form_class=NoteForm,
            run=lambda typed: verb(**typed),
            done=_("The difference is solved."),
            back=reverse("admin:orders_billfinding_change", args=[finding.pk]),
            button=_("Solved"),
            facts=(
                (_("what"), finding.get_kind_display()),
                (_("by our book"), _sum(finding.our_fen)),
                (_("by the bill"), _sum(finding.their_fen)),
            ),
        )
        return page.answer(request, self)


@admin.register(PaymentFailure)
class PaymentFailureAdmin(ReadOnlyAdmin):
    """Every refusal on the way to a payment: where, and why."""

    list_display = ("at", "payment", "provider", "stage", "reason", "code")
    list_filter = ("stage", "reason", "payment__provider")
    list_select_related = ("payment",)
    search_fields = ("=payment__payment_no", "=payment__order__number")
    ordering = ("-pk",)

    @admin.display(description=_("provider"), ordering="payment__provider")
    def provider(self, failure: PaymentFailure) -> str:
        return words.provider_title(failure.payment.provider)


def _sum(amount_fen: int | None) -> str:
    return "" if amount_fen is None else amount(amount_fen)
