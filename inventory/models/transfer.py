"""Transfers between warehouses, with the pieces in transit at the target. Source: I-11."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import LockableQuerySet


class Transfer(models.Model):
    """Pieces that one warehouse sends to another: draft, sent, received or cancelled."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("transfer", "draft")
        SENT = "sent", pgettext_lazy("transfer", "on its way")
        RECEIVED = "received", pgettext_lazy("transfer", "received")
        CANCELLED = "cancelled", pgettext_lazy("transfer", "cancelled")

    number = models.CharField(_("number"), max_length=20, unique=True)
    origin = models.ForeignKey(
        "inventory.Warehouse",
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("transfer", "from"),
    )
    target = models.ForeignKey(
        "inventory.Warehouse",
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("transfer", "to"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    cause = models.CharField(
        _("cause"), max_length=40, blank=True, help_text=_("What suggested it, if anything did.")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    drafted_at = models.DateTimeField(_("drafted at"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("drafted by"),
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        permissions = [("move_transfer", _("Sends, receives and cancels transfers"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(origin=F("target")), name="transfer_goes_elsewhere"
            ),
            models.UniqueConstraint(
                fields=["cause"],
                condition=Q(status="draft") & ~Q(cause=""),
                name="transfer_one_draft_per_cause",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TransferLine(models.Model):
    """Pieces of one SKU; each is received, lost or called back once."""

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="lines")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name=_("SKU"))
    pieces = models.PositiveIntegerField(_("pieces"))
    received = models.PositiveIntegerField(pgettext_lazy("transfer", "received"), default=0)
    lost = models.PositiveIntegerField(pgettext_lazy("transfer", "lost on the way"), default=0)
    returned = models.PositiveIntegerField(pgettext_lazy("transfer", "called back"), default=0)

    class Meta:
        verbose_name = _("line of a transfer")
        verbose_name_plural = _("lines of a transfer")
        constraints = [
            models.UniqueConstraint(fields=["transfer", "sku"], name="transfer_line_once_per_sku"),
            models.CheckConstraint(condition=Q(pieces__gt=0), name="transfer_line_positive"),
            models.CheckConstraint(
                condition=Q(pieces__gte=F("received") + F("lost") + F("returned")),
                name="transfer_line_spent_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} × {self.pieces}"

    @property
    def on_its_way(self) -> int:
        """Pieces of a sent transfer that nobody has seen again yet."""
        return self.pieces - self.received - self.lost - self.returned
