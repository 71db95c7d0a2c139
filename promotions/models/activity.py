"""What activities (flash sale, group buy, bargain, presale) share: goods with a quota of their own,
pieces held for orders, and how many pieces a member has taken. Source: P-19, P-31, P-32, P-34.

An activity itself is a `Campaign` row; these are its goods and what became of them.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField, LockableQuerySet


class ActivityItemQuerySet(LockableQuerySet):
    def with_left(self, pieces: int) -> "ActivityItemQuerySet":
        """Goods of which so many pieces of the quota are left."""
        return self.filter(taken__lte=F("quota") - pieces)


class ActivityItem(models.Model):
    """One SKU in one activity. ``taken`` never passes ``quota``, by constraint (INV-18)."""

    campaign = models.ForeignKey(
        "promotions.Campaign", models.CASCADE, related_name="items", verbose_name=_("activity")
    )
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name=_("SKU"))
    price_fen = FenField(_("activity price"), help_text=_("Of one piece."))
    quota = models.PositiveIntegerField(_("quota"), help_text=_("Pieces sold in this activity."))
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)
    per_member = models.PositiveSmallIntegerField(
        _("per member"), default=1, help_text=_("Pieces that one member may take.")
    )
    deposit_fen = FenField(_("deposit"), null=True, blank=True, help_text=_("Presale only."))
    worth_fen = FenField(
        _("deposit counts as"), null=True, blank=True, help_text=_("At the balance; presale only.")
    )
    floor_fen = FenField(
        _("lowest price"), null=True, blank=True, help_text=_("What bargaining can reach.")
    )

    objects = ActivityItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("goods of an activity")
        verbose_name_plural = _("goods of activities")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "sku"], name="activity_item_once"),
            models.CheckConstraint(
                condition=Q(taken__lte=F("quota")), name="activity_taken_lte_quota"
            ),
            models.CheckConstraint(
                condition=Q(price_fen__gt=0, per_member__gt=0), name="activity_item_positive"
            ),
            models.CheckConstraint(
                condition=Q(deposit_fen__isnull=True, worth_fen__isnull=True)
                | Q(
                    deposit_fen__gt=0,
                    worth_fen__gte=F("deposit_fen"),
                    worth_fen__lt=F("price_fen"),
                ),
                name="activity_deposit_in_order",
            ),
            models.CheckConstraint(
                condition=Q(floor_fen__isnull=True)
                | Q(floor_fen__gt=0, floor_fen__lt=F("price_fen")),
                name="activity_floor_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} @ {self.campaign_id}"

    @property
    def total_fen(self) -> int:
        """What one piece costs in all: a presale's deposit counts as more than it is."""
        return self.price_fen - ((self.worth_fen or 0) - (self.deposit_fen or 0))

    @property
    def balance_fen(self) -> int:
        """What a presale leaves to pay of one piece once the deposit is paid."""
        return self.total_fen - (self.deposit_fen or 0)

    @property
    def left(self) -> int:
        """Pieces of the quota that can still be taken."""
        return self.quota - self.taken


class OfferHoldQuerySet(LockableQuerySet):
    def standing(self) -> "OfferHoldQuerySet":
        """Holds that still count against the quota."""
        return self.exclude(state=OfferHold.State.FREED)


class OfferHold(models.Model):
    """The pieces of an activity that one order holds: ``held`` -> ``confirmed`` when paid, or
    ``freed`` when it closes. ``attempt`` is 2 when late money revives the order."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        CONFIRMED = "confirmed", _("confirmed")
        FREED = "freed", _("freed")

    order_number = models.CharField(_("order"), max_length=32)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    item = models.ForeignKey(
        ActivityItem, models.PROTECT, related_name="holds", verbose_name=_("goods")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("member")
    )
    reference = models.CharField(
        _("reference"), max_length=40, blank=True, help_text=_("The team, or the bargain.")
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.HELD)
    held_at = models.DateTimeField(_("held at"))
    changed_at = models.DateTimeField(_("changed at"))

    objects = OfferHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("pieces held of an activity")
        verbose_name_plural = _("pieces held of activities")
        indexes = [models.Index(fields=["item", "member"], name="offer_hold_of_member")]
        constraints = [
            models.UniqueConstraint(
                fields=["order_number", "attempt"], name="offer_hold_once_per_order"
            ),
            models.CheckConstraint(condition=Q(pieces__gt=0), name="offer_hold_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.order_number}: {self.pieces}"


class MemberTake(models.Model):
    """How many pieces of an activity's goods one member has, over all orders that are not closed.

    ``most`` is the limit that held when it was last counted up.
    """

    item = models.ForeignKey(ActivityItem, models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    pieces = models.PositiveIntegerField(default=0)
    most = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("pieces taken by a member")
        verbose_name_plural = _("pieces taken by members")
        constraints = [
            models.UniqueConstraint(fields=["item", "member"], name="member_take_once"),
            models.CheckConstraint(
                condition=Q(pieces__lte=F("most")), name="member_take_within_limit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.pieces}"
