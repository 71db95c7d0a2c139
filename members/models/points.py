"""Points: spent, 100 = ¥1. Balance is the sum of the entries (INV-19).

Source: requirements M-23, M-24, M-30.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class PointsAccount(models.Model):
    """A balance. ``debt`` is what a claw-back could not take; later points pay it first."""

    member = models.OneToOneField(
        "members.Member", models.PROTECT, related_name="points_account", verbose_name=_("member")
    )
    balance = models.PositiveIntegerField(_("balance"), default=0)
    debt = models.PositiveIntegerField(_("debt"), default=0)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("points account")
        verbose_name_plural = _("points accounts")
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0), name="points_balance_not_negative"),
            models.CheckConstraint(condition=Q(debt__gte=0), name="points_debt_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.balance)


class PointsEntry(models.Model):
    """One change of points. Append-only, once per source and kind."""

    class Kind(models.TextChoices):
        EARN = "earn", _("earned by an order")
        SPEND = "spend", _("spent on an order")
        RETURN = "return", _("returned")
        REVERSE = "reverse", _("taken back after a refund")
        CHECK_IN = "check_in", _("check-in")
        REVIEW = "review", _("review")
        DRAW = "draw", _("paid for a draw")
        PRIZE = "prize", _("prize of a draw")
        EXPIRE = "expire", _("expired")
        DEBT = "debt", _("debt of an earlier refund")
        MANUAL = "manual", _("by an operator")

    account = models.ForeignKey(
        PointsAccount, models.PROTECT, related_name="entries", verbose_name=_("account")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    delta = models.IntegerField(_("change"))
    balance = models.PositiveIntegerField(_("balance after"))
    source_type = models.CharField(_("source"), max_length=30)
    source_id = models.CharField(_("source id"), max_length=64)
    at = models.DateTimeField(_("at"))
    expires_at = models.DateTimeField(_("expires at"), null=True)

    class Meta:
        verbose_name = _("points entry")
        verbose_name_plural = _("points entries")
        indexes = [models.Index(fields=["account", "-at", "-id"], name="points_of_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "source_type", "source_id", "kind"],
                name="points_once_per_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.delta}"

    @property
    def order_number(self) -> str | None:
        """The order it belongs to, when it belongs to one."""
        return self.source_id.partition("#")[0] if self.source_type == "order" else None
