"""Where goods lie. Source: requirements I-01, I-15, I-17, I-18."""

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField
from mall.kernel.words import localized

NOON = time(12, 0)
EVENING = time(20, 0)


class WarehouseQuerySet(models.QuerySet):
    def in_use(self) -> "WarehouseQuerySet":
        return self.filter(is_active=True)

    def routed(self) -> "WarehouseQuerySet":
        """Those that orders are sent from; a store only hands over what is collected there."""
        return self.in_use().exclude(kind=Warehouse.Kind.STORE)


class Warehouse(models.Model):
    """A place that ships; it serves regions whose codes begin with one of ``served_prefixes``."""

    class Kind(models.TextChoices):
        OWN = "own", _("own")
        REGIONAL = "regional", _("regional")
        CLOUD = "cloud", _("cloud")
        STORE = "store", _("store")
        SUPPLIER = "supplier", _("supplier")

    PACKED_BY_OTHERS = (Kind.CLOUD, Kind.SUPPLIER)
    """They are told of single SKUs: no bundle is made there (docs/adr/0015)."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OWN)
    region_code = models.CharField(_("region"), max_length=9)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Degrees; empty: the seat of its province."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("Degrees; empty: the seat of its province."),
    )
    served_prefixes = ArrayField(
        models.CharField(max_length=6), verbose_name=_("served regions"), default=list, blank=True
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=10, help_text=_("Smaller ships first.")
    )
    parcel_cost_fen = FenField(
        _("cost of a parcel"), default=0, min_fen=0, help_text=_("In yuan, to us.")
    )
    cut_off = models.TimeField(
        _("same-day cut-off"),
        default=NOON,
        help_text=_("Orders of its own city before this time arrive the same day."),
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

    objects = WarehouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["priority", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="warehouse_both_coordinates_or_none",
            ),
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
        return localized(self, "title")

    def serves(self, region_code: str) -> bool:
        """True when the address lies in one of the served regions."""
        return any(region_code.startswith(prefix) for prefix in self.served_prefixes)


class NextDayCity(models.Model):
    """次日达: what leaves this warehouse for this city before the cut-off arrives the next day."""

    warehouse = models.ForeignKey(
        Warehouse, models.CASCADE, related_name="next_day_cities", verbose_name=_("warehouse")
    )
    city_code = models.CharField(_("city"), max_length=4)
    cut_off = models.TimeField(
        _("cut-off"),
        default=EVENING,
        help_text=_("Orders after this time arrive a day later."),
    )

    class Meta:
        verbose_name = _("next-day city")
        verbose_name_plural = _("next-day cities")
        ordering = ["city_code"]
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "city_code"], name="next_day_city_once"),
        ]

    def __str__(self) -> str:
        return self.city_code
