"""Purchase orders, what came of them, and what it cost. Source: I-36..I-38, O-32."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet, refuse_unsafe_text


def _person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


class PurchaseOrderQuerySet(LockableQuerySet):
    def open(self) -> "PurchaseOrderQuerySet":
        """Approved and not wholly here: their open pieces are counted as in transit."""
        status = PurchaseOrder.Status
        return self.filter(status__in=[status.APPROVED, status.SENT, status.PART_RECEIVED])


class PurchaseOrder(models.Model):
    """Goods ordered from one supplier for one warehouse."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("purchase", "draft")
        APPROVED = "approved", pgettext_lazy("purchase", "approved")
        SENT = "sent", pgettext_lazy("purchase", "sent")
        PART_RECEIVED = "part_received", pgettext_lazy("purchase", "received in part")
        RECEIVED = "received", pgettext_lazy("purchase", "received")
        CLOSED = "closed", pgettext_lazy("purchase", "closed")
        CANCELLED = "cancelled", pgettext_lazy("purchase", "cancelled")

    number = models.CharField(_("number"), max_length=24, unique=True)
    supplier = models.ForeignKey(
        "inventory.Supplier",
        models.PROTECT,
        related_name="purchase_orders",
        verbose_name=_("supplier"),
    )
    warehouse = models.ForeignKey(
        "inventory.Warehouse", models.PROTECT, related_name="+", verbose_name=_("warehouse")
    )
    status = models.CharField(_("status"), max_length=15, choices=Status, default=Status.DRAFT)
    total_fen = FenField(_("total"), default=0)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, validators=[refuse_unsafe_text])
    made_at = models.DateTimeField(_("made at"))
    made_by = _person(_("made by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = _person(_("approved by"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    close_reason = models.CharField(_("reason"), max_length=200, blank=True)
    suggestions = models.ManyToManyField(
        "inventory.PurchaseSuggestion",
        related_name="purchase_orders",
        blank=True,
        verbose_name=_("purchase suggestions"),
    )

    objects = PurchaseOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        ordering = ["-pk"]
        permissions = [
            ("approve_purchaseorder", _("Approves purchase orders")),
            ("receive_purchaseorder", _("Receives what was ordered")),
        ]
        indexes = [models.Index(fields=["supplier", "status"], name="purchase_of_supplier")]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(models.Model):
    """Pieces of one SKU: each is received, given up, or still open."""

    order = models.ForeignKey(
        PurchaseOrder, models.CASCADE, related_name="lines", verbose_name=_("purchase order")
    )
    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="purchase_lines", verbose_name=_("SKU")
    )
    quantity = models.PositiveIntegerField(_("pieces"))
    received = models.PositiveIntegerField(_("received"), default=0)
    given_up = models.PositiveIntegerField(_("given up"), default=0)
    cost_fen = FenField(_("cost of a piece"))
    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a purchase order")
        verbose_name_plural = _("lines of purchase orders")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "sku"], name="purchase_line_once_per_sku"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, cost_fen__gte=0)
                & Q(quantity__gte=F("received") + F("given_up")),
                name="purchase_line_received_once",
                violation_error_message=_("No more arrives than was ordered."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.quantity}"

    @property
    def left(self) -> int:
        """Pieces that may still come."""
        return self.quantity - self.received - self.given_up

    @property
    def total_fen(self) -> int:
        """What the line costs."""
        return self.quantity * self.cost_fen


class GoodsReceipt(models.Model):
    """One delivery of a purchase order, once per delivery note."""

    order = models.ForeignKey(
        PurchaseOrder, models.PROTECT, related_name="receipts", verbose_name=_("purchase order")
    )
    note_number = models.CharField(_("delivery note"), max_length=40)
    at = models.DateTimeField(_("at"))
    actor = _person(_("who"))

    class Meta:
        verbose_name = _("goods receipt")
        verbose_name_plural = _("goods receipts")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "note_number"], name="goods_receipt_once"),
        ]

    def __str__(self) -> str:
        return self.note_number


class GoodsReceiptLine(models.Model):
    """Pieces taken in, and those sent back at the door because they failed inspection."""

    receipt = models.ForeignKey(
        GoodsReceipt, models.CASCADE, related_name="lines", verbose_name=_("goods receipt")
    )
    line = models.ForeignKey(
        PurchaseOrderLine, models.PROTECT, related_name="receipts", verbose_name=_("line")
    )
    accepted = models.PositiveIntegerField(_("taken in"), default=0)
    refused = models.PositiveIntegerField(_("failed inspection"), default=0)
    cost_before_fen = FenField(_("cost before"))
    cost_after_fen = FenField(_("cost after"))

    class Meta:
        verbose_name = _("line of a goods receipt")
        verbose_name_plural = _("lines of goods receipts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted__gt=0) | Q(refused__gt=0), name="goods_receipt_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accepted} + {self.refused}"
