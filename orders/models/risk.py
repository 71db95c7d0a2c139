"""Risk of orders and payments: the thresholds, who is shut out, every judgement with its reasons.

Devices and doorsteps are kept as digests. Source: requirements O-39, O-56.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField


class RiskPolicy(models.Model):
    """From what on something is a risk, and how much each counts; one row."""

    is_on = models.BooleanField(_("judge payments"), default=True)
    small_fen = FenField(
        _("a small payment is below"), default=100, min_fen=1, help_text=_("In yuan.")
    )
    small_payments = models.PositiveSmallIntegerField(_("small payments in a row"), default=6)
    small_minutes = models.PositiveSmallIntegerField(_("within, minutes"), default=10)
    small_score = models.PositiveSmallIntegerField(_("points for small payments"), default=50)
    place_score = models.PositiveSmallIntegerField(_("points for an unusual place"), default=40)
    device_members = models.PositiveSmallIntegerField(_("members on one device"), default=3)
    ip_members = models.PositiveSmallIntegerField(_("members at one network address"), default=20)
    shared_days = models.PositiveSmallIntegerField(_("counted over, days"), default=7)
    shared_score = models.PositiveSmallIntegerField(
        _("points for a shared device or network"), default=40
    )
    coupon_members = models.PositiveSmallIntegerField(
        _("members using coupons for one doorstep or device"), default=3
    )
    coupon_score = models.PositiveSmallIntegerField(_("points for coupon abuse"), default=60)
    burst_orders = models.PositiveSmallIntegerField(
        _("orders for one doorstep or device in a burst"), default=10
    )
    burst_minutes = models.PositiveSmallIntegerField(_("a burst lasts, minutes"), default=10)
    burst_score = models.PositiveSmallIntegerField(_("points for a burst"), default=60)
    many_pieces = models.PositiveIntegerField(_("many pieces of one SKU"), default=50)
    many_score = models.PositiveSmallIntegerField(_("points for many pieces"), default=60)
    verify_from = models.PositiveSmallIntegerField(_("ask for a code from"), default=40)
    review_from = models.PositiveSmallIntegerField(_("look at the order from"), default=60)
    block_from = models.PositiveSmallIntegerField(_("refuse from"), default=160)
    most_unpaid_orders = models.PositiveSmallIntegerField(
        _("unpaid orders of one member"), default=5
    )
    most_unpaid_pieces = models.PositiveIntegerField(
        _("unpaid pieces of one SKU and member"), default=200
    )

    class Meta:
        verbose_name = _("risk policy")
        verbose_name_plural = _("risk policy")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="risk_policy_one_row"),
            models.CheckConstraint(
                condition=Q(
                    verify_from__gt=0,
                    verify_from__lte=F("review_from"),
                    review_from__lte=F("block_from"),
                ),
                name="risk_policy_steps_rise",
            ),
            models.CheckConstraint(
                condition=Q(most_unpaid_orders__gt=0, most_unpaid_pieces__gt=0),
                name="risk_policy_lets_order",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Risk policy"))


class RiskBlockQuerySet(models.QuerySet["RiskBlock"]):
    def holding(self, at: object) -> "RiskBlockQuerySet":
        """Those whose time is not over."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at))


class RiskBlock(models.Model):
    """A phone, device, network address, doorstep or member that may not order."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("phone")
        DEVICE = "device", _("device")
        IP = "ip", pgettext_lazy("network", "address")
        ADDRESS = "address", _("shipping address")
        MEMBER = "member", _("member")

    class Scope(models.TextChoices):
        ACTIVITIES = "activities", _("orders in activities")
        ALL = "all", _("every order")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    key = models.CharField(
        _("key"), max_length=64, help_text=_("A phone or member number, or as decisions show it.")
    )
    scope = models.CharField(_("refuses"), max_length=10, choices=Scope, default=Scope.ACTIVITIES)
    reason = models.CharField(_("reason"), max_length=200)
    until = models.DateTimeField(
        pgettext_lazy("end", "until"), null=True, blank=True, help_text=_("Empty: for good.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("who"),
    )
    created_at = models.DateTimeField(_("created at"), editable=False)

    objects = RiskBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("blacklist entry")
        verbose_name_plural = _("blacklist")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="risk_block_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key[:12]}"


class RiskDecision(models.Model):
    """One judgement of one attempt to pay, with its reasons. Append-only."""

    class Verdict(models.TextChoices):
        PASS = "pass", _("passed")
        VERIFY = "verify", _("a code is needed")
        REVIEW = "review", _("to be looked at")
        BLOCK = "block", _("refused")

    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="risk_decisions", verbose_name=_("order")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("member")
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    score = models.PositiveIntegerField(pgettext_lazy("risk", "points"))
    reasons = models.JSONField(
        _("reasons"), default=list, help_text=_('A list of {"code", "facts", "score"}.')
    )
    is_proved = models.BooleanField(
        _("proved by a code"), default=False, help_text=_("A one-time code was given before.")
    )
    outside = models.CharField(
        _("risk service"), max_length=20, blank=True, help_text=_("Whether it answered.")
    )
    device = models.CharField(_("device"), max_length=64, blank=True)
    ip = models.CharField(pgettext_lazy("network", "address"), max_length=45, blank=True)
    address = models.CharField(_("shipping address"), max_length=64, blank=True)
    used_coupon = models.BooleanField(_("with a coupon"), default=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("risk decision")
        verbose_name_plural = _("risk decisions")
        indexes = [
            models.Index(fields=["order", "-at"], name="risk_of_order"),
            models.Index(fields=["device", "-at"], name="risk_of_device", condition=~Q(device="")),
            models.Index(fields=["ip", "-at"], name="risk_of_ip", condition=~Q(ip="")),
            models.Index(
                fields=["address", "-at"], name="risk_of_address", condition=~Q(address="")
            ),
            models.Index(fields=["-at"], name="risk_list", condition=~Q(verdict="pass")),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} {self.score}"
