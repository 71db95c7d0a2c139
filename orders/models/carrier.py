"""Who carries parcels: each carrier a row, with what it costs where and how long it takes.

Source: requirement I-21.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField
from mall.kernel.words import localized

STANDARD = (
    ("sf", "顺丰速运", "SF Express"),
    ("zto", "中通快递", "ZTO Express"),
    ("yto", "圆通速递", "YTO Express"),
    ("yunda", "韵达快递", "Yunda Express"),
    ("jd", "京东物流", "JD Logistics"),
    ("ems", "中国邮政 EMS", "EMS"),
)
"""Carriers that every shop begins with."""


class CarrierQuerySet(models.QuerySet["Carrier"]):
    def in_use(self) -> "CarrierQuerySet":
        """Those that new parcels may go with."""
        return self.filter(is_active=True)


class Carrier(models.Model):
    """One carrier. Its code is what parcels, files and the API name; it never changes."""

    class Adapter(models.TextChoices):
        MANUAL = "manual", _("scans are typed in")
        EXPRESS = "express", _("tracked by the aggregator")

    code = models.SlugField(_("code"), max_length=20, unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    adapter = models.CharField(
        _("tracking"), max_length=10, choices=Adapter, default=Adapter.MANUAL
    )
    outside_code = models.CharField(
        _("code at the aggregator"),
        max_length=30,
        blank=True,
        help_text=_("Empty: the same as the code."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=10)

    objects = CarrierQuerySet.as_manager()

    class Meta:
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return localized(self, "title")

    @property
    def name_outside(self) -> str:
        """What the aggregator calls it."""
        return self.outside_code or self.code


class CarrierPrice(models.Model):
    """What a carrier asks for a parcel to one area, and how long it takes there."""

    carrier = models.ForeignKey(
        Carrier, models.CASCADE, related_name="prices", verbose_name=_("carrier")
    )
    region_prefix = models.CharField(
        _("area"),
        max_length=9,
        blank=True,
        help_text=_("Beginning of a region code: 11 is Beijing. Empty: everywhere else."),
    )
    first_grams = models.PositiveIntegerField(_("first weight"), default=1000)
    first_fen = FenField(_("for the first weight"))
    more_grams = models.PositiveIntegerField(_("each further weight"), default=1000)
    more_fen = FenField(_("for each further weight"), default=0)
    promise_hours = models.PositiveSmallIntegerField(
        pgettext_lazy("parcel", "hours to the door"), default=72
    )

    class Meta:
        verbose_name = _("carrier's price")
        verbose_name_plural = _("carriers' prices")
        ordering = ["carrier", "region_prefix"]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "region_prefix"], name="carrier_price_once_per_area"
            ),
            models.CheckConstraint(
                condition=Q(
                    first_grams__gt=0,
                    more_grams__gt=0,
                    first_fen__gte=0,
                    more_fen__gte=0,
                    promise_hours__gt=0,
                ),
                name="carrier_price_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier_id} {self.region_prefix or '*'}"
