"""The zones of what sells and what is new: ranking, pins, days that count. Source: C-10, C-11."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HotSale(models.Model):
    """What a product sold in the days before ``counted_at``, all of it paid. Source: C-10."""

    product = models.OneToOneField(
        "catalog.Product",
        models.CASCADE,
        related_name="+",
        primary_key=True,
        verbose_name=_("product"),
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    counted_at = models.DateTimeField(_("counted at"))

    class Meta:
        verbose_name = _("sale of the last days")
        verbose_name_plural = _("sales of the last days")
        ordering = ["-pieces", "-product"]
        indexes = [models.Index(fields=["-pieces", "-product"], name="hot_sale_rank")]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.pieces}"


class HotPinQuerySet(models.QuerySet["HotPin"]):
    def on(self, at: datetime) -> Self:
        """Pins that hold at ``at``."""
        begun = Q(starts_at=None) | Q(starts_at__lte=at)
        return self.filter(begun, Q(ends_at=None) | Q(ends_at__gt=at))


class HotPin(models.Model):
    """A product that an operator puts before the ranking for a while. Source: C-10."""

    product = models.OneToOneField(
        "catalog.Product", models.CASCADE, related_name="+", verbose_name=_("product")
    )
    sort = models.IntegerField(pgettext_lazy("sequence", "order"), default=0)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)

    objects = HotPinQuerySet.as_manager()

    class Meta:
        verbose_name = _("pinned hot product")
        verbose_name_plural = _("pinned hot products")
        ordering = ["sort", "pk"]

    def __str__(self) -> str:
        return f"{self.product_id}"


class ZoneSettings(models.Model):
    """How far back the hot zone counts and how long goods are new; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    hot_days = models.PositiveSmallIntegerField(
        _("days of the hot zone"),
        default=7,
        help_text=_("Paid pieces of so many days make the ranking."),
    )
    new_days = models.PositiveSmallIntegerField(
        _("days of the new zone"),
        default=30,
        help_text=_("Goods are new for so many days after they came on the shelf."),
    )

    class Meta:
        verbose_name = _("hot and new zone")
        verbose_name_plural = _("hot and new zone")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="zone_settings_one_row"),
            models.CheckConstraint(
                condition=Q(hot_days__range=(1, 90), new_days__range=(1, 365)),
                name="zone_settings_days",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
