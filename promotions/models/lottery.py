"""The draw: prizes with odds and quotas, chances a day, every result kept. Source: INV-22, M-32.

The odds are the weights; a prize that is gone counts as the blank, and the published table says so.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet
from mall.kernel.words import localized


class LotteryQuerySet(LockableQuerySet):
    def open_at(self, at: object) -> Self:
        """Lotteries in which one can draw at ``at``."""
        return self.filter(status=Lottery.Status.LIVE, starts_at__lte=at, ends_at__gt=at)


class Lottery(models.Model):
    """One lottery: its time, what a draw costs, how many draws a day."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        LIVE = "live", _("live")
        PAUSED = "paused", _("paused")

    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    cost_points = models.PositiveIntegerField(
        _("points for a draw"), default=0, help_text=_("0: a draw is free.")
    )
    draws_a_day = models.PositiveSmallIntegerField(
        _("draws a day"), default=1, help_text=_("Of one member.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = LotteryQuerySet.as_manager()

    class Meta:
        verbose_name = _("lottery")
        verbose_name_plural = _("lotteries")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="lottery_window_in_order"
            ),
            models.CheckConstraint(condition=Q(draws_a_day__gt=0), name="lottery_has_draws"),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


class PrizeQuerySet(LockableQuerySet):
    def with_left(self) -> Self:
        """Prizes of which a piece is left; of the blank there always is."""
        return self.filter(Q(quota=None) | Q(awarded__lt=F("quota")))


class Prize(models.Model):
    """What can be drawn. ``awarded`` never passes ``quota``, by constraint."""

    class Kind(models.TextChoices):
        NOTHING = "nothing", _("nothing this time")
        COUPON = "coupon", _("coupon")
        POINTS = "points", _("points")
        WALLET = "wallet", _("money in the wallet")

    lottery = models.ForeignKey(
        Lottery, models.CASCADE, related_name="prizes", verbose_name=_("lottery")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    weight = models.PositiveIntegerField(
        _("weight"), help_text=_("Its odds are its weight over the sum of all weights.")
    )
    quota = models.PositiveIntegerField(
        _("quota"), null=True, blank=True, help_text=_("Pieces; empty for the blank only.")
    )
    awarded = models.PositiveIntegerField(_("awarded"), default=0, editable=False)
    coupon = models.ForeignKey(
        "promotions.Coupon",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("coupon"),
    )
    points = models.PositiveIntegerField(_("points"), default=0)
    amount_fen = FenField(_("amount"), default=0, help_text=_("Into the wallet, in yuan."))

    objects = PrizeQuerySet.as_manager()

    class Meta:
        verbose_name = _("prize")
        verbose_name_plural = _("prizes")
        ordering = ["lottery", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lottery"], condition=Q(kind="nothing"), name="lottery_has_one_blank"
            ),
            models.CheckConstraint(
                condition=Q(awarded__lte=F("quota")) | Q(quota=None), name="prize_within_quota"
            ),
            models.CheckConstraint(
                condition=Q(kind="nothing", quota=None) | (~Q(kind="nothing") & ~Q(quota=None)),
                name="prize_but_the_blank_has_quota",
            ),
            models.CheckConstraint(
                condition=Q(kind="nothing")
                | Q(kind="coupon", coupon__isnull=False)
                | Q(kind="points", points__gt=0)
                | Q(kind="wallet", amount_fen__gt=0),
                name="prize_has_its_value",
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    @property
    def left(self) -> int | None:
        """Pieces left; None for the blank."""
        return None if self.quota is None else self.quota - self.awarded


class DrawDay(models.Model):
    """How many draws of a member's day are used: the counter that stops at the limit."""

    lottery = models.ForeignKey(Lottery, models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    used = models.PositiveSmallIntegerField(_("used"), default=0)

    class Meta:
        verbose_name = _("draws of a day")
        verbose_name_plural = _("draws of days")
        constraints = [
            models.UniqueConstraint(fields=["lottery", "member", "day"], name="draw_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.used}"


class Draw(models.Model):
    """One draw and what came of it. Append-only."""

    number = models.CharField(_("number"), max_length=32, unique=True)
    lottery = models.ForeignKey(
        Lottery, models.PROTECT, related_name="draws", verbose_name=_("lottery")
    )
    version = models.PositiveIntegerField(
        _("version"), help_text=_("Of the odds it was drawn with.")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("member")
    )
    day = models.DateField(_("day"))
    chance_no = models.PositiveSmallIntegerField(pgettext_lazy("which draw of the day", "number"))
    prize = models.ForeignKey(Prize, models.PROTECT, related_name="draws", verbose_name=_("prize"))
    missed = models.ForeignKey(
        Prize,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("drawn but gone"),
    )
    cost_points = models.PositiveIntegerField(_("points paid"), default=0)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        indexes = [models.Index(fields=["member", "-id"], name="draws_of_member")]
        constraints = [
            models.UniqueConstraint(
                fields=["lottery", "member", "day", "chance_no"], name="draw_once_per_chance"
            ),
        ]

    def __str__(self) -> str:
        return self.number
