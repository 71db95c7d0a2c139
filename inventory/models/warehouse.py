"""Where goods lie. Source: requirement I-01."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Warehouse(models.Model):
    """A place that ships; it serves regions whose codes begin with one of ``served_prefixes``."""

    class Kind(models.TextChoices):
        OWN = "own", _("own")
        REGIONAL = "regional", _("regional")
        CLOUD = "cloud", _("cloud")

    code = models.SlugField(_("code"), max_length=20, unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OWN)
    region_code = models.CharField(_("region"), max_length=9)
    served_prefixes = ArrayField(
        models.CharField(max_length=6), verbose_name=_("served regions"), default=list, blank=True
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=10, help_text=_("Smaller ships first.")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    supplier = models.ForeignKey(
        "inventory.Supplier",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="warehouses",
        verbose_name=_("supplier"),
        help_text=_("Whose goods these are: only in a warehouse of the supplier's kind."),
    )

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["priority", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["supplier"], name="warehouse_one_per_supplier"),
            models.CheckConstraint(
                condition=Q(kind="supplier", supplier__isnull=False)
                | (~Q(kind="supplier") & Q(supplier=None)),
                name="warehouse_of_supplier",
                violation_error_message=_(
                    "A supplier's warehouse names its supplier; no other warehouse does."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title_zh

    def serves(self, region_code: str) -> bool:
        """True when the address lies in one of the served regions."""
        return any(region_code.startswith(prefix) for prefix in self.served_prefixes)
