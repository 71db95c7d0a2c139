"""What goes with a product, by hand and by what buyers take together, and which products somebody
looked at. Source: C-08, C-12."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RelatedProduct(models.Model):
    """A product that an operator shows beside another one, before what the shop finds itself."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="related_links", verbose_name=_("product")
    )
    related = models.ForeignKey(
        "catalog.Product",
        models.CASCADE,
        related_name="+",
        verbose_name=_("shown beside it"),
    )
    sort = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)

    class Meta:
        verbose_name = _("related product")
        verbose_name_plural = _("related products")
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "related"], name="related_product_once"),
            models.CheckConstraint(
                condition=~Q(product=F("related")), name="related_product_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} - {self.related_id}"


class BoughtTogether(models.Model):
    """Goods that the buyers of a product took in the same order; counted anew every night."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="bought_with", verbose_name=_("product")
    )
    related = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="+", verbose_name=_("bought with it")
    )
    orders = models.PositiveIntegerField(
        _("orders"), help_text=_("Paid orders of the last months that hold both.")
    )

    class Meta:
        verbose_name = _("bought together")
        verbose_name_plural = _("bought together")
        ordering = ["product", "-orders", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "related"], name="bought_together_once"),
            models.CheckConstraint(
                condition=~Q(product=F("related")), name="bought_together_with_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} + {self.related_id}: {self.orders}"


class ProductView(models.Model):
    """The last time that somebody looked at a product. Kept for a while, theirs to clear."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("account")
    )
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="+", verbose_name=_("product")
    )
    path = models.CharField(
        _("page"), max_length=200, blank=True, help_text=_("Where they came from.")
    )
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("viewed product")
        verbose_name_plural = _("viewed products")
        indexes = [models.Index(fields=["account", "-at", "-id"], name="product_view_newest")]
        constraints = [
            models.UniqueConstraint(fields=["account", "product"], name="product_view_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.product_id}"
