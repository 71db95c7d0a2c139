"""When too few payments succeed: from where on, and which hours were told. Source: O-38."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import BpField


class PaymentPolicy(models.Model):
    """From where on the success of payments is an alarm; one row."""

    alarm_below_bp = BpField(_("alarm below"), default=8_000)
    least_attempts = models.PositiveSmallIntegerField(
        _("attempts in an hour"),
        default=5,
        help_text=_("A rate of fewer attempts is chance, and raises no alarm."),
    )

    class Meta:
        verbose_name = _("alarm of payments")
        verbose_name_plural = _("alarm of payments")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="payment_policy_one_row"),
            models.CheckConstraint(
                condition=Q(
                    least_attempts__gt=0, alarm_below_bp__gte=0, alarm_below_bp__lte=10_000
                ),
                name="payment_policy_in_range",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Alarm of payments"))


class PaymentAlarm(models.Model):
    """One hour of one channel in which too few payments succeeded. Append-only."""

    provider = models.CharField(_("provider"), max_length=15)
    hour = models.DateTimeField(_("hour"))
    attempts = models.PositiveIntegerField(_("attempts"))
    paid = models.PositiveIntegerField(_("paid"))
    raised_at = models.DateTimeField(_("raised at"))

    class Meta:
        verbose_name = _("payment alarm")
        verbose_name_plural = _("payment alarms")
        permissions = [("get_payment_alarms", _("Is told when few payments succeed"))]
        constraints = [
            models.UniqueConstraint(fields=["provider", "hour"], name="payment_alarm_once_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.paid}/{self.attempts}"
