"""Stocktakes and adjustments: papers whose differences are booked when a second person approves.

Source: requirement I-09; F-36 (a count never overwrites what moved meanwhile).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import LockableQuerySet


class Stocktake(models.Model):
    """One paper of one warehouse: counted lines, or plain adjustments with their reasons."""

    class Kind(models.TextChoices):
        COUNT = "count", pgettext_lazy("stocktake", "stocktake")
        ADJUST = "adjust", pgettext_lazy("stocktake", "adjustment")

    class Status(models.TextChoices):
        COUNTING = "counting", pgettext_lazy("stocktake", "being counted")
        WAITING = "waiting", pgettext_lazy("stocktake", "waits for approval")
        APPROVED = "approved", pgettext_lazy("stocktake", "approved and booked")
        REFUSED = "refused", pgettext_lazy("stocktake", "refused")
        DROPPED = "dropped", pgettext_lazy("stocktake", "dropped")

    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.COUNT)
    warehouse = models.ForeignKey(
        "inventory.Warehouse", models.PROTECT, related_name="+", verbose_name=_("warehouse")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.COUNTING)
    note = models.CharField(_("note"), max_length=200, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("stocktake", "counted by"),
        help_text=_("Whoever hands it in; the same person cannot approve it."),
    )
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("stocktake")
        verbose_name_plural = _("stocktakes and adjustments")
        permissions = [("approve_stocktake", _("Approves stocktakes and adjustments of others"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("made_by")),
                name="stocktake_maker_is_not_checker",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StocktakeLine(models.Model):
    """One stock row: what the book said when it was listed, what was counted, the difference."""

    stocktake = models.ForeignKey(Stocktake, models.CASCADE, related_name="lines")
    item = models.ForeignKey(
        "inventory.StockItem", models.PROTECT, related_name="+", verbose_name=_("stock")
    )
    book = models.PositiveIntegerField(
        _("in the book"), help_text=_("Pieces on hand when the list was made or the line counted.")
    )
    counted = models.PositiveIntegerField(_("counted"), null=True, blank=True)
    difference = models.IntegerField(
        _("difference"),
        default=0,
        help_text=_("Added to the stock on approval, whatever was booked in between."),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("line of a stocktake")
        verbose_name_plural = _("lines of a stocktake")
        constraints = [
            models.UniqueConstraint(fields=["stocktake", "item"], name="stocktake_line_once"),
            models.CheckConstraint(
                condition=Q(difference=0) | ~Q(reason=""), name="stocktake_difference_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.difference:+}"
