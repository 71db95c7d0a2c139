"""A shopper. Source: requirements M-01, M-07."""

import secrets

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField, LockableQuerySet, refuse_unsafe_text


def new_invite_code() -> str:
    """Eight unguessable letters and digits."""
    return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _n in range(8))


class Member(models.Model):
    """A shopper's own row: what the shop knows and owes; the account only signs in."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="member", verbose_name=_("account")
    )
    nickname = models.CharField(
        _("nickname"), max_length=40, validators=[MinLengthValidator(1), refuse_unsafe_text]
    )
    avatar = models.CharField(_("avatar"), max_length=200, blank=True)
    tier = models.ForeignKey(
        "members.Tier", models.PROTECT, related_name="members", verbose_name=_("tier")
    )
    growth_fen = FenField(
        _("growth"),
        default=0,
        help_text=_("Fen received plus task growth in the window; counts towards a tier."),
    )
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    invite_code = models.CharField(
        _("invite code"), max_length=8, unique=True, default=new_invite_code
    )
    invited_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="invited",
        verbose_name=_("invited by"),
    )
    keeps_history = models.BooleanField(
        _("keeps viewed products"), default=True, help_text=_("Off: nothing more is written down.")
    )
    joined_at = models.DateTimeField(_("joined at"), db_index=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(growth_fen__gte=0), name="member_growth_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.nickname
