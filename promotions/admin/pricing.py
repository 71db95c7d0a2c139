"""The shop's own numbers of pricing: one row that comes with the shop."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, actor_of
from mall.kernel.words import short_yuan
from promotions import services
from promotions.models import PricingSettings


@admin.register(PricingSettings)
class PricingSettingsAdmin(MallAdmin):
    """What points are worth, how much of an order they may pay, who approves campaigns."""

    list_display = ("__str__", "worth", "points_cap_bp", "approval_over_fen", "version")
    fields = (("points_unit", "points_unit_fen"), "points_cap_bp", "approval_over_fen")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: PricingSettings | None = None
    ) -> bool:
        return False

    @admin.display(description=_("points"))
    def worth(self, row: PricingSettings) -> str:
        return f"{row.points_unit} = ¥{short_yuan(row.points_unit_fen)}"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        services.save_pricing_settings(
            **{name: form.cleaned_data[name] for name in form.fields},
            actor=actor_of(request),
            at=clock.now(),
        )
