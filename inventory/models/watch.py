"""Who wants to hear when a SKU is back in stock. Source: requirement I-08."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class StockWatchQuerySet(LockableQuerySet):
    def waiting(self) -> "StockWatchQuerySet":
        """Not told yet, and still wanted."""
        return self.filter(told_at__isnull=True)


class StockWatch(models.Model):
    """One account waits for one SKU; told once, by one message."""

    sku = models.ForeignKey(
        "catalog.Sku", models.CASCADE, related_name="watches", verbose_name=_("SKU")
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("account")
    )
    asked_at = models.DateTimeField(_("asked at"))
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)

    objects = StockWatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("back-in-stock wish")
        verbose_name_plural = _("back-in-stock wishes")
        indexes = [models.Index(fields=["account", "-asked_at"], name="stock_watch_of_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "account"],
                condition=Q(told_at__isnull=True),
                name="stock_watch_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.sku_id}"
