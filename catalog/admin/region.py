"""Region sets: where products are sold, and where they are put forward. Source: C-71."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.admin.acting import actor_of
from catalog.models import RegionSet
from catalog.services.limiting import save_region_set
from mall.kernel import clock, regions
from mall.kernel.admin import MallAdmin
from mall.kernel.db import refuse_unsafe_text

MOST_SHOWN = 6


class RegionSetForm(forms.ModelForm):
    """A set; its regions are typed as codes with commas."""

    prefixes = forms.CharField(
        label=_("regions"),
        max_length=1000,
        validators=[refuse_unsafe_text],
        help_text=_("First 2, 4 or 6 digits of region codes, with commas: 31, 3301."),
        widget=UnfoldAdminTextInputWidget(),
    )

    class Meta:
        model = RegionSet
        fields = ("code", "kind", "title_zh", "title_en", "prefixes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["prefixes"] = ", ".join(self.instance.prefixes)

    def clean_prefixes(self) -> list[str]:
        """Codes of places that there are; a wrong one is named."""
        text = self.cleaned_data["prefixes"].replace("，", ",").replace("、", ",")
        codes = sorted(set(text.replace(",", " ").split()))
        unknown = [code for code in codes if len(code) > 6 or regions.find(code) is None]
        if unknown or not codes:
            raise forms.ValidationError(
                _("Unknown code: %(code)s") % {"code": ", ".join(unknown)[:60]}
            )
        return codes


@admin.register(RegionSet)
class RegionSetAdmin(MallAdmin):
    """Parts of the country, tiers of cities, the surroundings of stores."""

    form = RegionSetForm
    list_display = ("title_zh", "code", "kind", "places", "limited", "promoted")
    list_filter = ("kind",)
    search_fields = ("code", "title_zh", "title_en")
    ordering = ("kind", "code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegionSet]:
        rows = super().get_queryset(request)
        return rows.annotate(
            limited_number=Count("limited_products", distinct=True),
            promoted_number=Count("promoted_products", distinct=True),
        )

    @admin.display(description=_("regions"))
    def places(self, row: RegionSet) -> str:
        names = ["".join(regions.full_name(prefix)) for prefix in row.prefixes]
        more = f" +{len(names) - MOST_SHOWN}" if len(names) > MOST_SHOWN else ""
        return "、".join(names[:MOST_SHOWN]) + more

    @admin.display(description=_("sold only there"), ordering="limited_number")
    def limited(self, row: Any) -> int:
        return int(row.limited_number)

    @admin.display(description=_("put forward there"), ordering="promoted_number")
    def promoted(self, row: Any) -> int:
        return int(row.promoted_number)

    def save_model(self, request: HttpRequest, obj: RegionSet, form: Any, change: bool) -> None:
        save_region_set(obj, at=clock.now(), actor=actor_of(request))

    def has_delete_permission(self, request: HttpRequest, obj: RegionSet | None = None) -> bool:
        """A set stays: without it, what was sold only there would be sold everywhere."""
        return False
