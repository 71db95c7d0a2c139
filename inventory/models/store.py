"""Shops of brick and stone: where they are, when they are open, who works there. Source:
requirement X-56."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, validate_slug
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import refuse_unsafe_text
from mall.kernel.words import localized


class StoreQuerySet(models.QuerySet["Store"]):
    def open_to_public(self) -> "StoreQuerySet":
        """Stores that are shown."""
        return self.filter(is_active=True, warehouse__is_active=True)

    def of_staff(self, account_id: int) -> "StoreQuerySet":
        """Stores where somebody works."""
        return self.filter(staff=account_id)


class Store(models.Model):
    """One store. Its stock is the stock of its warehouse (kind store), which ships nothing."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[validate_slug])
    warehouse = models.OneToOneField(
        "inventory.Warehouse", models.PROTECT, related_name="store", verbose_name=_("warehouse")
    )
    title_zh = models.CharField(
        _("title (Chinese)"), max_length=40, validators=[refuse_unsafe_text]
    )
    title_en = models.CharField(
        _("title (English)"), max_length=60, blank=True, validators=[refuse_unsafe_text]
    )
    region_code = models.CharField(_("region"), max_length=9)
    address_zh = models.CharField(
        _("address (Chinese)"), max_length=120, validators=[refuse_unsafe_text]
    )
    address_en = models.CharField(
        _("address (English)"), max_length=160, blank=True, validators=[refuse_unsafe_text]
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    hours_zh = models.CharField(
        _("opening hours (Chinese)"), max_length=80, validators=[refuse_unsafe_text]
    )
    hours_en = models.CharField(
        _("opening hours (English)"), max_length=120, blank=True, validators=[refuse_unsafe_text]
    )
    phone = models.CharField(
        pgettext_lazy("store", "phone"), max_length=20, validators=[refuse_unsafe_text]
    )
    events_zh = models.TextField(
        _("events (Chinese)"), max_length=500, blank=True, validators=[refuse_unsafe_text]
    )
    events_en = models.TextField(
        _("events (English)"), max_length=800, blank=True, validators=[refuse_unsafe_text]
    )
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="stores",
        verbose_name=_("staff"),
        blank=True,
        limit_choices_to={"is_staff": True},
    )
    offers_pickup = models.BooleanField(_("orders can be picked up here"), default=True)
    is_active = models.BooleanField(_("shown"), default=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="store_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")
