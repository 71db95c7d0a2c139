"""How orders find their warehouse, and what was decided for each. Source: O-29, O-52, I-16."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import SafeJSONField

MOST_PARCELS = 5


class RoutingPolicy(models.Model):
    """What counts when a warehouse is chosen; one row, and the defaults hold until it is saved."""

    class Prefer(models.TextChoices):
        NEAREST = "nearest", _("the nearest warehouse")
        PRIORITY = "priority", _("the warehouse's priority")
        CHEAPEST = "cheapest", _("the cheapest parcel")
        FASTEST = "fastest", _("the earliest promise")

    prefer = models.CharField(
        pgettext_lazy("routing", "first of all"),
        max_length=10,
        choices=Prefer,
        default=Prefer.NEAREST,
        help_text=_("Among warehouses that serve the region equally well."),
    )
    whole_order_first = models.BooleanField(
        _("one parcel before the nearest"),
        default=True,
        help_text=_("A warehouse that has the whole order goes before nearer ones with a part."),
    )
    max_parcels = models.PositiveSmallIntegerField(
        _("most parcels of an order"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PARCELS)],
        help_text=_("Goods that lie in more warehouses are not sold in one order."),
    )
    promise_hours = models.PositiveSmallIntegerField(
        _("hours to other places"),
        default=72,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
        help_text=_("Promised where neither same-day nor next-day delivery holds."),
    )

    class Meta:
        verbose_name = _("routing policy")
        verbose_name_plural = _("routing policy")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="routing_policy_one_row"),
            models.CheckConstraint(
                condition=Q(max_parcels__gte=1, max_parcels__lte=MOST_PARCELS),
                name="routing_policy_parcels",
            ),
            models.CheckConstraint(
                condition=Q(promise_hours__gte=1), name="routing_policy_hours_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.get_prefer_display()


class PromiseCode(models.TextChoices):
    """When goods arrive, as shoppers are told."""

    SAME_DAY = "same_day", _("arrives today")
    NEXT_DAY = "next_day", _("arrives tomorrow")
    SECOND_DAY = "second_day", _("arrives the day after tomorrow")
    WITHIN_HOURS = "within_hours", _("arrives within hours")


class AllocationLog(models.Model):
    """Which warehouse was chosen for an order, why, and what was promised with it. Append-only.

    The promise holds when the order is paid by ``pay_by``; paid later, ``later_code`` and
    ``later_at`` hold. Hours run from the payment.
    """

    class Stock(models.TextChoices):
        FREE = "free", _("free stock")
        ACTIVITY = "activity", _("an activity's stock")

    order_number = models.CharField(_("order"), max_length=64)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    stock = models.CharField(
        pgettext_lazy("stock", "from"), max_length=10, choices=Stock, default=Stock.FREE
    )
    region_code = models.CharField(_("region"), max_length=9, blank=True, default="")
    warehouse = models.ForeignKey(
        "inventory.Warehouse",
        models.PROTECT,
        related_name="+",
        verbose_name=_("warehouse"),
        help_text=_("Of several, the one whose parcel arrives last."),
    )
    parcels = models.PositiveSmallIntegerField(_("parcels"), default=1)
    promise_code = models.CharField(_("promise"), max_length=12, choices=PromiseCode)
    promised_at = models.DateTimeField(_("promised until"))
    pay_by = models.DateTimeField(_("when paid by"), null=True)
    later_code = models.CharField(
        _("promise when paid later"), max_length=12, choices=PromiseCode, blank=True, default=""
    )
    later_at = models.DateTimeField(_("then promised until"), null=True)
    facts = SafeJSONField(_("reasons"), default=dict)
    at = models.DateTimeField(_("at"))

    Promise = PromiseCode

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        indexes = [models.Index(fields=["warehouse", "-at"], name="allocation_of_warehouse")]
        constraints = [
            models.UniqueConstraint(
                fields=["order_number", "attempt", "stock"], name="allocation_once_per_attempt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_number}#{self.attempt}"
