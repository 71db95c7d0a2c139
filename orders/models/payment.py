"""Money in and back. One accepted payment per order and leg; surplus ones refund themselves (INV-12
to 15, 32)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet


class Payment(models.Model):
    """One attempt to pay one leg of one order with one provider."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        SUCCEEDED = "succeeded", _("succeeded")
        FAILED = "failed", _("failed")
        CLOSED = "closed", _("closed")

    class Leg(models.TextChoices):
        FULL = "full", _("full")
        DEPOSIT = "deposit", _("deposit")
        BALANCE = "balance", pgettext_lazy("presale", "balance")

    payment_no = models.CharField(_("payment number"), max_length=32, unique=True)
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="payments", verbose_name=_("order")
    )
    leg = models.CharField(_("leg"), max_length=10, choices=Leg, default=Leg.FULL)
    provider = models.CharField(_("provider"), max_length=15)
    scene = models.CharField(_("scene"), max_length=10)
    amount_fen = FenField(_("amount"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    is_surplus = models.BooleanField(
        _("surplus"), default=False, help_text=_("Paid twice or too late: goes back by itself.")
    )
    transaction_id = models.CharField(_("provider's number"), max_length=64, blank=True)
    failure_code = models.CharField(_("failure"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    succeeded_at = models.DateTimeField(_("succeeded at"), null=True, blank=True)
    query_at = models.DateTimeField(_("ask the provider at"), null=True, blank=True)
    queries = models.PositiveSmallIntegerField(_("times asked"), default=0)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        indexes = [
            models.Index(fields=["order"], name="payment_of_order"),
            models.Index(
                fields=["query_at"],
                name="payment_to_query",
                condition=Q(status__in=["pending", "failed"]),
            ),
            models.Index(
                fields=["succeeded_at"], name="payment_succeeded", condition=Q(status="succeeded")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "leg"],
                condition=Q(status="succeeded", is_surplus=False),
                name="payment_one_accepted_per_leg",
            ),
            models.UniqueConstraint(
                fields=["provider", "transaction_id"],
                condition=~Q(transaction_id=""),
                name="payment_transaction_once",
            ),
            models.CheckConstraint(
                condition=Q(provider="none", amount_fen=0)
                | (~Q(provider="none") & Q(amount_fen__gt=0)),
                name="payment_zero_only_without_provider",
            ),
        ]

    def __str__(self) -> str:
        return self.payment_no


class PaymentFailure(models.Model):
    """One refusal on the way to a payment: where, and why. Append-only. Source: O-37."""

    class Stage(models.TextChoices):
        START = "start", _("asking the provider")
        PAY = "pay", _("paying")
        CLOSE = "close", _("closed unpaid")

    class Reason(models.TextChoices):
        LIMIT = "limit", _("over a limit")
        BALANCE = "balance", _("not enough money")
        TIMEOUT = "timeout", _("time was over")
        CANCELLED = "cancelled", _("given up by the payer")
        NETWORK = "network", _("provider not reached")
        RISK = "risk", _("refused as a risk")
        OTHER = "other", _("another reason")

    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="failures", verbose_name=_("payment")
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    code = models.CharField(
        _("code"), max_length=40, blank=True, help_text=_("As the provider said it.")
    )
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("payment failure")
        verbose_name_plural = _("payment failures")

    def __str__(self) -> str:
        return f"{self.stage} {self.reason}"


class PaymentNotice(models.Model):
    """A provider's notice as it came in. Append-only; the outcome is what we did with it."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("applied")
        REPEATED = "repeated", _("repeated")
        REFUSED = "refused", _("refused")

    provider = models.CharField(_("provider"), max_length=15)
    notice_id = models.CharField(_("notice id"), max_length=64)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.TextField(_("body"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="notices", verbose_name=_("payment")
    )
    received_at = models.DateTimeField(pgettext_lazy("notice", "received at"), db_index=True)

    class Meta:
        verbose_name = _("payment notice")
        verbose_name_plural = _("payment notices")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "notice_id"],
                condition=Q(outcome="applied"),
                name="payment_notice_applied_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.notice_id}"


class Refund(models.Model):
    """Money going back for one payment; the same number is sent again until the provider has done
    it."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        SUCCEEDED = "succeeded", _("succeeded")
        FAILED = "failed", _("failed")

    refund_no = models.CharField(_("refund number"), max_length=32, unique=True)
    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="refunds", verbose_name=_("payment")
    )
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="refunds", verbose_name=_("order")
    )
    after_sale = models.ForeignKey(
        "orders.AfterSale",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="refunds",
        verbose_name=_("after-sales case"),
    )
    amount_fen = FenField(_("amount"))
    reason = models.CharField(_("reason"), max_length=20)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next try at"))
    failure_code = models.CharField(_("failure"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created at"))
    succeeded_at = models.DateTimeField(_("succeeded at"), null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        indexes = [
            models.Index(fields=["next_at"], name="refund_due", condition=Q(status="pending")),
            models.Index(
                fields=["succeeded_at"], name="refund_succeeded", condition=Q(status="succeeded")
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_positive"),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(reason="surplus"), name="refund_surplus_once"
            ),
        ]

    def __str__(self) -> str:
        return self.refund_no
