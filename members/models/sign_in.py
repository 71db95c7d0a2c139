"""Where an account is signed in, and where somebody tried and failed. Source: ATK-52 to ATK-54."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SignInQuerySet(models.QuerySet["SignIn"]):
    def alive(self) -> "SignInQuerySet":
        return self.filter(ended_at=None)


class SignIn(models.Model):
    """One device on which an account is signed in: a web session or a pair of tokens."""

    class Door(models.TextChoices):
        WEB = "web", _("web")
        API = "api", _("app")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins", verbose_name=_("account")
    )
    door = models.CharField(_("door"), max_length=3, choices=Door)
    handle = models.CharField(
        _("handle"),
        max_length=40,
        help_text=_("Key of the web session, or id of the one live refresh token."),
    )
    device = models.CharField(_("device"), max_length=120, blank=True)
    client_ip = models.GenericIPAddressField(pgettext_lazy("network", "address"), null=True)
    began_at = models.DateTimeField(_("began at"))
    seen_at = models.DateTimeField(_("last seen at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        indexes = [
            models.Index(
                fields=["account", "-seen_at"], name="sign_in_alive", condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.began_at:%Y-%m-%d %H:%M}"


class FailedSignIn(models.Model):
    """One wrong password. Counted per phone and per address, whether or not the phone is known."""

    phone = models.CharField(_("phone"), max_length=11)
    client_ip = models.GenericIPAddressField(pgettext_lazy("network", "address"), null=True)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")
        indexes = [
            models.Index(fields=["phone", "-at"], name="failed_of_phone"),
            models.Index(fields=["client_ip", "-at"], name="failed_of_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
