"""What goods cost, did and will; what others ask for them.

Source: requirements C-26 to C-29, C-32, C-74.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import BpField, FenField, refuse_unsafe_text


class PriceChangeQuerySet(models.QuerySet["PriceChange"]):
    def of_skus(self, sku_ids: object) -> "PriceChangeQuerySet":
        return self.filter(sku_id__in=sku_ids)

    def waiting(self) -> "PriceChangeQuerySet":
        """Those that a second person has to judge."""
        return self.filter(status=PriceChange.Status.WAITING)

    def scheduled(self) -> "PriceChangeQuerySet":
        """Decided, not yet written into the SKU: the clock says whether they hold."""
        return self.filter(status=PriceChange.Status.SCHEDULED)

    def due(self, at: datetime) -> "PriceChangeQuerySet":
        """Scheduled ones whose time has come."""
        return self.scheduled().filter(effective_at__lte=at)

    def losing(self) -> "PriceChangeQuerySet":
        """Prices below cost that are in force and still count pieces."""
        return self.filter(status=PriceChange.Status.APPLIED, quota__isnull=False, ended_at=None)


class PriceChange(models.Model):
    """One wish for another price of one SKU, from the asking to the day it holds.

    A price below cost carries ``quota`` and ``ends_at``; the way back is a change of its own that
    ``follows`` it, so it ends on time with every worker stopped.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        SCHEDULED = "scheduled", _("scheduled")
        APPLIED = "applied", _("in the price history")
        RETURNED = "returned", _("returned")
        CANCELLED = "cancelled", _("cancelled")

    class Need(models.TextChoices):
        DEEP_DROP = "deep_drop", _("a deep drop")
        BELOW_COST = "below_cost", _("below cost")

    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="price_changes", verbose_name=_("SKU")
    )
    price_fen = FenField(_("price"))
    list_price_fen = FenField(_("list price"))
    old_price_fen = FenField(_("price before"))
    old_list_price_fen = FenField(_("list price before"))
    cost_fen = FenField(_("standard cost"), default=0)
    effective_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    quota = models.PositiveIntegerField(
        _("quota"), null=True, blank=True, help_text=_("Pieces that may be sold at this price.")
    )
    sold = models.PositiveIntegerField(_("sold"), default=0)
    reason = models.CharField(
        _("reason"), max_length=200, blank=True, validators=[refuse_unsafe_text]
    )
    needs = ArrayField(
        models.CharField(max_length=20, choices=Need),
        verbose_name=_("asks for approval because of"),
        default=list,
        blank=True,
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"))
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    checked_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.CharField(
        _("answer"), max_length=200, blank=True, validators=[refuse_unsafe_text]
    )
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ways_back",
        verbose_name=_("ends"),
    )

    objects = PriceChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("price change")
        verbose_name_plural = _("price changes")
        permissions = [("approve_pricechange", _("Can approve the price changes of others"))]
        indexes = [
            models.Index(
                fields=["sku", "-effective_at", "-id"],
                condition=Q(status="scheduled"),
                name="price_change_scheduled",
            ),
            models.Index(fields=["status", "effective_at"], name="price_change_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(price_fen__gte=0, list_price_fen__gte=F("price_fen")),
                name="price_change_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("effective_at")),
                name="price_change_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["scheduled", "applied"])
                | Q(needs=[])
                | Q(checker__isnull=False),
                name="price_change_approved",
            ),
            models.CheckConstraint(
                condition=Q(checker__isnull=True)
                | Q(maker__isnull=True)
                | ~Q(status__in=["scheduled", "applied"])
                | ~Q(maker=F("checker")),
                name="price_change_maker_is_not_checker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.price_fen}"

    @property
    def loss_fen(self) -> int:
        """What the pieces sold at this price cost above what they brought, by the standard cost
        of when it was asked for (C-74)."""
        return max(self.cost_fen - self.price_fen, 0) * self.sold


class PriceHistory(models.Model):
    """What a SKU cost from ``at`` on, and whether shoppers could buy it at that.

    Append-only: struck-through prices must have been offered.
    """

    sku = models.ForeignKey(
        "catalog.Sku", models.CASCADE, related_name="price_history", verbose_name=_("SKU")
    )
    price_fen = FenField(_("price"))
    list_price_fen = FenField(_("list price"))
    is_offered = models.BooleanField(_("on sale"), default=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    change = models.ForeignKey(
        PriceChange,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="history",
        verbose_name=_("price change"),
    )
    at = models.DateTimeField(_("from"))

    class Meta:
        verbose_name = _("past price")
        verbose_name_plural = _("price history")
        indexes = [models.Index(fields=["sku", "-at"], name="price_history_of_sku")]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.price_fen}"


class PriceGuard(models.Model):
    """From where on a price asks for a second look: one row."""

    class Answer(models.TextChoices):
        BLOCK = "block", _("block")
        WARN = "warn", _("warn")

    drop_bp = BpField(
        _("drop that asks for approval"),
        default=3_000,
        help_text=_("A price lower than that of the last 24 hours by more than this."),
    )
    spread_bp = models.PositiveIntegerField(
        _("widest spread of a product"),
        default=30_000,
        help_text=_("Dearest SKU over cheapest one; 30000 means three times."),
    )
    gradient_answer = models.CharField(
        _("a wider spread, or a cheapest SKU out of stock"),
        max_length=10,
        choices=Answer,
        default=Answer.BLOCK,
    )
    floor_margin_bp = BpField(
        _("lowest margin"), default=1_000, help_text=_("Of the cost; less is warned of.")
    )
    usual_margin_bp = BpField(
        _("usual margin"),
        default=4_000,
        db_default=4_000,
        help_text=_("Over the cost; what a price is suggested by."),
    )

    class Meta:
        verbose_name = _("price guard")
        verbose_name_plural = _("price guard")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="price_guard_one_row"),
            models.CheckConstraint(
                condition=Q(drop_bp__lte=10_000, spread_bp__gte=10_000),
                name="price_guard_in_range",
            ),
        ]

    def __str__(self) -> str:
        return str(_("price guard"))


class CompetitorPrice(models.Model):
    """What somebody else asked for the same product on a day."""

    product = models.ForeignKey(
        "catalog.Product",
        models.CASCADE,
        related_name="competitor_prices",
        verbose_name=_("product"),
    )
    competitor = models.CharField(_("competitor"), max_length=60, validators=[refuse_unsafe_text])
    url = models.URLField(pgettext_lazy("web page", "address"), max_length=300, blank=True)
    price_fen = FenField(_("price"), min_fen=1)
    seen_on = models.DateField(_("seen on"))

    class Meta:
        verbose_name = _("competitor's price")
        verbose_name_plural = _("competitors' prices")
        ordering = ["-seen_on", "-pk"]
        indexes = [models.Index(fields=["product", "-seen_on"], name="competitor_price_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(price_fen__gt=0), name="competitor_price_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.competitor}: {self.price_fen}"
