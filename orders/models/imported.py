"""Order history from elsewhere: each source line kept as it was, to the thousandth
(docs/imports.md)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportBatch(models.Model):
    """One imported file, known by its digest: a rerun adds nothing."""

    sha256 = models.CharField(_("digest"), max_length=64, unique=True)
    file_name = models.CharField(_("file"), max_length=120)
    rate_fen = models.PositiveIntegerField(_("fen per unit of the source's currency"))
    rows = models.PositiveIntegerField(_("rows"), default=0)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.file_name


class ImportedLine(models.Model):
    """One row of the source and what it was taken for."""

    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, related_name="lines", verbose_name=_("import")
    )
    row = models.PositiveIntegerField(_("row"))
    kind = models.CharField(_("taken for"), max_length=20)
    invoice = models.CharField(_("invoice"), max_length=20)
    stock_code = models.CharField(_("stock code"), max_length=30)
    description = models.CharField(_("description"), max_length=120, blank=True)
    quantity = models.IntegerField(_("quantity"))
    price_thousandths = models.BigIntegerField(_("price in thousandths"))
    amount_thousandths = models.BigIntegerField(_("amount in thousandths"))
    customer = models.CharField(_("customer"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"))
    line = models.ForeignKey(
        "orders.OrderLine",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("order line"),
    )

    class Meta:
        verbose_name = _("imported line")
        verbose_name_plural = _("imported lines")
        constraints = [
            models.UniqueConstraint(fields=["batch", "row"], name="imported_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice} {self.stock_code}"
