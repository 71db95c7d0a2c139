"""How many pieces a member may have of a sale, and what each order took. Source: P-18."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class SaleTake(models.Model):
    """Pieces of one sale that a member has over all orders that are not closed.

    ``most`` is the limit that held when it was last counted up.
    """

    campaign = models.ForeignKey("promotions.Campaign", models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    pieces = models.PositiveIntegerField(default=0)
    most = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("pieces of a sale taken by a member")
        verbose_name_plural = _("pieces of sales taken by members")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "member"], name="sale_take_once"),
            models.CheckConstraint(
                condition=Q(pieces__lte=F("most")), name="sale_take_within_limit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.pieces}"


class SaleUse(models.Model):
    """Pieces that one order took of one limited sale; a closed order gives them back."""

    order_number = models.CharField(_("order"), max_length=32)
    campaign = models.ForeignKey(
        "promotions.Campaign", models.PROTECT, related_name="+", verbose_name=_("campaign")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("member")
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    returned_at = models.DateTimeField(_("given back at"), null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a limited sale")
        verbose_name_plural = _("uses of limited sales")
        constraints = [
            models.UniqueConstraint(
                fields=["order_number", "campaign"], name="sale_use_once_per_order"
            ),
            models.CheckConstraint(condition=Q(pieces__gt=0), name="sale_use_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.order_number}: {self.pieces}"
