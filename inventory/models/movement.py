"""Every change of stock, with the four balances after it (INV-03). Append-only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StockMovement(models.Model):
    """One change of one stock row, once per kind and source."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", pgettext_lazy("stock", "received")
        RESERVE = "reserve", _("reserved")
        RELEASE = "release", _("released")
        LEND = "lend", pgettext_lazy("stock", "sold by an activity")
        GIVE_BACK = "give_back", pgettext_lazy("stock", "back to the activity")
        SALE = "sale", pgettext_lazy("stock", "shipped")
        RETURN = "return", pgettext_lazy("stock", "returned")
        COUNT = "count", _("counted")
        WRITE_OFF = "write_off", _("written off")
        ORDERED = "ordered", pgettext_lazy("stock", "ordered from a supplier")
        UNORDERED = "unordered", pgettext_lazy("stock", "order to a supplier cut short")
        TRANSFER_OUT = "transfer_out", pgettext_lazy("stock", "sent to another warehouse")
        TRANSFER_WAY = "transfer_way", pgettext_lazy("stock", "on its way here")
        TRANSFER_IN = "transfer_in", pgettext_lazy("stock", "arrived from another warehouse")
        TRANSFER_BACK = "transfer_back", pgettext_lazy("stock", "transfer called back")
        TRANSFER_LOST = "transfer_lost", pgettext_lazy("stock", "lost on the way")
        SYNC = "sync", pgettext_lazy("stock", "told by the supplier")
        DEFECT = "defect", pgettext_lazy("stock", "found defective")
        SCRAP = "scrap", pgettext_lazy("stock", "scrapped")
        SELL_DEFECT = "sell_defect", pgettext_lazy("stock", "sold as B-grade")
        RETURN_TO_SUPPLIER = (
            "return_to_supplier",
            pgettext_lazy("stock", "given back to the supplier"),
        )

    item = models.ForeignKey(
        "inventory.StockItem", models.PROTECT, related_name="movements", verbose_name=_("stock")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    delta_on_hand = models.IntegerField(_("change on hand"), default=0)
    delta_reserved = models.IntegerField(_("change reserved"), default=0)
    delta_in_transit = models.IntegerField(_("change in transit"), default=0, db_default=0)
    delta_defective = models.IntegerField(_("change defective"), default=0, db_default=0)
    on_hand_after = models.PositiveIntegerField(_("on hand after"))
    reserved_after = models.PositiveIntegerField(_("reserved after"))
    in_transit_after = models.PositiveIntegerField(_("in transit after"), default=0, db_default=0)
    defective_after = models.PositiveIntegerField(_("defective after"), default=0, db_default=0)
    source_type = models.CharField(_("source"), max_length=20)
    source_id = models.CharField(_("source id"), max_length=64)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        indexes = [
            models.Index(fields=["item", "-at"], name="movement_of_item"),
            models.Index(fields=["at"], name="movement_of_sales", condition=models.Q(kind="sale")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "kind", "source_type", "source_id"], name="movement_once_per_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.delta_on_hand:+}/{self.delta_reserved:+}"
