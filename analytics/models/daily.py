"""Daily tables, one row a business day (INV-33). Source: requirement A-04."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField


class DailyReport(models.Model):
    """The shop on one business day (Asia/Shanghai), half-open ``[00:00, 24:00)``."""

    day = models.DateField(_("day"), unique=True)
    placed_orders = models.PositiveIntegerField(_("orders placed"), default=0)
    paid_orders = models.PositiveIntegerField(_("orders paid"), default=0)
    buyers = models.PositiveIntegerField(_("buyers"), default=0)
    units = models.PositiveIntegerField(_("pieces"), default=0)
    gmv_fen = FenField(_("paid"), default=0, help_text=_("Sum of payments accepted that day."))
    discount_fen = FenField(_("discounts"), default=0)
    freight_fen = FenField(_("freight"), default=0)
    refund_fen = FenField(_("refunded"), default=0)
    below_cost_fen = FenField(
        _("lost below cost"),
        default=0,
        db_default=0,
        help_text=_("What goods paid that day brought less than they cost when this was counted."),
    )
    new_members = models.PositiveIntegerField(_("new members"), default=0)
    coupons_used = models.PositiveIntegerField(_("coupons used"), default=0)
    as_of = models.DateTimeField(_("as of"))

    class Meta:
        verbose_name = _("daily report")
        verbose_name_plural = _("daily reports")
        permissions = [("rebuild_dailyreport", _("Can build daily reports again"))]
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.day)


class DailyProduct(models.Model):
    """One product on one business day."""

    day = models.DateField(_("day"))
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="+", verbose_name=_("product")
    )
    units = models.PositiveIntegerField(_("pieces"), default=0)
    gmv_fen = FenField(_("paid"), default=0)
    orders = models.PositiveIntegerField(_("orders"), default=0)
    below_cost_fen = FenField(_("lost below cost"), default=0, db_default=0)

    class Meta:
        verbose_name = _("daily product figures")
        verbose_name_plural = _("daily product figures")
        indexes = [models.Index(fields=["product", "-day"], name="daily_product_history")]
        constraints = [
            models.UniqueConstraint(fields=["day", "product"], name="daily_product_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.product_id}"
