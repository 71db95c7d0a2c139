"""How the shop looks, whether it is open, pop-ups, landing pages, the zones: their screens."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, MallTabularInline, OneRowAdmin, ReadOnlyAdmin, actor_of
from promotions import services
from promotions.admin.content import ContentAdmin
from promotions.admin.typed import RegionsField, TiersField
from promotions.models import (
    HotPin,
    HotSale,
    LandingPage,
    LandingVariant,
    Maintenance,
    PopUp,
    ShopPromise,
    SiteSettings,
    ZoneSettings,
)


@admin.register(SiteSettings)
class SiteSettingsAdmin(OneRowAdmin):
    """Name, logo, three colours, letters, legal lines; colours nobody could read are refused."""

    list_display = ("__str__", "name_zh", "brand_colour", "action_colour", "honey_colour")
    fields = (
        ("name_zh", "name_en"),
        ("slogan_zh", "slogan_en"),
        ("about_zh", "about_en"),
        "logo",
        ("brand_colour", "action_colour", "honey_colour"),
        "font",
        "icp",
        ("licence_text", "licence_url"),
        "hotline",
        ("hours_zh", "hours_en"),
    )
    autocomplete_fields = ("logo",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        services.save_site_settings(values=values, at=clock.now(), actor=actor_of(request))


@admin.register(Maintenance)
class MaintenanceAdmin(OneRowAdmin):
    """The shutter of the shop."""

    list_display = ("__str__", "is_on", "until")
    fields = ("is_on", ("message_zh", "message_en"), "until")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        services.switch_maintenance(
            is_on=obj.is_on,
            message_zh=obj.message_zh,
            message_en=obj.message_en,
            until=obj.until,
            at=clock.now(),
            actor=actor_of(request),
        )


@admin.register(ZoneSettings)
class ZoneSettingsAdmin(ContentAdmin, OneRowAdmin):
    """How many days the hot and the new zone look back."""

    list_display = ("__str__", "hot_days", "new_days")
    fields = (("hot_days", "new_days"),)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        services.save_zones(
            row=obj, changed=form.changed_data, actor=actor_of(request), at=clock.now()
        )


@admin.register(ShopPromise)
class ShopPromiseAdmin(ContentAdmin):
    """What stands on every product's page before what the house works out itself."""

    list_display = ("title_zh", "line_zh", "icon", "sort", "is_active")
    search_fields = ("title_zh", "title_en")
    fields = (
        "icon",
        ("title_zh", "title_en"),
        ("line_zh", "line_en"),
        ("sort", "is_active"),
    )
    ordering = ("sort", "pk")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        services.save_promise(
            row=obj, changed=form.changed_data, actor=actor_of(request), at=clock.now()
        )


@admin.register(HotPin)
class HotPinAdmin(ContentAdmin):
    """Goods put before the ranking for a while."""

    list_display = ("product", "sort", "starts_at", "ends_at")
    list_select_related = ("product",)
    search_fields = ("product__title_zh", "product__code")
    autocomplete_fields = ("product",)
    ordering = ("sort", "pk")


@admin.register(HotSale)
class HotSaleAdmin(ReadOnlyAdmin):
    """The ranking as it was counted last."""

    list_display = ("product", "pieces", "counted_at")
    list_select_related = ("product",)
    search_fields = ("product__title_zh", "product__code")
    ordering = ("-pieces", "-product")


class PopUpForm(forms.ModelForm):
    """Places, tiers and regions by name."""

    places = forms.MultipleChoiceField(
        label=_("pages"),
        choices=PopUp.Place.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=_("None: on all of them."),
    )
    tier_codes = TiersField(label=_("tiers"))
    region_prefixes = RegionsField(label=_("regions"))

    class Meta:
        model = PopUp
        fields = (
            "name", "title_zh", "title_en", "text_zh", "text_en", "button_zh", "button_en",
            "link", "media", "trigger", "seconds", "places", "who", "tier_codes", "segment",
            "region_prefixes", "per_day", "rest_days", "sort", "is_active", "starts_at", "ends_at",
        )  # fmt: skip


@admin.register(PopUp)
class PopUpAdmin(MallAdmin):
    """What comes up over pages: never on entry, not more often than its cap."""

    form = PopUpForm
    list_display = ("name", "trigger", "who", "per_day", "is_active", "starts_at", "ends_at")
    list_filter = ("is_active", "trigger", "who")
    search_fields = ("name", "title_zh")
    autocomplete_fields = ("media", "segment")
    ordering = ("sort", "pk")
    fields = (
        ("name", "is_active"),
        ("title_zh", "title_en"),
        ("text_zh", "text_en"),
        ("button_zh", "button_en"),
        ("link", "media"),
        ("trigger", "seconds"),
        "places",
        ("who", "segment"),
        "tier_codes",
        "region_prefixes",
        ("per_day", "rest_days"),
        "sort",
        ("starts_at", "ends_at"),
    )

    def save_model(self, request: HttpRequest, obj: PopUp, form: Any, change: bool) -> None:
        services.save_pop_up(
            row=obj, changed=form.changed_data, at=clock.now(), actor=actor_of(request)
        )

    def delete_model(self, request: HttpRequest, obj: PopUp) -> None:
        services.remove_content(row=obj, at=clock.now(), actor=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            self.delete_model(request, row)


class LandingVariantInline(MallTabularInline):
    """The pages it shows and their shares."""

    model = LandingVariant
    autocomplete_fields = ("page",)
    fields = ("page", "weight")


@admin.register(LandingPage)
class LandingPageAdmin(ContentAdmin):
    """Where advertisements lead: /l/<address>/?channel=...&utm_campaign=..."""

    list_display = ("title", "slug", "is_active", "starts_at", "ends_at")
    search_fields = ("title", "slug")
    inlines = (LandingVariantInline,)
    ordering = ("-pk",)
