"""Named sets of regions: where a product is sold, and where it is put forward. Source: C-71."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.freight import REGION_PREFIX
from mall.kernel.words import localized


class RegionSet(models.Model):
    """Regions under one name: 华东, the first-tier cities, what a store delivers to."""

    class Kind(models.TextChoices):
        AREA = "area", pgettext_lazy("regions", "part of the country")
        CITY_TIER = "city_tier", _("tier of cities")
        STORE = "store", _("around a store")

    code = models.SlugField(_("code"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.AREA)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    prefixes = ArrayField(
        models.CharField(max_length=6, validators=[REGION_PREFIX]),
        verbose_name=_("regions"),
        default=list,
        help_text=_("First 2, 4 or 6 digits of region codes, with commas: 31, 3301."),
    )

    class Meta:
        verbose_name = _("region set")
        verbose_name_plural = _("region sets")
        ordering = ["kind", "code"]

    def __str__(self) -> str:
        return localized(self, "title")

    def holds(self, region_code: str) -> bool:
        """True for an address inside the set."""
        return any(region_code.startswith(prefix) for prefix in self.prefixes)
