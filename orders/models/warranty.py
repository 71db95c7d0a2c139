"""今日下单送延保: months of warranty given with an order, by rules with a window. Source: O-30."""

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.db.models import F, Q, Subquery
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet
from mall.kernel.words import localized


class WarrantyRuleQuerySet(LockableQuerySet):
    def on_at(self, at: datetime | Subquery) -> "WarrantyRuleQuerySet":
        """Rules under which an order placed at ``at`` gets a warranty."""
        return self.filter(is_on=True, starts_at__lte=at, ends_at__gt=at)


class WarrantyRule(models.Model):
    """Who orders within the window gets months of warranty on top, on all goods or on some."""

    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60, blank=True, default="")
    months = models.PositiveSmallIntegerField(
        _("months"), default=12, help_text=_("Counted from the day the order is paid.")
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"), help_text=_("Orders placed before count."))
    categories = models.ManyToManyField(
        "catalog.Category",
        blank=True,
        related_name="+",
        verbose_name=_("categories"),
        help_text=_("With all below them; no category and no product: all goods."),
    )
    products = models.ManyToManyField(
        "catalog.Product", blank=True, related_name="+", verbose_name=_("products")
    )
    is_on = models.BooleanField(_("on"), default=True)

    objects = WarrantyRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of warranties")
        verbose_name_plural = _("rules of warranties")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="warranty_rule_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=120), name="warranty_rule_months"
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def has_begun(self, at: datetime) -> bool:
        """True once orders were placed under the rule; it is kept as they were promised it (see
        ``save_warranty_rule``). No query."""
        return self.is_on and self.starts_at <= at

    def covers(self, product_id: int, category_path: Collection[int]) -> bool:
        """True for goods of the rule; its categories and products are in hand. No query."""
        categories = {category.pk for category in self.categories.all()}
        products = {product.pk for product in self.products.all()}
        everything = not categories and not products
        return everything or product_id in products or not categories.isdisjoint(category_path)


class Warranty(models.Model):
    """What one line of a paid order is covered by, with the words of that day."""

    line = models.OneToOneField(
        "orders.OrderLine",
        models.PROTECT,
        related_name="warranty",
        verbose_name=_("order line"),
    )
    rule = models.ForeignKey(
        WarrantyRule, models.PROTECT, related_name="warranties", verbose_name=_("rule")
    )
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60, blank=True, default="")
    months = models.PositiveSmallIntegerField(_("months"))
    begins_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"), help_text=_("The last day that is covered."))

    class Meta:
        verbose_name = _("warranty")
        verbose_name_plural = _("warranties")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("begins_on")), name="warranty_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.ends_on}"
