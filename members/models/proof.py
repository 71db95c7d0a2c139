"""A second factor: what a member has just proved for one deed, and the authenticator app.

Source: requirement O-40.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class ProofQuerySet(LockableQuerySet):
    def good_for(
        self, account_id: int, deed: str, at: datetime, subject: str = ""
    ) -> "ProofQuerySet":
        """Those that still let the account do this deed, and this subject of it, at ``at``."""
        return self.filter(
            account_id=account_id, deed=deed, subject=subject, used_at=None, expires_at__gt=at
        )


class Proof(models.Model):
    """For a short time one account may do one deed: it has shown a code for it."""

    class Deed(models.TextChoices):
        PAY = "pay", _("pay an order")
        WITHDRAW = "withdraw", _("withdraw money")
        CHANGE_PHONE = "change_phone", _("change the phone number")
        ADD_APP = "add_app", _("add an authenticator app")

    class Method(models.TextChoices):
        SMS = "sms", _("text message")
        TOTP = "totp", _("authenticator app")

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="proofs", verbose_name=_("account")
    )
    deed = models.CharField(_("deed"), max_length=15, choices=Deed)
    subject = models.CharField(
        _("about"), max_length=40, blank=True, help_text=_("The order that is paid.")
    )
    method = models.CharField(_("proved by"), max_length=5, choices=Method)
    proved_at = models.DateTimeField(_("proved at"))
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True)

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof of identity")
        verbose_name_plural = _("proofs of identity")
        indexes = [
            models.Index(
                fields=["account", "deed", "-expires_at"],
                name="proof_alive",
                condition=Q(used_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deed} {self.proved_at:%Y-%m-%d %H:%M}"


class Authenticator(models.Model):
    """An app that shows six digits every 30 seconds; its secret is stored sealed."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="authenticator",
        verbose_name=_("account"),
    )
    sealed_secret = models.CharField(_("secret"), max_length=200)
    added_at = models.DateTimeField(_("added at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    last_step = models.BigIntegerField(
        _("last code"), default=0, help_text=_("No code counts twice.")
    )
    tries = models.PositiveSmallIntegerField(_("wrong codes in a row"), default=0)
    locked_until = models.DateTimeField(_("locked until"), null=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")

    def __str__(self) -> str:
        return f"{self.account_id}"
