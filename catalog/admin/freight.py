"""Freight templates with their regions."""

from typing import Any

from django.contrib import admin
from django.forms import BaseModelFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.acting import actor_of
from catalog.models import FreightRegion, FreightTemplate
from catalog.services import save_freight_template
from mall.kernel import clock
from mall.kernel.admin import MallAdmin, MallTabularInline
from mall.kernel.regions import full_name


class FreightRegionInline(MallTabularInline):
    """What holds in one region instead; the longest matching code wins."""

    model = FreightRegion
    fields = (
        "region_prefix",
        "place",
        "is_delivered",
        "first_fee_fen",
        "step_fee_fen",
        "free_over_fen",
    )
    readonly_fields = ("place",)

    @admin.display(description=_("region"))
    def place(self, region: FreightRegion) -> str:
        return "".join(full_name(region.region_prefix)) if region.pk else ""


@admin.register(FreightTemplate)
class FreightTemplateAdmin(MallAdmin):
    """Every change is a new version: quotes shown before it are void."""

    inlines = (FreightRegionInline,)
    list_display = ("title_zh", "code", "first_grams", "step_grams", "version")
    search_fields = ("code", "title_zh", "title_en")
    fields = (
        "code",
        "title_zh",
        "title_en",
        "first_grams",
        "first_fee_fen",
        "step_grams",
        "step_fee_fen",
        "cm3_per_kilogram",
        "free_over_fen",
        "version",
    )
    readonly_fields = ("version",)
    ordering = ("code",)

    def save_model(
        self, request: HttpRequest, obj: FreightTemplate, form: Any, change: bool
    ) -> None:
        """Store the template; its regions follow with their formset."""
        if form.has_changed() or not change:
            save_freight_template(template=obj, actor=actor_of(request), at=clock.now())

    def save_formset(
        self, request: HttpRequest, form: Any, formset: BaseModelFormSet, change: bool
    ) -> None:
        """Store the regions that changed."""
        regions = formset.save(commit=False)
        if regions or formset.deleted_objects:
            save_freight_template(
                template=form.instance,
                regions=regions,
                gone=formset.deleted_objects,
                actor=actor_of(request),
                at=clock.now(),
            )
