"""Figures as operators type them: yuan, per cent, product codes; scopes as names, not as ids."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminTextareaWidget,
)

from catalog.models import Brand, Category, Product
from mall.kernel.admin import PercentInput
from mall.kernel.db import PercentFormField, refuse_unsafe_text
from mall.kernel.db.fields import YuanFormField
from promotions.models import ScopeKind

MOST_CODES = 500


def yuan_field(label: Any, **kwargs: Any) -> YuanFormField:
    """An amount in yuan, cleaned to fen."""
    widget = UnfoldAdminDecimalFieldWidget()
    return YuanFormField(label=label, required=False, widget=widget, **{"min_value": 1, **kwargs})


class RateFormField(PercentFormField):
    """A price rate in per cent (85 is 八五折) that takes something off, cleaned to basis points."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=1, max_value=9_999, required=False, widget=PercentInput(), **kwargs
        )


class ScopeForm(forms.ModelForm):
    """Covers the whole shop, or the categories, brands or products that are named."""

    categories = forms.ModelMultipleChoiceField(
        Category.objects.order_by("path_ids"),
        label=_("categories"),
        required=False,
        help_text=_("With everything below them."),
        widget=UnfoldAdminSelect2MultipleWidget(),
    )
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.order_by("title_zh"),
        label=_("brands"),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget(),
    )
    product_codes = forms.CharField(
        label=_("product codes"),
        required=False,
        max_length=MOST_CODES * 41,
        help_text=_("Separated by spaces or new lines."),
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    scope_conditions: Mapping[str, str] = {
        "categories": "scope_kind == 'category'",
        "brands": "scope_kind == 'brand'",
        "product_codes": "scope_kind == 'products'",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = self.instance.scope_ids
        match self.instance.scope_kind:
            case ScopeKind.CATEGORY:
                self.initial["categories"] = ids
            case ScopeKind.BRAND:
                self.initial["brands"] = ids
            case ScopeKind.PRODUCTS:
                codes = Product.objects.filter(pk__in=ids).order_by("code")
                self.initial["product_codes"] = "\n".join(codes.values_list("code", flat=True))

    def clean_product_codes(self) -> list[int]:
        codes = set(self.cleaned_data["product_codes"].split())
        known = dict(Product.objects.filter(code__in=codes).values_list("code", "pk"))
        unknown = sorted(codes - set(known))
        if unknown or len(codes) > MOST_CODES:
            raise forms.ValidationError(
                _("Unknown codes: %(codes)s"), params={"codes": ", ".join(unknown[:10])}
            )
        return sorted(known.values())

    def scope_ids(self) -> list[int]:
        """The ids that the chosen kind of scope names. Adds an error when it names nothing."""
        kind = self.cleaned_data.get("scope_kind")
        field = {
            ScopeKind.CATEGORY: "categories",
            ScopeKind.BRAND: "brands",
            ScopeKind.PRODUCTS: "product_codes",
        }.get(ScopeKind(kind) if kind else ScopeKind.SHOP)
        if field is None:
            return []
        named = self.cleaned_data.get(field) or []
        if not named and field not in self.errors:
            self.add_error(field, _("Name at least one."))
        return [getattr(thing, "pk", thing) for thing in named]

    def scope_text(self, language: str) -> str:
        """What the operator wrote; empty to have it made anew when only the scope changed."""
        name = f"scope_text_{language}"
        moved = {"scope_kind", "categories", "brands", "product_codes"} & set(self.changed_data)
        return "" if moved and name not in self.changed_data else self.cleaned_data[name]
