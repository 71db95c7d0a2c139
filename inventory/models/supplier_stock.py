"""What suppliers told us about their stock, delivery by delivery. Source: I-32."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inventory.models.supplier import Supplier
from mall.kernel.db import SafeJSONField


class SupplierSync(models.Model):
    """One message or file with stock figures, once per reference; bad rows are listed."""

    class Way(models.TextChoices):
        API = "api", "API"
        CSV = "csv", "CSV"

    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="syncs", verbose_name=_("supplier")
    )
    reference = models.CharField(_("reference"), max_length=64)
    way = models.CharField(pgettext_lazy("stock message", "by"), max_length=5, choices=Way)
    taken_at = models.DateTimeField(_("figures of"))
    accepted = models.PositiveIntegerField(_("rows taken"), default=0)
    refused = SafeJSONField(_("rows refused"), default=list, blank=True)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )

    class Meta:
        verbose_name = _("stock message of a supplier")
        verbose_name_plural = _("stock messages of suppliers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "reference"], name="supplier_sync_once"),
        ]

    def __str__(self) -> str:
        return self.reference
