"""Carts of guests and members. Prices are never stored as truth: the quote is computed. Source:
O-01."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField, LockableQuerySet


def digest_of(token: str) -> str:
    """What is stored of a guest's token: it is random enough that a plain digest tells nothing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class CartQuerySet(LockableQuerySet):
    def of_member(self, member_id: int) -> "CartQuerySet":
        return self.filter(member_id=member_id)

    def of_token(self, token: str) -> "CartQuerySet":
        """The guest's cart that a token opens."""
        return self.filter(token_hash=digest_of(token))


class Cart(models.Model):
    """One active cart per member or per guest token (INV-34); ``version`` moves with every
    change."""

    member = models.OneToOneField(
        "members.Member",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="cart",
        verbose_name=_("member"),
    )
    token_hash = models.CharField(
        _("token hash"),
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        help_text=_("Digest of a guest's token."),
    )
    version = models.PositiveIntegerField(_("version"), default=0)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True, db_index=True)

    objects = CartQuerySet.as_manager()

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, token_hash__isnull=True)
                | Q(member__isnull=True, token_hash__isnull=False),
                name="cart_of_member_or_guest",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CartLine(models.Model):
    """One SKU in one cart. ``added_price_fen`` only says whether the price moved since."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines", verbose_name=_("cart"))
    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="+", verbose_name=_("SKU"))
    quantity = models.PositiveSmallIntegerField(_("quantity"))
    is_selected = models.BooleanField(_("selected"), default=True)
    added_price_fen = FenField(_("price when added"))
    source = models.CharField(
        _("came from"), max_length=60, blank=True, help_text=_("As of an order line.")
    )
    added_at = models.DateTimeField(_("added at"))

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("cart line")
        verbose_name_plural = _("cart lines")
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "sku"], name="cart_line_once_per_sku"),
            models.CheckConstraint(
                condition=Q(quantity__range=(1, 999)), name="cart_line_1_to_999"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} x {self.quantity}"
