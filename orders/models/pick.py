"""The floor of a warehouse: lists to pick by, and which orders are packed there.

Source: requirements O-17, O-21, O-25.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import LockableQuerySet


class PickList(models.Model):
    """Orders that are picked in one walk through one warehouse."""

    number = models.CharField(_("number"), max_length=32, unique=True)
    warehouse = models.ForeignKey(
        "inventory.Warehouse", models.PROTECT, related_name="+", verbose_name=_("warehouse")
    )
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )

    class Meta:
        verbose_name = _("pick list")
        verbose_name_plural = _("pick lists")
        indexes = [models.Index(fields=["warehouse", "-made_at"], name="pick_list_newest")]

    def __str__(self) -> str:
        return self.number


class Packing(models.Model):
    """The goods of one order in one warehouse: on which list they are, when they were packed."""

    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="packings", verbose_name=_("order")
    )
    warehouse = models.ForeignKey(
        "inventory.Warehouse", models.PROTECT, related_name="+", verbose_name=_("warehouse")
    )
    pick_list = models.ForeignKey(
        PickList,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="packings",
        verbose_name=_("pick list"),
    )
    packed_at = models.DateTimeField(_("packed at"), null=True, blank=True)
    packed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("warehouse", "packing")
        verbose_name_plural = pgettext_lazy("warehouse", "packings")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "warehouse"], name="packing_once_per_warehouse"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} @ {self.warehouse_id}"


class FulfilmentPolicy(models.Model):
    """How fast the house wants to be, and when somebody is told that it is not; one row."""

    priority_rank = models.PositiveSmallIntegerField(
        _("priority from tier"), default=3, help_text=_("Rank of the tier: 3 is gold.")
    )
    late_hours = models.PositiveSmallIntegerField(
        _("late when not shipped after"), default=48, help_text=_("Hours since it was paid.")
    )
    stalled_hours = models.PositiveSmallIntegerField(
        _("parcel stands still after"), default=24, help_text=_("Hours without news.")
    )
    remind_hours = models.PositiveSmallIntegerField(
        _("remind again after"), default=24, help_text=_("Hours between two reminders to pay.")
    )
    check_hours = models.PositiveSmallIntegerField(_("target: paid to checked, hours"), default=2)
    pack_hours = models.PositiveSmallIntegerField(_("target: checked to packed, hours"), default=12)
    ship_hours = models.PositiveSmallIntegerField(_("target: packed to shipped, hours"), default=10)
    sign_hours = models.PositiveSmallIntegerField(_("target: shipped to signed, hours"), default=72)
    pay_minutes = models.PositiveSmallIntegerField(
        _("unpaid orders close after"),
        default=30,
        db_default=30,
        help_text=_("Minutes; activities may be quicker."),
    )
    receive_days = models.PositiveSmallIntegerField(
        _("received at the latest after shipping"), default=15, db_default=15, help_text=_("Days.")
    )
    signed_days = models.PositiveSmallIntegerField(
        _("received at the latest after signing"), default=10, db_default=10, help_text=_("Days.")
    )
    complete_days = models.PositiveSmallIntegerField(
        _("completed after receipt"),
        default=7,
        db_default=7,
        help_text=_("Days; then commission and cash-back are released."),
    )
    rest_hours = models.PositiveSmallIntegerField(
        _("a finished task stays finished for"),
        default=24,
        db_default=24,
        help_text=_("Hours before the same cause is a task again."),
    )

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("targets of fulfilment")
        verbose_name_plural = _("targets of fulfilment")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="fulfilment_policy_one_row"),
            models.CheckConstraint(
                condition=Q(late_hours__gt=0, stalled_hours__gt=0, remind_hours__gt=0),
                name="fulfilment_policy_in_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    pay_minutes__range=(5, 1_440),
                    receive_days__range=(1, 60),
                    signed_days__range=(1, 30),
                    complete_days__range=(1, 30),
                ),
                name="fulfilment_policy_times",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class PaymentReminder(models.Model):
    """An operator asked a buyer to pay. Append-only."""

    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="reminders", verbose_name=_("order")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reminder to pay")
        verbose_name_plural = _("reminders to pay")
        indexes = [models.Index(fields=["order", "-at"], name="payment_reminder_latest")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.at}"
