"""Anti-abuse of offers: limits as data, origins shut out, and who did what from where.

Source: requirement P-65. Devices and addresses are kept as digests, never in the clear.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Deed(models.TextChoices):
    """What a shopper does that gives something away."""

    CLAIM = "claim", _("claims a coupon")
    REDEEM = "redeem", _("redeems a code")
    SHARE = "share", _("comes by a shared link")
    GROUP = "group", _("joins a group")
    BARGAIN = "bargain", _("helps a bargain")
    INVITE = "invite", _("is invited")


class Origin(models.TextChoices):
    """By what deeds are counted together."""

    DEVICE = "device", _("device")
    IP = "ip", pgettext_lazy("network", "address")
    ADDRESS = "address", _("shipping address")
    MEMBER = "member", _("member")


class DeedRule(models.Model):
    """No more than ``most`` deeds, or members doing them, from one origin within a time."""

    class Counts(models.TextChoices):
        DEEDS = "deeds", _("deeds")
        MEMBERS = "members", _("members")

    deed = models.CharField(_("deed"), max_length=10, choices=Deed)
    origin = models.CharField(_("counted by"), max_length=10, choices=Origin)
    counts = models.CharField(_("counts"), max_length=10, choices=Counts, default=Counts.DEEDS)
    most = models.PositiveIntegerField(_("at most"))
    within_minutes = models.PositiveIntegerField(
        _("within, minutes"), default=0, help_text=_("0: ever.")
    )
    first_order_only = models.BooleanField(
        _("offers for new buyers only"),
        default=False,
        help_text=_("Applies to coupons for the first order, and counts only those."),
    )
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        verbose_name = _("limit of deeds")
        verbose_name_plural = _("limits of deeds")
        constraints = [
            models.CheckConstraint(condition=Q(most__gt=0), name="deed_rule_most_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.deed} / {self.origin} <= {self.most}"


class BlockedOrigin(models.Model):
    """A device, network address, shipping address or member that gets no offers."""

    origin = models.CharField(_("kind"), max_length=10, choices=Origin)
    key = models.CharField(_("key"), max_length=64, help_text=_("As the records of deeds show it."))
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

    class Meta:
        verbose_name = _("blocked origin")
        verbose_name_plural = _("blocked origins")
        constraints = [
            models.UniqueConstraint(fields=["origin", "key"], name="blocked_origin_once"),
        ]

    def __str__(self) -> str:
        return f"{self.origin}: {self.key[:12]}"


class DeedRecord(models.Model):
    """Who did what from where, and whether it was refused. Forgotten after a year."""

    deed = models.CharField(_("deed"), max_length=10, choices=Deed)
    subject = models.CharField(_("about"), max_length=60)
    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="+", verbose_name=_("member")
    )
    device = models.CharField(_("device"), max_length=64, blank=True)
    ip = models.CharField(pgettext_lazy("network", "address"), max_length=45, blank=True)
    address = models.CharField(_("shipping address"), max_length=64, blank=True)
    is_first_order = models.BooleanField(_("for new buyers"), default=False)
    refused = models.CharField(_("refused because of"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("deed")
        verbose_name_plural = _("deeds")
        indexes = [
            models.Index(fields=["device", "deed", "-at"], name="deed_by_device"),
            models.Index(fields=["ip", "deed", "-at"], name="deed_by_ip"),
            models.Index(fields=["address", "deed", "-at"], name="deed_by_address"),
            models.Index(fields=["member", "deed", "-at"], name="deed_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.deed} {self.subject}"
