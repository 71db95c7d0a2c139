"""What sending costs. Source: requirements O-09, O-10."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField
from mall.kernel.words import localized

REGION_PREFIX = RegexValidator(
    r"^[0-9]{2}([0-9]{2}){0,2}\Z", _("A region code of 2, 4 or 6 digits.")
)


class FreightTemplate(models.Model):
    """Freight by weight: the first unit, then each further one; overrides by region."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    first_grams = models.PositiveIntegerField(
        _("first weight"), default=1000, help_text=_("Grams.")
    )
    first_fee_fen = FenField(_("fee of the first weight"), default=500)
    step_grams = models.PositiveIntegerField(
        _("further weight"), default=1000, help_text=_("Grams.")
    )
    step_fee_fen = FenField(_("fee of each further weight"), default=100)
    cm3_per_kilogram = models.PositiveIntegerField(
        _("volume of a kilogram"),
        default=0,
        db_default=0,
        help_text=_(
            "Cubic centimetres that count as a kilogram, mostly 6000; 0: only weight counts."
        ),
    )
    free_over_fen = FenField(
        _("free from"),
        null=True,
        blank=True,
        help_text=_("Goods value from which freight is free; empty: never."),
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("freight template")
        verbose_name_plural = _("freight templates")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_grams__gt=0, step_grams__gt=0),
                name="freight_template_weights_positive",
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


class FreightRegion(models.Model):
    """What holds in one region instead. The longest matching prefix of the address wins."""

    template = models.ForeignKey(
        FreightTemplate, models.CASCADE, related_name="regions", verbose_name=_("freight template")
    )
    region_prefix = models.CharField(_("region"), max_length=6, validators=[REGION_PREFIX])
    is_delivered = models.BooleanField(pgettext_lazy("freight", "delivered"), default=True)
    first_fee_fen = FenField(_("fee of the first weight"), default=500)
    step_fee_fen = FenField(_("fee of each further weight"), default=100)
    free_over_fen = FenField(_("free from"), null=True, blank=True)

    class Meta:
        verbose_name = _("freight region")
        verbose_name_plural = _("freight regions")
        ordering = ["region_prefix"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "region_prefix"], name="freight_region_once"
            ),
        ]

    def __str__(self) -> str:
        return self.region_prefix
