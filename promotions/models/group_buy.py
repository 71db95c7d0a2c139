"""拼团: teams of buyers and their seats. Source: requirements P-32, P-33; design.md, section 5.

Whether a team still takes buyers is told by ``state`` and the clock together, never by a job.
"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import LockableQuerySet
from promotions.models.activity import ActivityItem, OfferHold


class TeamQuerySet(LockableQuerySet):
    def with_seat(self) -> Self:
        """Teams that one more buyer fits into."""
        return self.filter(state=Team.State.OPEN, seats_taken__lt=F("size"))

    def open_at(self, at: datetime) -> Self:
        """Teams still waiting for buyers, their time not over."""
        return self.filter(state=Team.State.OPEN, ends_at__gt=at)

    def joinable_at(self, at: datetime) -> Self:
        """Open teams with a free seat that somebody has already paid for."""
        return self.open_at(at).with_seat().filter(seats_paid__gt=0)

    def due_at(self, at: datetime) -> Self:
        """Teams whose time is over without success, still to be told."""
        return self.filter(state=Team.State.OPEN, ends_at__lte=at)


class Team(models.Model):
    """Buyers of one SKU who get the team's price together, or their money back.

    ``seats_taken`` never passes ``size``, by constraint; a seat is taken when an order is placed
    and counts for success when it is paid.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waiting for buyers")
        SUCCEEDED = "succeeded", _("complete")
        FAILED = "failed", _("not complete in time")

    number = models.CharField(_("number"), max_length=32, unique=True)
    item = models.ForeignKey(
        ActivityItem, models.PROTECT, related_name="teams", verbose_name=_("goods")
    )
    opener = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    size = models.PositiveSmallIntegerField(
        pgettext_lazy("team", "size"), help_text=_("Buyers it takes.")
    )
    seats_taken = models.PositiveSmallIntegerField(_("seats taken"), default=0)
    seats_paid = models.PositiveSmallIntegerField(_("seats paid"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened at"))
    ends_at = models.DateTimeField(_("ends at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        indexes = [
            models.Index(fields=["item", "ends_at"], name="team_open", condition=Q(state="open")),
            models.Index(fields=["ends_at"], name="team_due", condition=Q(state="open")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(seats_paid__lte=F("seats_taken"), seats_taken__lte=F("size")),
                name="team_seats_lte_size",
            ),
            models.CheckConstraint(
                condition=~Q(state="succeeded") | Q(seats_paid=F("size")),
                name="team_succeeds_complete",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True)
                | Q(state__in=["succeeded", "failed"], ended_at__isnull=False),
                name="team_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(size__gte=2, ends_at__gt=F("opened_at")), name="team_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def missing(self) -> int:
        """Buyers that still have to pay."""
        return self.size - self.seats_paid

    def waits_at(self, at: datetime) -> bool:
        """It can still be completed."""
        return self.state == self.State.OPEN and at < self.ends_at

    def state_at(self, at: datetime) -> str:
        """The state as the clock has it: a time-out need not have been noticed."""
        is_over = self.state == self.State.OPEN and at >= self.ends_at
        return str(self.State.FAILED if is_over else self.state)


class TeamSeat(models.Model):
    """One member's place in a team, held by an order. An order that closes in time gives it back;
    when the team has ended the seats stay as they were."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="seats", verbose_name=_("team"))
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("member")
    )
    hold = models.OneToOneField(
        OfferHold, models.PROTECT, related_name="seat", verbose_name=_("pieces held")
    )
    taken_at = models.DateTimeField(_("taken at"))
    paid_at = models.DateTimeField(_("paid at"), null=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat of a team")
        verbose_name_plural = _("seats of teams")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "member"], name="team_one_seat_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id}: {self.member_id}"
