"""How many pieces of a limited product are taken, in all and by each member. Source: C-15."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class EditionTake(models.Model):
    """Pieces of one limited product over all orders that are not closed: those of a member, or
    all of them (no member).

    ``most`` is the limit that held when it was last counted up.
    """

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", models.CASCADE, null=True, related_name="+")
    pieces = models.PositiveIntegerField(default=0)
    most = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("pieces taken of a limited edition")
        verbose_name_plural = _("pieces taken of limited editions")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "member"], name="edition_take_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(pieces__lte=F("most")), name="edition_take_within_limit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.pieces}"


class EditionUse(models.Model):
    """Pieces that one order took of one limited product; a closed order gives them back."""

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+")
    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="+")
    pieces = models.PositiveIntegerField(_("pieces"))
    in_all = models.BooleanField(_("counted in all"), default=False)
    of_member = models.BooleanField(_("counted of its member"), default=False)
    returned_at = models.DateTimeField(_("given back at"), null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a limited edition")
        verbose_name_plural = _("uses of limited editions")
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="edition_use_once"),
            models.CheckConstraint(condition=Q(pieces__gt=0), name="edition_use_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.pieces}"
