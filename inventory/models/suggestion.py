"""What ought to be bought or made, and why. Source: P-31, O-32, I-38."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class PurchaseSuggestionQuerySet(LockableQuerySet):
    def open(self) -> "PurchaseSuggestionQuerySet":
        """Those that nobody has dealt with."""
        return self.filter(settled_at__isnull=True)


class PurchaseSuggestion(models.Model):
    """Pieces of one SKU to buy for one cause, once; open until an operator has dealt with it."""

    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="purchase_suggestions", verbose_name=_("SKU")
    )
    source_type = models.CharField(_("cause"), max_length=20)
    source_id = models.CharField(_("cause id"), max_length=64)
    title = models.CharField(_("cause in words"), max_length=120, blank=True)
    pieces = models.PositiveIntegerField(_("pieces"))
    due_on = models.DateField(_("needed on"), null=True, blank=True)
    is_urgent = models.BooleanField(
        _("urgent"), default=False, db_default=False, help_text=_("A hit, or rising sharply.")
    )
    alert = models.OneToOneField(
        "inventory.RestockAlert",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="suggestion",
        verbose_name=_("restock alert"),
        help_text=_("The alert that asked for it: a receipt deals with both."),
    )
    suggested_at = models.DateTimeField(_("suggested at"))
    settled_at = models.DateTimeField(_("dealt with at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dealt with by"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = PurchaseSuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase suggestion")
        verbose_name_plural = _("purchase suggestions")
        permissions = [("settle_purchasesuggestion", _("Deals with purchase suggestions"))]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                name="purchase_suggestion_open",
                condition=Q(settled_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id", "sku"], name="purchase_suggestion_once"
            ),
            models.CheckConstraint(condition=Q(pieces__gt=0), name="purchase_suggestion_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.sku}: {self.pieces}"
