"""Restock alerts: one per crossing of the safety stock (INV-43). Source: requirement I-05."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RestockAlertQuerySet(models.QuerySet["RestockAlert"]):
    def open(self) -> "RestockAlertQuerySet":
        return self.filter(resolved_at__isnull=True)

    def recovered(self) -> "RestockAlertQuerySet":
        """Open alerts of stock that is no longer short."""
        threshold = Greatest("item__safety_stock", "item__reorder_point")
        enough = Q(item__on_hand__gte=F("item__reserved") + threshold)
        return self.open().filter(enough)


class RestockAlert(models.Model):
    """A SKU ran low in a warehouse; open until stock is back above the threshold."""

    item = models.ForeignKey(
        "inventory.StockItem",
        models.CASCADE,
        related_name="restock_alerts",
        verbose_name=_("stock"),
    )
    crossing = models.PositiveIntegerField(_("crossing"))
    available = models.IntegerField(_("free pieces"))
    threshold = models.PositiveIntegerField(pgettext_lazy("stock", "threshold"))
    suggested_quantity = models.PositiveIntegerField(_("suggested order"))
    arrives_on = models.DateField(
        _("would arrive on"),
        null=True,
        blank=True,
        help_text=_("If it is ordered on the day of the alert."),
    )
    is_urgent = models.BooleanField(
        _("urgent"), default=False, db_default=False, help_text=_("A hit, or rising sharply.")
    )
    raised_at = models.DateTimeField(_("raised at"))
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)

    objects = RestockAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("restock alert")
        verbose_name_plural = _("restock alerts")
        permissions = [("get_restock_alerts", _("Is told when stock runs low"))]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "crossing"], name="restock_alert_once_per_crossing"
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(resolved_at__isnull=True),
                name="restock_alert_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.available} < {self.threshold}"
