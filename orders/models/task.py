"""What went wrong with an order and waits for a person, one open row per cause.

Source: requirements O-20, O-26.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import LockableQuerySet


class OrderTaskQuerySet(LockableQuerySet):
    def open(self) -> "OrderTaskQuerySet":
        """Those that nobody has solved."""
        return self.filter(closed_at__isnull=True)


class OrderTask(models.Model):
    """One exception: its cause, who sees to it, until when, and how it ended."""

    class Kind(models.TextChoices):
        STOCK_SHORT = "stock_short", _("stock is short")
        ADDRESS_ERROR = "address_error", _("address seems wrong")
        LATE_SHIPPING = "late_shipping", _("not shipped in time")
        PAYMENT_MISMATCH = "payment_mismatch", _("payment differs")
        TRACKING_STALLED = "tracking_stalled", _("parcel stands still")
        DROPSHIP_FAILED = "dropship_failed", _("supplier did not answer")
        PICKUP = "pickup", _("pick-up at the door")
        REFUND_STUCK = "refund_stuck", _("refund does not go through")
        RISK_REVIEW = "risk_review", _("risk to be looked at")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    reference = models.CharField(
        _("cause"), max_length=64, help_text=_("The order, parcel, refund or bill it is about.")
    )
    order = models.ForeignKey(
        "orders.Order",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("order"),
    )
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    opened_at = models.DateTimeField(_("opened at"))
    due_at = models.DateTimeField(_("due at"))
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    outcome = models.CharField(pgettext_lazy("task", "outcome"), max_length=200, blank=True)

    objects = OrderTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception task")
        verbose_name_plural = _("exception tasks")
        permissions = [("supervise_ordertask", _("Is told of overdue tasks and hands them out"))]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="order_task_due", condition=Q(closed_at__isnull=True)
            ),
            models.Index(fields=["order"], name="order_task_of_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reference"],
                condition=Q(closed_at__isnull=True),
                name="order_task_once_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.order or self.reference}"
