"""The ladder and the numbers of loyalty."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mall.kernel import clock
from mall.kernel.admin import MallAdmin
from mall.kernel.money import yuan
from members import services
from members.admin.acting import actor_of
from members.ladder import is_ladder
from members.models import LoyaltyPolicy, Tier


class TierForm(forms.ModelForm):
    """Refuses a ladder that does not rise, before the verb would."""

    class Meta:
        model = Tier
        fields = (
            "title_zh",
            "title_en",
            "threshold_fen",
            "rate_bp",
            "free_freight_fen",
            "points_rate_bp",
            "perks",
        )

    def clean_threshold_fen(self) -> int:
        threshold_fen: int = self.cleaned_data["threshold_fen"]
        others = Tier.objects.exclude(pk=self.instance.pk).values_list("rank", "threshold_fen")
        steps = sorted([*others, (self.instance.rank, threshold_fen)])
        if not is_ladder([step_fen for _rank, step_fen in steps]):
            raise forms.ValidationError(_("Zero for the first tier, and more for each one above."))
        return threshold_fen


@admin.register(Tier)
class TierAdmin(MallAdmin):
    """Thresholds and benefits; saving moves members to the tier they reach."""

    form = TierForm
    list_display = ("title_zh", "code", "threshold", "rate_bp", "free_freight", "points_rate_bp")
    ordering = ("rank",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Tier | None = None) -> bool:
        return False

    @admin.display(description=_("threshold"), ordering="threshold_fen")
    def threshold(self, tier: Tier) -> str:
        return yuan(tier.threshold_fen)

    @admin.display(description=_("free freight from"))
    def free_freight(self, tier: Tier) -> str:
        return yuan(tier.free_freight_fen) if tier.free_freight_fen is not None else "-"

    def save_model(self, request: HttpRequest, obj: Tier, form: Any, change: bool) -> None:
        """Write through the verb, which ranks members and leaves a trail."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        services.change_tier(tier=obj, changes=changes, actor=actor_of(request), at=clock.now())


@admin.register(LoyaltyPolicy)
class LoyaltyPolicyAdmin(MallAdmin):
    """One row: windows, lifetimes, check-in points."""

    list_display = ("__str__", "growth_window_days", "points_last_days", "check_in_points")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LoyaltyPolicy | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: LoyaltyPolicy, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        services.change_loyalty_policy(changes=changes, actor=actor_of(request), at=clock.now())
