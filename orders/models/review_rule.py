"""Which paid orders a person looks at before they are packed, and what came of it.

Source: requirement O-16.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField, LockableQuerySet


class ReviewPolicy(models.Model):
    """From where on an order is unusual; one row."""

    is_on = models.BooleanField(_("check paid orders"), default=True)
    amount_fen = FenField(
        _("big amount from"), default=500_000, help_text=_("In yuan; 0: no order is too big.")
    )
    address_letters = models.PositiveSmallIntegerField(
        _("shortest address"),
        default=4,
        help_text=_("Letters of street and number; a shorter one is looked at."),
    )
    address_needs_number = models.BooleanField(_("address needs a number"), default=True)
    blocked_prefixes = ArrayField(
        models.CharField(max_length=9),
        verbose_name=_("regions to look at"),
        default=list,
        blank=True,
        help_text=_("Beginnings of region codes, separated by commas."),
    )

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules of checking orders")
        verbose_name_plural = _("rules of checking orders")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="review_policy_one_row"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="review_policy_amount"),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class OrderCheck(models.Model):
    """A paid order that waits, or waited, for a person: why, and what was decided."""

    class Verdict(models.TextChoices):
        PASSED = "passed", _("passed")
        REJECTED = "rejected", _("rejected")
        OVER = "over", _("closed before it was decided")

    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="checks", verbose_name=_("order")
    )
    reasons = models.JSONField(
        _("reasons"), default=list, help_text=_('A list of {"code", "facts"}.')
    )
    opened_at = models.DateTimeField(_("opened at"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("order check")
        verbose_name_plural = _("order checks")
        indexes = [
            models.Index(
                fields=["opened_at", "id"], name="order_check_open", condition=Q(verdict="")
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(verdict=""), name="order_check_one_open"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", decided_at__isnull=True)
                | (~Q(verdict="") & Q(decided_at__isnull=False)),
                name="order_check_decided_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.order)
