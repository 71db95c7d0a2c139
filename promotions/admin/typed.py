"""Form fields for the numbers of campaigns: pieces, days, tiers, regions, lists of SKUs."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from catalog.models import Sku
from mall.kernel import regions
from mall.kernel.db import refuse_unsafe_text
from mall.kernel.words import localized, short_yuan
from members.models import Tier
from promotions import engine

MOST_LINES = 200
FIRST_TIER = "first_tier"
FIRST_TIER_CITIES = ("11", "31", "4401", "4403")
"""Beijing, Shanghai, Guangzhou, Shenzhen."""
LANES: Mapping[str, Any] = {
    engine.Lane.ITEM_OFFER: _("offers on pieces, bundles and gifts"),
    engine.Lane.ORDER_OFFER: _("money off by amount"),
    engine.Lane.TIER_RATE: _("tier rate, member day, old customers"),
    engine.Lane.COUPON: _("coupons"),
    engine.Lane.POINTS: _("points"),
}
"""Lanes that may be shut beside a campaign, in the order of the price."""


def pieces_field(label: Any, *, least: int = 1, **kwargs: Any) -> forms.IntegerField:
    """A number of pieces."""
    widget = UnfoldAdminIntegerFieldWidget()
    return forms.IntegerField(
        label=label, required=False, min_value=least, max_value=999, widget=widget, **kwargs
    )


class DaysField(forms.CharField):
    """Days of the month, "8, 18, 28", cleaned to a list of numbers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, max_length=100, widget=UnfoldAdminTextInputWidget(), **kwargs
        )

    def clean(self, value: Any) -> list[int]:
        words = super().clean(value).replace(",", " ").replace("，", " ").replace("、", " ").split()
        if not all(word.isascii() and word.isdigit() and 1 <= int(word) <= 31 for word in words):
            raise forms.ValidationError(_("Days are numbers from 1 to 31."))
        return sorted({int(word) for word in words})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class TiersField(forms.TypedMultipleChoiceField):
    """Tiers by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, choices=_tiers, widget=UnfoldAdminSelect2MultipleWidget(), **kwargs
        )


class RegionsField(forms.MultipleChoiceField):
    """Provinces and cities by name, cleaned to beginnings of region codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, choices=_regions, widget=UnfoldAdminSelect2MultipleWidget(), **kwargs
        )

    def clean(self, value: Any) -> list[str]:
        codes = set(super().clean(value))
        if FIRST_TIER in codes:
            codes = codes - {FIRST_TIER} | set(FIRST_TIER_CITIES)
        return sorted(codes)


class LanesField(forms.MultipleChoiceField):
    """Parts of the price, by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            choices=[(str(lane), words) for lane, words in LANES.items()],
            widget=UnfoldAdminSelect2MultipleWidget(),
            **kwargs,
        )


class SkuLinesField(forms.CharField):
    """One SKU a line: its code and some figures, cleaned to rows of a rule's JSON.

    ``figures`` names them in order: ``..._fen`` is typed in yuan, others are whole numbers. Figures
    at the end may be left out when ``defaults`` has them.
    """

    def __init__(
        self, *, figures: Sequence[str], defaults: Mapping[str, int] | None = None, **kwargs: Any
    ) -> None:
        self.figures, self.defaults = figures, defaults or {}
        super().__init__(
            required=False,
            max_length=MOST_LINES * 80,
            validators=[refuse_unsafe_text],
            widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
            **kwargs,
        )

    def clean(self, value: Any) -> list[dict[str, int]]:
        lines = [line.split() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(_("At most %(most)s lines.") % {"most": MOST_LINES})
        codes = [words[0] for words in lines]
        known = dict(Sku.objects.filter(code__in=codes).values_list("code", "pk"))
        unknown = sorted(set(codes) - set(known))
        if unknown:
            raise forms.ValidationError(
                _("Unknown codes: %(codes)s") % {"codes": ", ".join(unknown[:10])}
            )
        return [{"sku_id": known[words[0]], **self._figures_of(words)} for words in lines]

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        codes = dict(
            Sku.objects.filter(pk__in=[row["sku_id"] for row in value]).values_list("pk", "code")
        )
        return "\n".join(
            " ".join([codes.get(row["sku_id"], "?"), *self._typed(row)]) for row in value
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def _typed(self, row: Mapping[str, int]) -> list[str]:
        typed = [(name, row.get(name, self.defaults.get(name))) for name in self.figures]
        return [
            short_yuan(value) if name.endswith("_fen") else str(value)
            for name, value in typed
            if value is not None
        ]

    def _figures_of(self, words: Sequence[str]) -> dict[str, int]:
        figures = dict(self.defaults)
        if not len(self.figures) - len(self.defaults) < len(words) <= len(self.figures) + 1:
            raise forms.ValidationError(
                _("%(line)s: a code and %(count)s figures, please.")
                % {"line": " ".join(words), "count": len(self.figures)}
            )
        for name, word in zip(self.figures, words[1:], strict=False):
            figures[name] = _figure(name, word)
        return figures


def _figure(name: str, word: str) -> int:
    """A whole number, or yuan with at most two decimals as fen."""
    try:
        value = Decimal(word) * 100 if name.endswith("_fen") else Decimal(word)
    except InvalidOperation:
        value = Decimal("NaN")
    good = word.isascii() and value.is_finite() and value == value.to_integral_value()
    if not good or not 0 <= value <= 10**11:
        raise forms.ValidationError(_("%(word)s is not a figure.") % {"word": word[:20]})
    return int(value)


def _tiers() -> list[tuple[str, str]]:
    return [(tier.code, localized(tier, "title")) for tier in Tier.objects.order_by("rank")]


def _regions() -> list[tuple[str, Any]]:
    """Provinces, each followed by its cities."""
    found: list[tuple[str, Any]] = [(FIRST_TIER, _("First-tier cities"))]
    for province in regions.children(""):
        found.append((province.code, province.name))
        found += [
            (city.code, f"{province.name} {city.name}") for city in regions.children(province.code)
        ]
    return found
