"""SKU: what is counted, priced and weighed. Source: requirement C-03."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet, SafeJSONField, refuse_unsafe_text
from mall.kernel.words import localized


class ProductOption(models.Model):
    """One axis of choice: colour, size."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="options", verbose_name=_("product")
    )
    code = models.SlugField(_("code"), max_length=40)
    title_zh = models.CharField(_("title (Chinese)"), max_length=20)
    title_en = models.CharField(_("title (English)"), max_length=30, blank=True)
    sort = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "code"], name="option_once_per_product"),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


class OptionValue(models.Model):
    """One value of an axis: red, XL."""

    option = models.ForeignKey(
        ProductOption, models.CASCADE, related_name="values", verbose_name=_("option")
    )
    code = models.CharField(_("code"), max_length=40, validators=[refuse_unsafe_text])
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60, blank=True)
    media = models.ForeignKey(
        "catalog.Media",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    sort = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)

    class Meta:
        verbose_name = _("option value")
        verbose_name_plural = _("option values")
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["option", "code"], name="option_value_once"),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


def offered_at(at: datetime) -> Q:
    """What is sold at an instant: active SKUs, no mere gifts, of goods on the shelf (C-06)."""
    begun = Q(product__on_shelf_at=None) | Q(product__on_shelf_at__lte=at)
    left = Q(product__off_shelf_at=None) | Q(product__off_shelf_at__gt=at)
    return Q(begun, left, is_active=True, is_gift_only=False, product__status="on_sale")


class SkuQuerySet(LockableQuerySet):
    def buyable(self) -> "SkuQuerySet":
        """Active SKUs of products on sale that are no mere gifts."""
        return self.filter(is_active=True, is_gift_only=False, product__status="on_sale")

    def buyable_at(self, at: datetime) -> "SkuQuerySet":
        """Those of them whose product is on the shelf at an instant (C-06)."""
        return self.filter(offered_at(at))


class Sku(models.Model):
    """One combination of option values; choosing all options resolves exactly one.

    ``price_fen`` is the price last written; `catalog.selectors` add what has come due since.
    """

    class ListPriceKind(models.TextChoices):
        OFFERED = "offered", _("was our price before")
        SUGGESTED = "suggested", _("suggested retail price")
        UNPROVEN = "unproven", _("said to be our price before, but never was")

    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, related_name="skus", verbose_name=_("product")
    )
    code = models.CharField(_("code"), max_length=60, unique=True, validators=[refuse_unsafe_text])
    barcode = models.CharField(_("barcode"), max_length=40, blank=True)
    options = SafeJSONField(
        _("options"), default=dict, blank=True, help_text=_("Option code to value code.")
    )
    options_key = models.CharField(_("options key"), max_length=200, default="", editable=False)
    price_fen = FenField(_("price"), help_text=_("What one piece costs without any promotion."))
    list_price_fen = FenField(
        _("list price"), help_text=_("The struck-through price; never below the price.")
    )
    list_price_kind = models.CharField(
        _("kind of list price"),
        max_length=10,
        choices=ListPriceKind,
        default=ListPriceKind.SUGGESTED,
        help_text=_("A price that was never offered is struck through only as a suggested one."),
    )
    cost_fen = FenField(_("standard cost"), default=0)
    order_limit = models.PositiveSmallIntegerField(
        _("pieces an order"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    weight_grams = models.PositiveIntegerField(
        _("weight"), default=0, help_text=_("Grams, packed.")
    )
    volume_cm3 = models.PositiveIntegerField(
        _("volume"),
        default=0,
        db_default=0,
        help_text=_("Cubic centimetres, packed; 0: not measured."),
    )
    media = models.ForeignKey(
        "catalog.Media",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    sort = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    is_gift_only = models.BooleanField(
        _("gift only"),
        default=False,
        help_text=_("Not sold by itself; promotions and redemptions give it away."),
    )
    is_bundle = models.BooleanField(
        _("bundle"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_("It is made of parts and has no stock of its own."),
    )
    bundled_each = models.PositiveSmallIntegerField(
        _("pieces in one bundle"),
        default=0,
        db_default=0,
        editable=False,
        help_text=_("The most that one bundle takes of it; 0: it is part of none."),
    )

    objects = SkuQuerySet.as_manager()

    class Meta:
        verbose_name = _("SKU")
        verbose_name_plural = _("SKUs")
        ordering = ["sort", "pk"]
        permissions = [("see_cost", _("Can see what goods cost the shop"))]
        constraints = [
            models.UniqueConstraint(fields=["product", "options_key"], name="sku_one_per_choice"),
            models.CheckConstraint(
                condition=Q(price_fen__gte=0, cost_fen__gte=0, list_price_fen__gte=F("price_fen")),
                name="sku_prices_in_order",
                violation_error_message=_("A price is never negative, nor above its list price."),
            ),
            models.CheckConstraint(
                condition=Q(is_bundle=False) | Q(is_gift_only=False),
                name="sku_bundle_is_sold",
                violation_error_message=_("A bundle is sold, never given away."),
            ),
        ]

    def __str__(self) -> str:
        return self.code
