"""砍价: a member starts, friends cut the price down to its floor. Source: requirement P-34.

The sum of the cuts is the start's ``cut_fen``; with the last of them the floor is reached, by
constraint.
"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField, LockableQuerySet
from promotions.models.activity import ActivityItem


class BargainStartQuerySet(LockableQuerySet):
    def standing(self) -> Self:
        """Starts that were neither bought nor given up: one a member and SKU."""
        return self.filter(state__in=BargainStart.STANDING)

    def cutting_at(self, at: datetime) -> Self:
        """Starts that can be helped, or ordered, at ``at``."""
        return self.filter(state=BargainStart.State.CUTTING, ends_at__gt=at)


class BargainStart(models.Model):
    """One member's bargain over one SKU: its prices as they were when it began."""

    class State(models.TextChoices):
        CUTTING = "cutting", _("being cut")
        ORDERED = "ordered", _("ordered")
        BOUGHT = "bought", _("bought")
        OVER = "over", _("over")

    STANDING = (State.CUTTING, State.ORDERED)

    number = models.CharField(_("number"), max_length=32, unique=True)
    item = models.ForeignKey(
        ActivityItem, models.PROTECT, related_name="bargains", verbose_name=_("goods")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("member")
    )
    start_fen = FenField(_("price at the start"))
    floor_fen = FenField(_("lowest price"))
    cut_fen = FenField(_("cut so far"), default=0)
    helps = models.PositiveSmallIntegerField(_("helps"), default=0)
    most_helps = models.PositiveSmallIntegerField(
        _("helps needed"), help_text=_("With the last of them the floor is reached.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CUTTING)
    started_at = models.DateTimeField(_("started at"))
    ends_at = models.DateTimeField(_("ends at"))

    objects = BargainStartQuerySet.as_manager()

    class Meta:
        verbose_name = _("bargain of a member")
        verbose_name_plural = _("bargains of members")
        indexes = [models.Index(fields=["member", "-id"], name="bargain_of_member")]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "member"],
                condition=Q(state__in=["cutting", "ordered"]),
                name="bargain_one_standing_a_member",
            ),
            models.CheckConstraint(
                condition=Q(floor_fen__gt=0, cut_fen__gte=0)
                & Q(start_fen__gte=F("floor_fen") + F("most_helps"))
                & Q(cut_fen__lte=F("start_fen") - F("floor_fen")),
                name="bargain_never_below_floor",
            ),
            models.CheckConstraint(
                condition=Q(helps__lte=F("most_helps"), most_helps__gt=0)
                & (Q(helps__lt=F("most_helps")) | Q(cut_fen=F("start_fen") - F("floor_fen"))),
                name="bargain_last_help_reaches_floor",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("started_at")), name="bargain_window_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def price_fen(self) -> int:
        """What one piece costs now."""
        return self.start_fen - self.cut_fen

    @property
    def is_cut(self) -> bool:
        """The floor is reached."""
        return self.helps == self.most_helps

    def is_on(self, at: datetime) -> bool:
        """It can be ordered, and helped while the floor is not reached."""
        return self.state == self.State.CUTTING and at < self.ends_at

    def state_at(self, at: datetime) -> str:
        """The state as the clock has it."""
        is_over = self.state == self.State.CUTTING and at >= self.ends_at
        return str(self.State.OVER if is_over else self.state)


class BargainHelp(models.Model):
    """One friend's cut. Append-only; once a friend and start, by constraint."""

    start = models.ForeignKey(
        BargainStart, models.PROTECT, related_name="cuts", verbose_name=_("bargain")
    )
    helper = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("helper")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    cut_fen = FenField(_("cut"), min_fen=1)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("help with a bargain")
        verbose_name_plural = _("helps with bargains")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["start", "helper"], name="bargain_help_once"),
            models.UniqueConstraint(fields=["start", "position"], name="bargain_help_position"),
            models.CheckConstraint(condition=Q(cut_fen__gt=0), name="bargain_help_cuts"),
        ]

    def __str__(self) -> str:
        return f"{self.start_id}: {self.cut_fen}"
