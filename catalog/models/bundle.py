"""What a bundle is made of: a SKU sold at a price of its own, and taken from the stock of its
parts. Source: requirement C-13; docs/adr/0015.

The database holds the rest (migration 0027): a part is never a bundle and no mere gift; what a
bundle costs the shop, weighs and measures is the sum of its parts.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MOST_EACH = 99
"""Pieces of one part in one bundle."""


class BundlePart(models.Model):
    """So many pieces of one SKU in each bundle."""

    bundle = models.ForeignKey(
        "catalog.Sku", models.CASCADE, related_name="bundle_parts", verbose_name=_("bundle")
    )
    part = models.ForeignKey(
        "catalog.Sku",
        models.PROTECT,
        related_name="bundled_in",
        verbose_name=_("part"),
        help_text=_("It cannot be deleted while a bundle holds it."),
    )
    quantity = models.PositiveSmallIntegerField(
        _("pieces in each bundle"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_EACH)],
    )
    sort = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)

    class Meta:
        verbose_name = _("part of a bundle")
        verbose_name_plural = _("parts of bundles")
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "part"], name="bundle_part_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MOST_EACH),
                name="bundle_part_positive",
            ),
            models.CheckConstraint(condition=~Q(bundle=F("part")), name="bundle_part_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} × {self.quantity}"
