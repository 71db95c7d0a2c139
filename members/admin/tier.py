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
from members.admin.perks import ROWS, ROWS_OF_FIELDS, SIGNS, PerkFields, shown_perks, typed_perks
from members.ladder import is_ladder
from members.models import LoyaltyPolicy, Tier

NUMBERS = ("threshold_fen", "rate_bp", "free_freight_fen", "points_rate_bp")
COLUMNS = ("title_zh", "title_en", *NUMBERS)


class TierForm(PerkFields):
    """Refuses a ladder that does not rise, before the verb would."""

    class Meta:
        model = Tier
        fields = COLUMNS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(shown_perks(self.instance.perks))
        for name, field in self.fields.items():
            if name.endswith("_icon") and (sign := self.initial.get(name)):
                field.choices = dict([*field.choices, (sign, dict(SIGNS).get(sign, sign))]).items()

    def clean_threshold_fen(self) -> int:
        threshold_fen: int = self.cleaned_data["threshold_fen"]
        others = Tier.objects.exclude(pk=self.instance.pk).values_list("rank", "threshold_fen")
        steps = sorted([*others, (self.instance.rank, threshold_fen)])
        if not is_ladder([step_fen for _rank, step_fen in steps]):
            raise forms.ValidationError(_("Zero for the first tier, and more for each one above."))
        return threshold_fen

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.perks = [*typed_perks(self), *self.instance.perks[len(ROWS) :]]
        return cleaned


@admin.register(Tier)
class TierAdmin(MallAdmin):
    """Thresholds and benefits; saving moves members to the tier they reach."""

    form = TierForm
    list_display = ("title_zh", "code", "threshold", "rate_bp", "free_freight", "points_rate_bp")
    ordering = ("rank",)
    fieldsets = (
        (None, {"fields": (("title_zh", "title_en"), *NUMBERS)}),
        (
            _("Benefits"),
            {
                "fields": ROWS_OF_FIELDS,
                "description": _("What members of it read about the tier; an empty row is none."),
            },
        ),
    )

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
        changes = {n: form.cleaned_data[n] for n in form.changed_data if n in COLUMNS}
        if form.perks != obj.perks:
            changes["perks"] = form.perks
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
