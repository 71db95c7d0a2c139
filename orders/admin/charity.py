"""The charity: switched on, its amount and words; what was given of each order."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, ReadOnlyAdmin, whether
from mall.kernel.money import yuan
from orders import services
from orders.admin.acting import actor_of
from orders.models import CharitySettings, Donation
from orders.selectors import charity_view


@admin.register(CharitySettings)
class CharitySettingsAdmin(MallAdmin):
    """One row."""

    list_display = ("__str__", "is_on", "amount_fen")
    readonly_fields = ("raised",)
    fields = (
        "is_on",
        "amount_fen",
        ("cause_zh", "cause_en"),
        "about_zh",
        "about_en",
        "raised",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: CharitySettings | None = None
    ) -> bool:
        return False

    @admin.display(description=_("raised"))
    def raised(self, _row: CharitySettings) -> str:
        return f"¥{yuan(charity_view().raised_fen)}"

    def save_model(
        self, request: HttpRequest, obj: CharitySettings, form: Any, change: bool
    ) -> None:
        """Write through the verb, which leaves a trail."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        services.save_charity_settings(changes=changes, actor=actor_of(request), at=clock.now())


@admin.register(Donation)
class DonationAdmin(ReadOnlyAdmin):
    """One row an order."""

    list_display = ("order", "amount_fen", "given_at", "reversed_at")
    list_filter = (
        whether(
            "reversed_at",
            pgettext_lazy("filter", "donation"),
            there=pgettext_lazy("filter", "taken back"),
            lacking=pgettext_lazy("filter", "stands"),
        ),
    )
    list_select_related = ("order",)
    search_fields = ("=order__number",)
    date_hierarchy = "given_at"
    ordering = ("-pk",)
