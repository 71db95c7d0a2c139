"""What the warehouses lost, and how defects were disposed of. Source: O-47, I-13, I-52."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet


class StockLoss(models.Model):
    """Pieces that are gone or no longer sellable as new, with what they had cost. Append-only.

    ``pieces`` counts in the loss rate of the warehouse; a disposal of defects that were counted
    when they were found counts 0. ``loss_fen`` is what went into the books as lost for good.
    """

    class Kind(models.TextChoices):
        DAMAGE = "damage", pgettext_lazy("stock loss", "damaged in the warehouse")
        MISSING = "missing", pgettext_lazy("stock loss", "missing at a count")
        ON_THE_WAY = "on_the_way", pgettext_lazy("stock loss", "lost between warehouses")
        WRITTEN_OFF = "written_off", pgettext_lazy("stock loss", "written off")
        DEFECTIVE_RETURN = "returned", pgettext_lazy("stock loss", "came back defective")
        SCRAP = "scrap", pgettext_lazy("stock loss", "scrapped")
        SOLD_CHEAP = "sold_cheap", pgettext_lazy("stock loss", "sold as B-grade")
        SUPPLIER = "supplier", pgettext_lazy("stock loss", "given back to the supplier")

    warehouse = models.ForeignKey(
        "inventory.Warehouse", models.PROTECT, related_name="losses", verbose_name=_("warehouse")
    )
    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="stock_losses", verbose_name=_("SKU")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    pieces = models.PositiveIntegerField(
        _("pieces"), help_text=_("0: they were counted when they were found defective.")
    )
    cost_fen = FenField(_("cost of the pieces"))
    loss_fen = FenField(
        _("lost"), min_fen=None, help_text=_("Cost less what the disposal brought.")
    )
    source_type = models.CharField(_("source"), max_length=20)
    source_id = models.CharField(_("source id"), max_length=64)
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("stock loss")
        verbose_name_plural = _("stock losses")
        indexes = [models.Index(fields=["warehouse", "at"], name="stock_loss_of_month")]
        constraints = [
            models.UniqueConstraint(
                fields=["warehouse", "sku", "kind", "source_type", "source_id"],
                name="stock_loss_once_per_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.pieces}"


class Disposal(models.Model):
    """A paper that says what becomes of defective pieces; done when a second person approves."""

    class Way(models.TextChoices):
        SCRAP = "scrap", pgettext_lazy("disposal", "scrap")
        SELL = "sell", pgettext_lazy("disposal", "sell as B-grade")
        SUPPLIER = "supplier", pgettext_lazy("disposal", "return to the supplier")

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("disposal", "waits for approval")
        DONE = "done", pgettext_lazy("disposal", "done")
        REFUSED = "refused", pgettext_lazy("disposal", "refused")

    number = models.CharField(_("number"), max_length=20, unique=True)
    item = models.ForeignKey(
        "inventory.StockItem", models.PROTECT, related_name="disposals", verbose_name=_("stock")
    )
    way = models.CharField(_("what becomes of them"), max_length=10, choices=Way)
    pieces = models.PositiveIntegerField(_("pieces"))
    proceeds_fen = FenField(
        _("brings in"), default=0, help_text=_("Paid by the buyer, or credited by the supplier.")
    )
    reason = models.CharField(_("reason"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
    )
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
        verbose_name = _("disposal of defects")
        verbose_name_plural = _("disposals of defects")
        permissions = [("approve_disposal", _("Approves disposals of others"))]
        constraints = [
            models.CheckConstraint(condition=Q(pieces__gt=0), name="disposal_positive"),
            models.CheckConstraint(
                condition=Q(proceeds_fen=0) | ~Q(way="scrap"), name="disposal_scrap_brings_nothing"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("made_by")),
                name="disposal_maker_is_not_checker",
            ),
        ]

    def __str__(self) -> str:
        return self.number
