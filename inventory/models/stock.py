"""What we have and what we have promised, per SKU and warehouse (INV-01).

Source: requirements I-01, I-03, I-04, I-13.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet

THRESHOLD = Greatest("safety_stock", "reorder_point")
"""Fewer free pieces than this raise an alert."""


class StockItemQuerySet(LockableQuerySet):
    def of_skus(self, sku_ids: object) -> "StockItemQuerySet":
        return self.filter(sku_id__in=sku_ids)

    def in_use(self) -> "StockItemQuerySet":
        """Stock in warehouses that ship; what lies in a store is only collected there."""
        return self.filter(warehouse__is_active=True).exclude(warehouse__kind="store")

    def locked(self) -> "StockItemQuerySet":
        """Lock in pk order, with the most pieces that one bundle takes of each SKU."""
        return super().locked().annotate(bundled_each=F("sku__bundled_each"))

    def below_safety(self) -> "StockItemQuerySet":
        """Free pieces under the safety stock, or under a higher reorder point: time to restock."""
        return self.filter(on_hand__lt=F("reserved") + THRESHOLD)


class StockItem(models.Model):
    """One SKU in one warehouse."""

    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="stock_items", verbose_name=_("SKU")
    )
    warehouse = models.ForeignKey(
        "inventory.Warehouse",
        models.PROTECT,
        related_name="stock_items",
        verbose_name=_("warehouse"),
    )
    on_hand = models.PositiveIntegerField(
        _("on hand"), default=0, help_text=_("Pieces in the warehouse.")
    )
    reserved = models.PositiveIntegerField(
        _("reserved"), default=0, help_text=_("Pieces promised to orders.")
    )
    in_transit = models.PositiveIntegerField(
        _("in transit"),
        default=0,
        db_default=0,
        help_text=_("Pieces on their way here: sent by another warehouse or ordered."),
    )
    defective = models.PositiveIntegerField(
        _("defective"),
        default=0,
        db_default=0,
        help_text=_("Broken or returned pieces that wait for their disposal; never sold as new."),
    )
    safety_stock = models.PositiveIntegerField(
        _("safety stock"),
        default=0,
        help_text=_("Fewer free pieces than this raise an alert; 0: never."),
    )
    is_safety_typed = models.BooleanField(
        _("safety stock set by hand"),
        default=False,
        db_default=False,
        help_text=_("A number that an operator typed is kept; others are computed from sales."),
    )
    reorder_point = models.PositiveIntegerField(
        _("reorder point"),
        default=0,
        db_default=0,
        help_text=_("What sells while an order is on its way, and the safety stock. Computed."),
    )
    crossings = models.PositiveIntegerField(_("crossings"), default=0, editable=False)

    objects = StockItemQuerySet.as_manager()
    bundled_each = 0
    """The most pieces that one bundle takes of the SKU, on rows that are locked."""

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        permissions = [("correct_stockitem", _("Corrects stock without a second person"))]
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "warehouse"], name="stock_one_row_per_sku_and_warehouse"
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0), name="stock_reserved_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("on_hand")), name="stock_reserved_lte_on_hand"
            ),
            models.CheckConstraint(
                condition=Q(in_transit__gte=0), name="stock_in_transit_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(defective__gte=0), name="stock_defective_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} · {self.warehouse}"

    @property
    def available(self) -> int:
        """Pieces that may be promised."""
        return self.on_hand - self.reserved

    @property
    def threshold(self) -> int:
        """Fewer free pieces than this raise an alert."""
        return max(self.safety_stock, self.reorder_point)
