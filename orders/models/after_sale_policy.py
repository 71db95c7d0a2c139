"""What the shop promises after a sale, as rows: windows by category, who pays return freight by
reason, how far one operator may go alone. Source: O-44, O-48, O-50; ATK-84."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet, refuse_unsafe_text
from orders.models.after_sale import Reason


class GiftPolicy(models.TextChoices):
    """What becomes of a gift when all the goods it came with go back."""

    RETURN = "return", _("comes back, else it is charged at its declared value")
    CHARGE = "charge", _("is charged at its declared value")
    KEEP = "keep", _("stays with the buyer")


class AfterSalePolicy(models.Model):
    """Windows of one category and everything below it; the row without a category is the shop's.

    A row nearer to the product wins. Day 1 is the day after receipt.
    """

    category = models.OneToOneField(
        "catalog.Category",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="after_sale_policy",
        verbose_name=_("category"),
        help_text=_("Empty: for every category without a row of its own."),
    )
    no_reason_days = models.PositiveSmallIntegerField(
        _("days without a reason"), default=7, help_text=_("0: not offered for these goods.")
    )
    quality_days = models.PositiveSmallIntegerField(
        _("days for faults"),
        default=30,
        help_text=_("Poor quality, not as described, damaged, not received."),
    )
    exchange_days = models.PositiveSmallIntegerField(_("days for an exchange"), default=15)
    gift_policy = models.CharField(
        _("gifts"), max_length=10, choices=GiftPolicy, default=GiftPolicy.RETURN
    )
    note_zh = models.CharField(_("note (Chinese)"), max_length=200, blank=True)
    note_en = models.CharField(_("note (English)"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("after-sales policy")
        verbose_name_plural = _("after-sales policies")
        constraints = [
            models.UniqueConstraint(
                fields=["category"], nulls_distinct=False, name="after_sale_policy_once"
            ),
            models.CheckConstraint(
                condition=Q(quality_days__gte=F("no_reason_days")),
                name="after_sale_policy_faults_last_longer",
            ),
        ]

    def __str__(self) -> str:
        return str(self.category or _("every category"))


class ReturnFreightRule(models.Model):
    """Who pays for sending back, by reason; one row a reason (O-48)."""

    class Payer(models.TextChoices):
        BUYER = "buyer", _("buyer")
        MERCHANT = "merchant", pgettext_lazy("payer", "shop")
        SUPPLIER = "supplier", _("supplier, by its agreement")

    reason = models.CharField(_("reason"), max_length=20, choices=Reason, unique=True)
    payer = models.CharField(_("paid by"), max_length=10, choices=Payer, default=Payer.BUYER)
    freight_comes_back = models.BooleanField(
        _("freight comes back"),
        default=False,
        help_text=_("Of goods that were shipped. Freight of an unshipped order always does."),
    )

    class Meta:
        verbose_name = _("freight rule of returns")
        verbose_name_plural = _("freight rules of returns")

    def __str__(self) -> str:
        return str(self.get_reason_display())


class ServiceLimit(models.Model):
    """How much a role may give alone, an order and a day; more needs a second person (O-50)."""

    group = models.OneToOneField(
        "auth.Group", models.CASCADE, related_name="service_limit", verbose_name=_("role")
    )
    compensation_order_fen = FenField(_("compensation an order"), default=5_000)
    compensation_day_fen = FenField(_("compensation a day"), default=50_000)
    refund_order_fen = FenField(_("refund an order"), default=100_000)
    refund_day_fen = FenField(_("refund a day"), default=1_000_000)

    class Meta:
        verbose_name = _("service limit")
        verbose_name_plural = _("service limits")

    def __str__(self) -> str:
        return str(self.group)


class Compensation(models.Model):
    """Money the shop gives a buyer for trouble, into the wallet; above the limit of who asks it
    waits for another operator (O-50, ATK-84)."""

    class State(models.TextChoices):
        PENDING = "pending", _("waits for approval")
        PAID = "paid", _("paid")
        REFUSED = "refused", _("refused")

    number = models.CharField(_("number"), max_length=32, unique=True)
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="compensations", verbose_name=_("order")
    )
    amount_fen = FenField(_("amount"))
    reason = models.CharField(_("reason"), max_length=200, validators=[refuse_unsafe_text])
    state = models.CharField(_("state"), max_length=10, choices=State)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    requested_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("compensation")
        verbose_name_plural = _("compensations")
        ordering = ["-pk"]
        permissions = [("approve_compensation", _("Can decide on compensations above the limit"))]
        indexes = [models.Index(fields=["requested_by", "requested_at"], name="compensation_day")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="compensation_positive"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="compensation_second_person",
            ),
        ]

    def __str__(self) -> str:
        return self.number
