"""From where on few successful payments are an alarm, and the alarms that were raised."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, ReadOnlyAdmin
from orders import services, words
from orders.admin.acting import actor_of
from orders.models import PaymentAlarm, PaymentPolicy


@admin.register(PaymentPolicy)
class PaymentPolicyAdmin(MallAdmin):
    """One row."""

    list_display = ("__str__", "alarm_below_bp", "least_attempts")
    fields = ("alarm_below_bp", "least_attempts")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PaymentPolicy | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: PaymentPolicy, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        services.save_payment_policy(changes=changes, actor=actor_of(request), at=clock.now())


@admin.register(PaymentAlarm)
class PaymentAlarmAdmin(ReadOnlyAdmin):
    """One row an hour and channel."""

    spoken = {"provider": words.PROVIDERS}

    list_display = ("hour", "provider", "paid", "attempts", "raised_at")
    list_filter = ("provider",)
    ordering = ("-hour", "provider")
