"""每单捐赠1元: what the shop gives of each paid order. Source: requirements O-31, P-38."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField, LockableQuerySet

DONATIONS, CHARITY = "donations", "charity"
"""Accounts of the book: what is owed to the cause, and what it costs the shop."""


class CharitySettings(models.Model):
    """What is given, and for what; one row."""

    is_on = models.BooleanField(_("give of every paid order"), default=False)
    amount_fen = FenField(
        _("for each order"), default=100, min_fen=1, help_text=_("In yuan, from the shop.")
    )
    cause_zh = models.CharField(_("cause (Chinese)"), max_length=60, default="公益捐赠")
    cause_en = models.CharField(_("cause (English)"), max_length=80, default="Charity")
    about_zh = models.TextField(_("about it (Chinese)"), max_length=1000, blank=True, default="")
    about_en = models.TextField(_("about it (English)"), max_length=1000, blank=True, default="")

    class Meta:
        verbose_name = _("charity")
        verbose_name_plural = _("charity")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="charity_settings_one_row"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="charity_gives_something"),
        ]

    def __str__(self) -> str:
        return self.cause_zh


class Donation(models.Model):
    """What was given of one order; taken back when its money went back whole."""

    order = models.OneToOneField(
        "orders.Order", models.PROTECT, related_name="donation", verbose_name=_("order")
    )
    amount_fen = FenField(_("amount"), min_fen=1)
    given_at = models.DateTimeField(_("given at"))
    reversed_at = models.DateTimeField(_("taken back at"), null=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="donation_of_something"),
        ]

    def __str__(self) -> str:
        return str(self.order)
