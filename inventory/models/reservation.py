"""Pieces promised to one line of one order, or set aside for an activity, in one warehouse.

Source: INV-04, INV-05; requirement I-12.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class Source(models.TextChoices):
    """Who a reservation belongs to."""

    ORDER = "order", _("order")
    ACTIVITY = "activity", _("activity")


class ReservationQuerySet(LockableQuerySet):
    def of_source(
        self, source_type: str, source_id: str | models.OuterRef
    ) -> "ReservationQuerySet":
        """Those of one order or activity, or of the one that an outer query is at."""
        return self.filter(source_type=source_type, source_id=source_id)

    def open(self) -> "ReservationQuerySet":
        """Reservations that still hold pieces."""
        return self.filter(quantity__gt=F("consumed") + F("released") + F("lent"))

    def with_places(self) -> "ReservationQuerySet":
        """With the ``warehouse_id`` where the pieces lie, and their ``sku_id``."""
        return self.annotate(warehouse_id=F("item__warehouse_id"), sku_id=F("item__sku_id"))


class Reservation(models.Model):
    """Each piece of ``quantity`` is consumed or released once; what is neither is held.

    An activity's pieces go over to the reservations of its orders: ``lent`` counts them here, and
    theirs name this row as their ``lender``. Pieces that come back are lent no more.
    """

    Source = Source

    item = models.ForeignKey(
        "inventory.StockItem", models.PROTECT, related_name="reservations", verbose_name=_("stock")
    )
    source_type = models.CharField(_("source"), max_length=20, choices=Source, default=Source.ORDER)
    source_id = models.CharField(
        _("source id"), max_length=64, help_text=_("Order number, or the activity's.")
    )
    attempt = models.PositiveSmallIntegerField(
        _("attempt"),
        default=1,
        help_text=_("2 when late money revives a closed order, or an activity is locked again."),
    )
    line_key = models.CharField(_("line"), max_length=20)
    quantity = models.PositiveIntegerField(_("pieces"))
    pieces_each = models.PositiveSmallIntegerField(
        _("pieces in each bundle"),
        default=1,
        db_default=1,
        help_text=_("What one piece of the line takes of this stock; 1 but for parts of bundles."),
    )
    consumed = models.PositiveIntegerField(_("shipped"), default=0)
    released = models.PositiveIntegerField(_("released"), default=0)
    lent = models.PositiveIntegerField(
        _("sold"), default=0, help_text=_("Pieces of an activity that its orders hold.")
    )
    lender = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="borrowers",
        verbose_name=_("from the activity"),
    )
    reserved_at = models.DateTimeField(_("reserved at"))

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        indexes = [models.Index(fields=["source_type", "source_id"], name="reservation_of_source")]
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id", "attempt", "line_key", "item"],
                name="reservation_once_per_line",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_positive"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("consumed") + F("released") + F("lent")),
                name="reservation_spent_once",
            ),
            models.CheckConstraint(
                condition=Q(lent=0) | Q(source_type=Source.ACTIVITY),
                name="reservation_lent_by_activities",
            ),
            models.CheckConstraint(
                condition=Q(pieces_each=1)
                | Q(
                    Exact(F("quantity") % F("pieces_each"), 0),
                    Exact(F("consumed") % F("pieces_each"), 0),
                    Exact(F("released") % F("pieces_each"), 0),
                    pieces_each__gt=1,
                ),
                name="reservation_whole_bundles",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.quantity}"

    @property
    def held(self) -> int:
        """Pieces neither shipped nor released yet, nor gone over to an order."""
        return self.quantity - self.consumed - self.released - self.lent

    @property
    def held_units(self) -> int:
        """Pieces of the line that it still stands for: of a part, whole bundles."""
        return self.held // self.pieces_each
