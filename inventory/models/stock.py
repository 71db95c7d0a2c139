"""What we have and what we have promised, per SKU and warehouse (INV-01).

Source: requirements I-01, I-03.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class StockItemQuerySet(LockableQuerySet):
    def of_skus(self, sku_ids: object) -> "StockItemQuerySet":
        return self.filter(sku_id__in=sku_ids)

    def in_use(self) -> "StockItemQuerySet":
        """Stock in warehouses that ship."""
        return self.filter(warehouse__is_active=True)

    def below_safety(self) -> "StockItemQuerySet":
        """Free pieces under the safety stock: time to restock."""
        return self.filter(safety_stock__gt=0, on_hand__lt=F("reserved") + F("safety_stock"))


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
    safety_stock = models.PositiveIntegerField(
        _("safety stock"),
        default=0,
        help_text=_("Fewer free pieces than this raise an alert; 0: never."),
    )
    crossings = models.PositiveIntegerField(_("crossings"), default=0, editable=False)

    objects = StockItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
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
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} @ {self.warehouse_id}"

    @property
    def available(self) -> int:
        """Pieces that may be promised."""
        return self.on_hand - self.reserved
