"""What each order took out of a campaign's budget, and what came back. Source: requirement P-45."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField, LockableQuerySet


class BudgetUse(models.Model):
    """The cost of one campaign in one order; a closed order gives it back."""

    order_number = models.CharField(_("order"), max_length=32)
    campaign = models.ForeignKey(
        "promotions.Campaign",
        models.PROTECT,
        related_name="budget_uses",
        verbose_name=_("campaign"),
    )
    amount_fen = FenField(_("cost"))
    returned_fen = FenField(_("given back"), default=0)
    used_at = models.DateTimeField(_("used at"))
    returned_at = models.DateTimeField(_("given back at"), null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a budget")
        verbose_name_plural = _("uses of budgets")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order_number", "campaign"], name="budget_use_once_per_order"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="budget_use_positive"),
            models.CheckConstraint(
                condition=Q(returned_fen__gte=0, returned_fen__lte=F("amount_fen")),
                name="budget_use_returned_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_number}: {self.amount_fen}"
