"""Campaigns with their rules as data. Source: design.md, section 5; requirements P-23, P-45."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import BpField, FenField, LockableQuerySet, SafeJSONField
from mall.kernel.words import localized
from promotions.models.scope import Scoped, ScopeKind


class CampaignQuerySet(LockableQuerySet):
    def live(self) -> "CampaignQuerySet":
        """Published, not paused, and with budget left (P-45)."""
        left = Q(budget_fen__isnull=True) | Q(spent_fen__lt=F("budget_fen"))
        return self.filter(left, status=Campaign.Status.LIVE)

    def planned_at(self, at: datetime) -> "CampaignQuerySet":
        return self.filter(status=Campaign.Status.LIVE, starts_at__gt=at)

    def over_at(self, at: datetime) -> "CampaignQuerySet":
        return self.filter(ends_at__lte=at)

    def keeping_stock(self, at: datetime) -> "CampaignQuerySet":
        """Campaigns for which pieces may be set aside: approved or later, and not over."""
        kept = (Campaign.Status.APPROVED, Campaign.Status.LIVE, Campaign.Status.PAUSED)
        return self.filter(status__in=kept, ends_at__gt=at)

    def with_budget_for(self, fen: int) -> "CampaignQuerySet":
        """Those with a budget of which so much is left."""
        return self.filter(budget_fen__isnull=False, spent_fen__lte=F("budget_fen") - fen)

    def spent(self) -> "CampaignQuerySet":
        """Those whose budget is used up."""
        return self.filter(spent_fen__gte=F("budget_fen"))

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
    """One rule that changes prices for a while, or one activity with goods of its own.

    ``rule`` holds the numbers of the kind: `promotions.rulebook` says which and checks them.
    Whether it runs now is told by ``status`` and the clock together, never by a job.
    """

    class Kind(models.TextChoices):
        SALE = "sale", _("sale price")
        QUANTITY_PRICE = "quantity_price", _("price by quantity")
        MEMBER_PRICE = "member_price", _("member price")
        SECOND_HALF_PRICE = "second_half_price", _("second piece at a rate")
        PIECES_RATE = "pieces_rate", _("rate from a number of pieces")
        BUNDLE_PRICE = "bundle_price", _("bundle price")
        GIFT = "gift", _("gift with a purchase")
        THRESHOLD_OFF = "threshold_off", _("money off from a threshold")
        THRESHOLD_RATE = "threshold_rate", _("rate from a threshold")
        EVERY_OFF = "every_off", _("money off for every amount")
        MEMBER_DAY = "member_day", _("member day")
        LOYAL_RATE = "loyal_rate", _("rate for old customers")
        FREE_FREIGHT = "free_freight", _("free freight from a threshold")
        FLASH = "flash", _("flash sale")
        GROUP = "group", _("group buy")
        BARGAIN = "bargain", _("bargain")
        PRESALE = "presale", _("presale")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        APPROVED = "approved", _("approved")
        LIVE = "live", _("live")
        PAUSED = "paused", _("paused")

    ACTIVITIES = (Kind.FLASH, Kind.GROUP, Kind.BARGAIN, Kind.PRESALE)

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
    tier_codes = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("tiers"),
        default=list,
        blank=True,
        help_text=_("Only for these tiers; none: for everybody."),
    )
    region_prefixes = ArrayField(
        models.CharField(max_length=12),
        verbose_name=_("regions"),
        default=list,
        blank=True,
        help_text=_("Beginnings of region codes it is limited to; none: everywhere."),
    )
    excludes = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("shuts out"),
        default=list,
        blank=True,
        help_text=_("Lanes of the price that a line may not use beside this campaign."),
    )
    exclusive_group = models.CharField(
        _("exclusive group"),
        max_length=40,
        blank=True,
        default="",
        help_text=_("Of campaigns with the same group a line takes part in one."),
    )
    budget_fen = FenField(
        _("budget"),
        null=True,
        blank=True,
        help_text=_("What it may cost in all; it stops there. Empty: no limit."),
    )
    spent_fen = FenField(_("spent"), default=0, editable=False)
    plan = models.ForeignKey(
        "promotions.CampaignPlan",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("campaign plan"),
    )
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("written by"),
    )
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved by"),
    )
    reason = models.CharField(
        _("reason"),
        max_length=200,
        blank=True,
        default="",
        editable=False,
        help_text=_("Why it was paused or returned."),
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        permissions = [("approve_campaign", _("Can approve campaigns"))]
        indexes = [models.Index(fields=["status", "ends_at"], name="campaign_live")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="campaign_window_in_order"
            ),
            models.CheckConstraint(
                condition=Q(budget_fen__isnull=True) | Q(spent_fen__lte=F("budget_fen")),
                name="campaign_spent_within_budget",
            ),
            models.CheckConstraint(
                condition=Q(spent_fen__gte=0), name="campaign_spent_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    @property
    def is_activity(self) -> bool:
        return self.kind in self.ACTIVITIES

    @property
    def left_fen(self) -> int | None:
        """What is left of the budget; None without one."""
        return None if self.budget_fen is None else self.budget_fen - self.spent_fen


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
    approval_over_fen = FenField(
        _("approval by a second person from"),
        null=True,
        blank=True,
        default=1_000_000,
        help_text=_(
            "A campaign with a larger budget, or with none, is approved by somebody else than its"
            " writer. Empty: one person may do both."
        ),
    )
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
