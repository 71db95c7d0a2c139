"""Campaigns with their rules as data. Source: design.md, section 5; requirements P-23."""

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import BpField, FenField, LockableQuerySet, SafeJSONField
from promotions.models.scope import Scoped, ScopeKind


class CampaignQuerySet(LockableQuerySet):
    def live(self) -> "CampaignQuerySet":
        return self.filter(status=Campaign.Status.LIVE)

    def active_at(self, at: datetime) -> "CampaignQuerySet":
        return self.live().filter(starts_at__lte=at, ends_at__gt=at)

    def live_within(self, at: datetime, until: datetime) -> "CampaignQuerySet":
        """Live campaigns that are active at some instant of ``[at, until)``."""
        return self.live().filter(starts_at__lt=until, ends_at__gt=at)

    def touching(
        self,
        *,
        category_ids: Collection[int],
        brand_ids: Collection[int],
        product_ids: Collection[int],
        sku_ids: Collection[int],
    ) -> "CampaignQuerySet":
        """Campaigns over the whole shop or any of these, and sales that price any of the SKUs."""
        priced = SaleItem.objects.filter(campaign=OuterRef("pk"), sku__in=list(sku_ids))
        return self.filter(
            Exists(priced)
            | Q(scope_kind=ScopeKind.SHOP)
            | Q(scope_kind=ScopeKind.CATEGORY, scope_ids__overlap=list(category_ids))
            | Q(scope_kind=ScopeKind.BRAND, scope_ids__overlap=list(brand_ids))
            | Q(scope_kind=ScopeKind.PRODUCTS, scope_ids__overlap=list(product_ids))
        )


class Campaign(Scoped):
    """One rule that lowers prices for a while. ``rule`` holds its numbers, read by ``rulebook``.

    sale: {} with SaleItem rows, or {"rate_bp": 8500} for the rest of its scope;
    threshold_off: {"steps": [{"threshold_fen": 30000, "off_fen": 5000}, ...]};
    second_half_price: {"second_rate_bp": 5000}; free_freight: {"threshold_fen": 9900}.
    """

    class Kind(models.TextChoices):
        SALE = "sale", _("sale price")
        THRESHOLD_OFF = "threshold_off", _("money off from a threshold")
        SECOND_HALF_PRICE = "second_half_price", _("second piece at a rate")
        FREE_FREIGHT = "free_freight", _("free freight from a threshold")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        LIVE = "live", _("live")
        PAUSED = "paused", _("paused")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    priority = models.SmallIntegerField(
        _("priority"), default=100, help_text=_("Smaller is tried first.")
    )
    rule = SafeJSONField(_("rule"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        indexes = [models.Index(fields=["status", "ends_at"], name="campaign_live")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="campaign_window_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title_zh


class SaleItem(models.Model):
    """The price of one SKU in one sale."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="sale_items", verbose_name=_("campaign")
    )
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name=_("SKU"))
    price_fen = FenField(_("sale price"))

    class Meta:
        verbose_name = _("sale item")
        verbose_name_plural = _("sale items")
        indexes = [models.Index(fields=["sku"], name="sale_item_sku")]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "sku"], name="sale_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.price_fen}"


class PricingSettings(models.Model):
    """The shop's own numbers of pricing: one row."""

    points_unit = models.PositiveIntegerField(_("points unit"), default=100)
    points_unit_fen = FenField(_("worth of a unit"), default=100)
    points_cap_bp = BpField(_("most of the goods points may pay"), default=5_000)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("pricing settings")
        verbose_name_plural = _("pricing settings")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="pricing_settings_one_row"),
            models.CheckConstraint(
                condition=Q(points_unit__gt=0, points_cap_bp__lte=10_000),
                name="pricing_settings_in_range",
            ),
        ]

    def __str__(self) -> str:
        return str(_("pricing settings"))
