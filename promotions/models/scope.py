"""What a rule covers: the whole shop, or categories (with all below), brands or products."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ScopeKind(models.TextChoices):
    SHOP = "shop", _("whole shop")
    CATEGORY = "category", _("categories")
    BRAND = "brand", _("brands")
    PRODUCTS = "products", _("products")


class Scoped(models.Model):
    """Columns of a scope; ``scope_ids`` are ids of what the kind says, empty for the shop."""

    scope_kind = models.CharField(
        _("covers"), max_length=10, choices=ScopeKind, default=ScopeKind.SHOP
    )
    scope_ids = ArrayField(
        models.BigIntegerField(), verbose_name=_("covered ids"), default=list, blank=True
    )
    scope_text_zh = models.CharField(
        _("what it covers, in words (Chinese)"),
        max_length=60,
        blank=True,
        help_text=_("Shown to shoppers; empty: made from the covered things."),
    )
    scope_text_en = models.CharField(
        _("what it covers, in words (English)"), max_length=90, blank=True
    )

    class Meta:
        abstract = True
