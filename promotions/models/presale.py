"""That a presale's goods have been planned, once. Source: P-31."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PresalePlan(models.Model):
    """A presale is sold out or over, and its pieces were handed on to be bought or made."""

    campaign = models.OneToOneField(
        "promotions.Campaign",
        models.CASCADE,
        related_name="presale_plan",
        verbose_name=_("presale"),
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    planned_at = models.DateTimeField(_("planned at"))

    class Meta:
        verbose_name = _("planned presale")
        verbose_name_plural = _("planned presales")

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.pieces}"
