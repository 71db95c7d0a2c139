"""Who can sign in, and how they prove it. Source: design.md, section 3 (AUTH_USER_MODEL)."""

import unicodedata
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet, refuse_unsafe_text

PHONE = RegexValidator(
    r"^1[3-9][0-9]{9}\Z", _("A mainland phone number has 11 digits and begins with 1.")
)


def normal_password(raw: str | None) -> str | None:
    """One spelling of a password: full-width letters count as the plain ones (ATK-61)."""
    return unicodedata.normalize("NFKC", raw) if raw is not None else None


class AccountManager(BaseUserManager.from_queryset(LockableQuerySet)):  # type: ignore[misc]
    """Makes operators for createsuperuser; shoppers come in by members.services.joining."""

    def create_superuser(self, username: str, password: str, **fields: Any) -> "Account":
        account = self.model(username=username, is_staff=True, is_superuser=True, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser, PermissionsMixin):
    """Anyone who can sign in: a shopper has a Member row, an operator has is_staff and none."""

    phone = models.CharField(
        _("phone"), max_length=11, null=True, blank=True, unique=True, validators=[PHONE]
    )
    username = models.CharField(
        _("username"),
        max_length=40,
        null=True,
        blank=True,
        unique=True,
        validators=[refuse_unsafe_text],
    )
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    is_staff = models.BooleanField(_("operator"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    token_version = models.PositiveIntegerField(
        _("token version"), default=0, help_text=_("Raised to end every session and token at once.")
    )
    joined_at = models.DateTimeField(_("joined at"), auto_now_add=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        permissions = [("see_phone", _("Can see whole phone numbers"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(phone__isnull=False) | Q(username__isnull=False),
                name="account_has_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.username or self.phone_masked

    def set_password(self, raw_password: str | None) -> None:
        """Set a new password; every session and token issued under the old one dies with it."""
        super().set_password(normal_password(raw_password))
        self.token_version += 1

    def check_password(self, raw_password: str | None) -> bool:
        """True when it is the password. Re-hashing with newer parameters ends no session."""

        def rehash(raw: str) -> None:
            self.password = make_password(raw)
            self.save(update_fields=["password"])

        return check_password(normal_password(raw_password), self.password, rehash)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's own check of every web request, with the token version in it (INV-39)."""
        value = f"{self.token_version}:{self.password}"
        return salted_hmac("members.session", value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def phone_masked(self) -> str:
        """138****0001: all that anybody but the owner sees."""
        return f"{self.phone[:3]}****{self.phone[-4:]}" if self.phone else ""


class SmsCode(models.Model):
    """One one-time code: bound to phone and purpose, hashed, five tries, used once (INV-36)."""

    class Purpose(models.TextChoices):
        LOGIN = "login", _("sign in")
        REGISTER = "register", _("register")
        RESET = "reset", _("reset password")
        BIND = "bind", _("bind phone")
        VERIFY = "verify", _("verify")

    MAX_TRIES = 5

    phone = models.CharField(_("phone"), max_length=11, validators=[PHONE])
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    code_hash = models.CharField(_("hash of the code"), max_length=64)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent at"))
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True)
    client_ip = models.GenericIPAddressField(_("asked from"), null=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("SMS code")
        verbose_name_plural = _("SMS codes")
        indexes = [
            models.Index(fields=["phone", "purpose", "-sent_at"], name="sms_code_latest"),
            models.Index(fields=["-sent_at"], name="sms_code_by_time"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(tries__lte=5), name="sms_code_five_tries"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.sent_at:%Y-%m-%d %H:%M}"


class WechatIdentity(models.Model):
    """A WeChat user of one app, bound to an account."""

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="wechat_identities", verbose_name=_("account")
    )
    appid = models.CharField(_("app id"), max_length=32)
    openid = models.CharField(_("open id"), max_length=64)
    bound_at = models.DateTimeField(_("bound at"), auto_now_add=True)

    class Meta:
        verbose_name = _("WeChat identity")
        verbose_name_plural = _("WeChat identities")
        constraints = [
            models.UniqueConstraint(fields=["appid", "openid"], name="wechat_identity_unique"),
            models.UniqueConstraint(
                fields=["account", "appid"], name="wechat_identity_one_per_app"
            ),
        ]

    def __str__(self) -> str:
        return self.openid


class Consent(models.Model):
    """Which version of which document an account agreed to, and when. Append-only."""

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="consents", verbose_name=_("account")
    )
    document = models.CharField(_("document"), max_length=40)
    version = models.CharField(_("version"), max_length=20)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(fields=["account", "document", "version"], name="consent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"
