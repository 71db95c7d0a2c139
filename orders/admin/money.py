"""Payments, notices and refunds: looked at, never edited; a refund can be sent again."""

from functools import partial

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, run_verb
from mall.kernel.admin.colours import ColourOf
from orders import services, words
from orders.admin.acting import actor_of, amount
from orders.admin.notice_words import NOTICE_REASONS
from orders.models import Payment, PaymentNotice, Refund


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Every attempt to pay."""

    spoken = {"provider": words.PROVIDERS, "scene": words.SCENES}

    list_display = (
        "payment_no",
        "order",
        "provider",
        "state",
        "sum",
        "is_surplus",
        "created_at",
        "succeeded_at",
    )
    list_filter = ("status", "provider", "is_surplus")
    list_select_related = ("order",)
    search_fields = ("=payment_no", "=order__number", "=transaction_id")
    search_help_text = _("Payment number, order number or the provider's number")
    ordering = ("-pk",)

    @display(
        description=_("state"),
        label=ColourOf.choices(
            {
                Payment.Status.SUCCEEDED: "success",
                Payment.Status.FAILED: "danger",
                Payment.Status.PENDING: "warning",
            }
        ),
    )
    def state(self, payment: Payment) -> str:
        return str(payment.get_status_display())

    @admin.display(description=_("amount"), ordering="amount_fen")
    def sum(self, payment: Payment) -> str:
        return amount(payment.amount_fen)


@admin.register(PaymentNotice)
class PaymentNoticeAdmin(ReadOnlyAdmin):
    """What providers sent and what came of it; refused ones are a sign of somebody trying."""

    spoken = {"provider": words.PROVIDERS, "reason": NOTICE_REASONS}

    list_display = ("received_at", "provider", "outcome", "reason", "payment", "notice_id")
    list_filter = ("outcome", "provider", "reason")
    list_select_related = ("payment",)
    search_fields = ("=notice_id", "=payment__payment_no")
    ordering = ("-pk",)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Money on its way back."""

    spoken = {"reason": words.REFUND_REASONS}

    list_display = (
        "refund_no",
        "order",
        "after_sale",
        "reason",
        "state",
        "sum",
        "attempts",
        "failure_code",
        "next_at",
        "succeeded_at",
    )
    list_filter = ("status", "reason")
    list_select_related = ("order", "after_sale")
    search_fields = ("=refund_no", "=order__number", "=payment__payment_no")
    ordering = ("-pk",)
    actions = ("send_again",)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("orders.change_refund"))

    @display(
        description=_("state"),
        label=ColourOf.choices(
            {
                Refund.Status.SUCCEEDED: "success",
                Refund.Status.FAILED: "danger",
                Refund.Status.PENDING: "warning",
            }
        ),
    )
    def state(self, refund: Refund) -> str:
        return str(refund.get_status_display())

    @admin.display(description=_("amount"), ordering="amount_fen")
    def sum(self, refund: Refund) -> str:
        return amount(refund.amount_fen)

    @admin.action(description=_("Send again"), permissions=["send"])
    def send_again(self, request: HttpRequest, refunds: QuerySet[Refund]) -> None:
        for refund in refunds:
            verb = partial(
                services.send_again, refund=refund, actor=actor_of(request), at=clock.now()
            )
            run_verb(request, verb, _("%(number)s is sent.") % {"number": refund.refund_no})
