"""Parts of an order that somebody else ships: a supplier, or a cloud warehouse.

Source: requirements O-28, I-23.
"""

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet, refuse_unsafe_text


class ForwardRoute(models.Model):
    """How one warehouse that is not run by us learns of orders."""

    class Adapter(models.TextChoices):
        PORTAL = "portal", _("this console")
        CSV = "csv", _("files")
        API = "api", _("the supplier's interface")
        WMS = "wms", _("the interface of a cloud warehouse")

    REMOTE = (Adapter.API, Adapter.WMS)

    warehouse = models.OneToOneField(
        "inventory.Warehouse",
        models.PROTECT,
        related_name="forward_route",
        limit_choices_to={"kind__in": ["supplier", "cloud"]},
        verbose_name=_("warehouse"),
    )
    adapter = models.CharField(
        pgettext_lazy("drop-shipping", "told by"),
        max_length=10,
        choices=Adapter,
        default=Adapter.PORTAL,
    )
    url = models.CharField(
        _("address of the interface"),
        max_length=200,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("HTTPS; our paths are put behind it."),
    )
    key_id = models.CharField(
        pgettext_lazy("secret", "key"), max_length=24, blank=True, editable=False
    )
    secret_hash = models.CharField(_("hash"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("way to a shipping partner")
        verbose_name_plural = _("ways to shipping partners")
        ordering = ["warehouse"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(adapter__in=["api", "wms"]) | ~Q(url=""),
                name="forward_route_has_address",
                violation_error_message=_("An interface has an address."),
            ),
            models.UniqueConstraint(
                fields=["key_id"], condition=~Q(key_id=""), name="forward_route_key_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warehouse}: {self.get_adapter_display()}"


class DropshipPolicy(models.Model):
    """When somebody is told that a partner does not answer; one row."""

    tries = models.PositiveSmallIntegerField(
        _("tries before an alarm"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("Sending goes on after it, each time later, up to an hour apart."),
    )
    answer_hours = models.PositiveSmallIntegerField(
        _("hours to accept"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
        help_text=_("A sub-order nobody has accepted by then becomes a task."),
    )

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules of drop-shipping")
        verbose_name_plural = _("rules of drop-shipping")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="dropship_policy_one_row"),
            models.CheckConstraint(
                condition=Q(tries__gte=1, answer_hours__gte=1), name="dropship_policy_positive"
            ),
        ]

    def __str__(self) -> str:
        return str(_("rules of drop-shipping"))


class SubOrderQuerySet(LockableQuerySet):
    def live(self) -> "SubOrderQuerySet":
        """Those whose goods the partner still has to send."""
        return self.filter(state__in=SubOrder.LIVE)


class SubOrder(models.Model):
    """What one partner ships of one order: its reservations in that warehouse.

    ``next_at`` is when something is to be told next: the order while it is pending, that it is
    called back once it is cancelled; empty when nothing is.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("to be sent")
        SENT = "sent", pgettext_lazy("sub-order", "sent to the partner")
        ACCEPTED = "accepted", _("accepted")
        SHIPPED = "shipped", _("shipped")
        REFUSED = "refused", _("refused")
        CANCELLED = "cancelled", _("called back")

    LIVE = (State.PENDING, State.SENT, State.ACCEPTED)

    number = models.CharField(_("number"), max_length=32, unique=True)
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="sub_orders", verbose_name=_("order")
    )
    warehouse = models.ForeignKey(
        "inventory.Warehouse",
        models.PROTECT,
        related_name="sub_orders",
        verbose_name=_("warehouse"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    shipment = models.ForeignKey(
        "orders.Shipment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sub_orders",
        verbose_name=_("shipment"),
    )
    reason = models.CharField(
        _("the partner's words"), max_length=200, blank=True, validators=[refuse_unsafe_text]
    )
    outside_no = models.CharField(
        _("the partner's number"), max_length=64, blank=True, validators=[refuse_unsafe_text]
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("made at"))
    told_at = models.DateTimeField(
        _("first told at"),
        null=True,
        blank=True,
        help_text=_("From then on the partner may know of it, whatever came back."),
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("over since"), null=True, blank=True)
    due_at = models.DateTimeField(
        _("to be shipped by"), null=True, blank=True, help_text=_("The hours agreed with it.")
    )
    is_late = models.BooleanField(_("shipped too late"), default=False)

    objects = SubOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("sub-order")
        verbose_name_plural = _("sub-orders")
        permissions = [
            ("forward_suborder", _("Takes sub-orders with their addresses out as files")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "warehouse"],
                condition=Q(state__in=["pending", "sent", "accepted"]),
                name="sub_order_one_live_per_warehouse",
            ),
            models.CheckConstraint(
                condition=Q(state="shipped", shipment__isnull=False)
                | (~Q(state="shipped") & Q(shipment=None)),
                name="sub_order_shipped_has_shipment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"], name="sub_order_due", condition=Q(next_at__isnull=False)
            ),
            models.Index(fields=["warehouse", "state"], name="sub_order_of_warehouse"),
            models.Index(fields=["-created_at", "-id"], name="sub_order_newest"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_live(self) -> bool:
        """True while the partner still has to send it."""
        return self.state in self.LIVE


class SubOrderLine(models.Model):
    """Pieces of one order line that the partner ships, and what one costs us."""

    sub_order = models.ForeignKey(
        SubOrder, models.CASCADE, related_name="lines", verbose_name=_("sub-order")
    )
    line = models.ForeignKey(
        "orders.OrderLine", models.PROTECT, related_name="+", verbose_name=_("order line")
    )
    quantity = models.PositiveIntegerField(_("pieces"))
    outside_code = models.CharField(_("its own code"), max_length=60, blank=True)
    cost_fen = FenField(
        _("cost"), default=0, help_text=_("Of one piece, as agreed when it was ordered.")
    )

    class Meta:
        verbose_name = _("line of a sub-order")
        verbose_name_plural = _("lines of sub-orders")
        constraints = [
            models.UniqueConstraint(fields=["sub_order", "line"], name="sub_order_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="sub_order_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} x {self.quantity}"


class PartnerReport(models.Model):
    """One word of a partner about a sub-order, as it came, with what became of it. Append-only."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("applied")
        REPEATED = "repeated", _("known already")
        REFUSED = "refused", _("refused")

    warehouse = models.ForeignKey(
        "inventory.Warehouse", models.PROTECT, related_name="+", verbose_name=_("warehouse")
    )
    sub_order = models.ForeignKey(
        SubOrder, models.PROTECT, null=True, related_name="reports", verbose_name=_("sub-order")
    )
    number = models.CharField(_("number"), max_length=64)
    body = models.TextField(_("body"))
    outcome = models.CharField(pgettext_lazy("report", "outcome"), max_length=10, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("partner's report")
        verbose_name_plural = _("partners' reports")
        indexes = [models.Index(fields=["-received_at"], name="partner_report_newest")]

    def __str__(self) -> str:
        return f"{self.number} {self.get_outcome_display()}"
