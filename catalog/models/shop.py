"""Whose counter a product stands at: our own shop, or a merchant's beside it. Source: X-57."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import refuse_unsafe_text
from mall.kernel.words import localized

OWN_SHOP_ID = 1
"""The shop that every product belongs to unless somebody says otherwise; a migration makes it."""


class Shop(models.Model):
    """One shop of the mall: carts are grouped and freight is charged by it.

    One company runs them all: money, campaigns and points know no shop, so a 满减 across shops is
    one rule as any other.
    """

    code = models.SlugField(_("code"), max_length=30, unique=True)
    title_zh = models.CharField(
        _("title (Chinese)"), max_length=40, validators=[refuse_unsafe_text]
    )
    title_en = models.CharField(
        _("title (English)"), max_length=60, blank=True, validators=[refuse_unsafe_text]
    )
    is_own = models.BooleanField(
        _("our own"),
        default=False,
        editable=False,
        help_text=_("Goods that name no shop belong to it; there is exactly one."),
    )
    sort = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_own"], condition=Q(is_own=True), name="shop_one_of_our_own"
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")
