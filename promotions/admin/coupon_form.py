"""The form of a coupon: worth in yuan, tiers and regions by name, a point on the map."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from mall.kernel import regions
from mall.kernel.money import FULL_RATE_BP
from members.models import Tier
from promotions.admin.fields import RateFormField, ScopeForm
from promotions.models import Coupon
from promotions.services import CouponValues

PLAIN = (
    "code", "title_zh", "title_en", "kind", "threshold_fen", "off_fen", "cap_fen",
    "exchange_price_fen", "total", "per_member", "valid_days", "valid_minutes", "starts_at",
    "ends_at", "exclusive_group", "is_claimable", "is_first_order", "budget_fen",
    "returns_on_cancel", "returns_on_refund", "near_latitude", "near_longitude", "near_metres",
    "scope_kind",
)  # fmt: skip
LINKED = ("exchange_sku", "live_session")
POINT = ("near_latitude", "near_longitude", "near_metres")
ZERO_WHEN_EMPTY = ("threshold_fen", "off_fen", "exchange_price_fen")


def tier_choices() -> list[tuple[str, str]]:
    """The ladder from below. Queries: 1."""
    return list(Tier.objects.order_by("threshold_fen").values_list("code", "title_zh"))


def region_choices() -> list[tuple[str, str]]:
    """Provinces, each with its cities behind it."""
    return [
        (place.code, " ".join(regions.full_name(place.code)) or place.name)
        for province in regions.children()
        for place in (province, *regions.children(province.code))
    ]


class CouponForm(ScopeForm):
    """One coupon template."""

    rate = RateFormField(label=_("rate, %"), help_text=_("85: of each ¥100 the buyer pays ¥85."))
    tiers = forms.MultipleChoiceField(
        label=_("tiers"),
        required=False,
        choices=tier_choices,
        help_text=_("Only for these tiers; none: for everybody."),
        widget=UnfoldAdminSelect2MultipleWidget(),
    )
    regions = forms.MultipleChoiceField(
        label=_("regions"),
        required=False,
        choices=region_choices,
        help_text=_("Only for orders sent there; none: everywhere."),
        widget=UnfoldAdminSelect2MultipleWidget(),
    )

    class Meta:
        model = Coupon
        fields = (*PLAIN, *LINKED, "scope_text_zh", "scope_text_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ZERO_WHEN_EMPTY:
            if name in self.fields:  # who may only look has no fields of the row
                self.fields[name].required = False
        if self.instance.rate_bp < FULL_RATE_BP:
            self.initial["rate"] = self.instance.rate_bp
        self.initial["tiers"] = self.instance.tier_codes
        self.initial["regions"] = self.instance.region_prefixes

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ZERO_WHEN_EMPTY:
            cleaned[name] = cleaned.get(name) or 0
        cleaned["scope_ids"] = self.scope_ids()
        self._check_worth(cleaned)
        self._check_point(cleaned)
        if cleaned.get("kind") != Coupon.Kind.EXCHANGE:
            cleaned["exchange_sku"] = None
            self.instance.exchange_sku = None
        return cleaned

    def _check_worth(self, cleaned: dict[str, Any]) -> None:
        kind = cleaned.get("kind")
        if kind == Coupon.Kind.RATE and not cleaned.get("rate"):
            self.add_error("rate", _("A rate is needed."))
        if kind == Coupon.Kind.AMOUNT and not cleaned["off_fen"]:
            self.add_error("off_fen", _("An amount is needed."))
        if kind == Coupon.Kind.EXCHANGE and not cleaned.get("exchange_sku"):
            self.add_error("exchange_sku", _("Name the SKU it is exchanged for."))

    def _check_point(self, cleaned: dict[str, Any]) -> None:
        given = [name for name in POINT if cleaned.get(name) is not None]
        if given and len(given) < len(POINT):
            self.add_error("near_metres", _("Latitude, longitude and distance, or none of them."))

    def values(self) -> CouponValues:
        """What the verb takes."""
        typed: dict[str, Any] = {name: self.cleaned_data[name] for name in PLAIN}
        linked: dict[str, Any] = {f"{name}_id": self._linked(name) for name in LINKED}
        return CouponValues(
            **typed,
            **linked,
            rate_bp=self.cleaned_data.get("rate") or FULL_RATE_BP,
            tier_codes=tuple(self.cleaned_data["tiers"]),
            region_prefixes=tuple(self.cleaned_data["regions"]),
            scope_ids=tuple(self.cleaned_data["scope_ids"]),
            scope_text_zh=self.scope_text("zh"),
            scope_text_en=self.scope_text("en"),
        )

    def _linked(self, name: str) -> int | None:
        row = self.cleaned_data.get(name)
        return None if row is None else int(row.pk)
