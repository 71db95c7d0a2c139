"""Where goods lie. Source: requirement I-01."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
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

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["priority", "pk"]

    def __str__(self) -> str:
        return self.title_zh

    def serves(self, region_code: str) -> bool:
        """True when the address lies in one of the served regions."""
        return any(region_code.startswith(prefix) for prefix in self.served_prefixes)
