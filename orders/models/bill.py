"""The providers' daily bills held against our own book. Source: design.md section 8, F-32, INV-14.

A difference is never mended by the mall: it is a row of a worklist until somebody has looked.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet
from orders.provider_titles import provider_title


class DailyBill(models.Model):
    """One provider's bill of one business day, as it was last compared."""

    provider = models.CharField(_("provider"), max_length=15)
    day = models.DateField(_("day"))
    lines = models.PositiveIntegerField(_("lines of the bill"), default=0)
    paid_fen = FenField(_("paid by the bill"), default=0)
    refunded_fen = FenField(_("sent back by the bill"), default=0)
    our_paid_fen = FenField(_("paid by our book"), default=0)
    our_refunded_fen = FenField(_("sent back by our book"), default=0)
    compared_at = models.DateTimeField(_("compared at"))

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily bill")
        verbose_name_plural = _("daily bills")
        constraints = [
            models.UniqueConstraint(fields=["provider", "day"], name="daily_bill_once"),
        ]

    def __str__(self) -> str:
        return f"{provider_title(self.provider)} {self.day}"


class BillFinding(models.Model):
    """One movement of money that bill and book do not tell alike."""

    class Kind(models.TextChoices):
        MISSING = "missing", _("in our book, not in the bill")
        EXTRA = "extra", _("in the bill, not in our book")
        DIFFERENT = "different", _("another amount")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("finding", "open")
        GONE = "gone", _("gone by itself")
        SOLVED = "solved", _("solved")

    bill = models.ForeignKey(
        DailyBill, models.PROTECT, related_name="findings", verbose_name=_("daily bill")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    is_refund = models.BooleanField(_("refund"), default=False)
    number = models.CharField(
        _("number"), max_length=64, help_text=_("Our number of the payment or the refund.")
    )
    our_fen = FenField(_("by our book"), null=True)
    their_fen = FenField(_("by the bill"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    found_at = models.DateTimeField(_("found at"))
    solved_at = models.DateTimeField(_("solved at"), null=True)
    solved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("solved by"),
    )

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference of a bill")
        verbose_name_plural = _("differences of bills")
        indexes = [
            models.Index(fields=["-found_at"], name="bill_worklist", condition=Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "is_refund", "number"], name="bill_finding_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="missing", our_fen__isnull=False, their_fen__isnull=True)
                | Q(kind="extra", our_fen__isnull=True, their_fen__isnull=False)
                | Q(kind="different", our_fen__isnull=False, their_fen__isnull=False),
                name="bill_finding_says_what_differs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()}"
