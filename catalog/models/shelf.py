"""What lists and search read. ``orders.services.shelving`` computes it, nobody buys by it.

Source: design.md, section 6 (the shelf).
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField


class ShelfCardQuerySet(models.QuerySet["ShelfCard"]):
    def at(self, at: object) -> "ShelfCardQuerySet":
        """The rows whose price window holds the instant."""
        return self.filter(valid_from__lte=at, valid_until__gt=at)


class ShelfCard(models.Model):
    """One product in one price window: a sale starts and ends without a job."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="shelf_cards", verbose_name=_("product")
    )
    valid_from = models.DateTimeField(_("from"))
    valid_until = models.DateTimeField(_("until"))
    price_fen = FenField(_("price from"))
    price_to_fen = FenField(_("price to"))
    list_price_fen = FenField(_("list price"))
    is_list_price_suggested = models.BooleanField(_("list price is a suggested one"), default=False)
    badges = models.JSONField(_("badges"), default=list)
    in_stock = models.BooleanField(_("in stock"))
    sales_count = models.PositiveIntegerField(_("sold"), default=0)
    buyers_count = models.PositiveIntegerField(_("buyers"), default=0, db_default=0)
    rating_x10 = models.PositiveSmallIntegerField(_("rating x 10"), default=0)
    rating_count = models.PositiveIntegerField(_("reviews"), default=0)
    listed_at = models.DateTimeField(_("on sale since"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = ShelfCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("shelf card")
        verbose_name_plural = _("shelf cards")
        indexes = [
            models.Index(fields=["-sales_count", "-product"], name="shelf_by_sales"),
            models.Index(fields=["price_fen", "product"], name="shelf_by_price"),
            models.Index(fields=["-listed_at", "-product"], name="shelf_by_newest"),
            models.Index(fields=["valid_until"], name="shelf_card_ends"),
            models.Index(fields=["valid_from"], name="shelf_card_begins"),
            models.Index(
                fields=["valid_until", "product"],
                condition=Q(in_stock=True, price_fen__lt=F("list_price_fen")),
                name="shelf_of_reduced",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "valid_from"], name="shelf_card_once_per_window"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from"), price_to_fen__gte=F("price_fen")),
                name="shelf_card_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.price_fen}"


class ShelfMark(models.Model):
    """This product's cards are stale. Insert-only in verbs; the refresher deletes."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="+", verbose_name=_("product")
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("shelf mark")
        verbose_name_plural = _("shelf marks")

    def __str__(self) -> str:
        return str(self.product_id)


class SearchSynonym(models.Model):
    """Words that mean the same to a shopper; a search for one finds the others."""

    words = models.CharField(
        pgettext_lazy("synonyms", "words"),
        max_length=200,
        help_text=_("Separated by spaces: 土豆 马铃薯 洋芋."),
    )
    is_active = models.BooleanField(pgettext_lazy("switch", "used"), default=True)
    keys = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("keys"),
        default=list,
        editable=False,
        help_text=_("Those of its words; a row without any is looked at by every search."),
    )

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        indexes = [GinIndex(fields=["keys"], name="search_synonym_by_key")]

    def __str__(self) -> str:
        return self.words


class Favourite(models.Model):
    """A product that somebody keeps in mind."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("account")
    )
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="+", verbose_name=_("product")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [
            models.UniqueConstraint(fields=["account", "product"], name="favourite_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.product_id}"
