"""Care plans: when the shop reaches out by itself, and what came of it.

Source: requirements P-06, P-07, P-09, M-18; style.md's table (analytics owns plans and runs).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField, LockableQuerySet


class CarePlanQuerySet(LockableQuerySet):
    def switched_on(self) -> "CarePlanQuerySet":
        return self.filter(is_on=True)


class CarePlan(models.Model):
    """One occasion to give members a coupon. It waits ``wait_minutes`` after what it looks for."""

    class Kind(models.TextChoices):
        UNPAID = "unpaid", _("order not paid")
        CART = "cart", _("cart left alone")
        REPURCHASE = "repurchase", _("order completed")
        BIRTHDAY = "birthday", _("birthday")
        DORMANT = "dormant", _("long without an order")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    title = models.CharField(_("title"), max_length=60)
    coupon = models.ForeignKey(
        "promotions.Coupon",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("coupon"),
    )
    wait_minutes = models.PositiveIntegerField(
        _("waits, minutes"),
        default=0,
        help_text=_("After the order, the last change of the cart, the completion."),
    )
    from_fen = FenField(
        _("goods from"), default=0, help_text=_("Of an order or a cart: worth at least this.")
    )
    to_fen = FenField(
        _("goods up to"), null=True, blank=True, help_text=_("And at most this; empty: no limit.")
    )
    category_ids = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("categories"),
        default=list,
        blank=True,
        help_text=_("A cart counts when it holds goods of these, or of those below them."),
    )
    is_on = models.BooleanField(_("on"), default=False)
    on_since = models.DateTimeField(_("on since"), null=True, blank=True, editable=False)

    objects = CarePlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("care plan")
        verbose_name_plural = _("care plans")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(coupon__isnull=False, on_since__isnull=False),
                name="care_plan_on_has_a_coupon",
            ),
            models.CheckConstraint(
                condition=Q(to_fen__isnull=True) | Q(to_fen__gt=F("from_fen")),
                name="care_plan_band_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CareRun(models.Model):
    """A plan met one member for one cause, once: ``cause`` names the order, cart or day."""

    class Outcome(models.TextChoices):
        GIVEN = "given", _("coupon given")
        LIMIT = "limit", _("has had enough of them")

    plan = models.ForeignKey(
        CarePlan, models.PROTECT, related_name="runs", verbose_name=_("care plan")
    )
    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="+", verbose_name=_("member")
    )
    cause = models.CharField(_("cause"), max_length=60)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("care run")
        verbose_name_plural = _("care runs")
        indexes = [models.Index(fields=["member", "-at"], name="care_run_of_member")]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "member", "cause"], name="care_run_once_per_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.cause}"
