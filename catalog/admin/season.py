"""When goods are wanted, and which categories go together."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.models import RelatedCategory, SeasonTag
from mall.kernel import clock
from mall.kernel.admin import MallAdmin


@admin.register(SeasonTag)
class SeasonTagAdmin(MallAdmin):
    """Seasons, festivals, occasions: their goods lead the home page while the window is open."""

    list_display = ("title_zh", "starts_on", "ends_on", "is_on", "goods", "sort", "is_active")
    list_editable = ("sort", "is_active")
    search_fields = ("code", "title_zh", "title_en")
    fields = (
        "code",
        ("title_zh", "title_en"),
        ("starts_on", "ends_on"),
        "products",
        ("sort", "is_active"),
    )
    autocomplete_fields = ("products",)
    ordering = ("sort", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SeasonTag]:
        on_now = SeasonTag.objects.in_season(clock.day_of(clock.now())).filter(pk=OuterRef("pk"))
        rows = super().get_queryset(request)
        return rows.annotate(goods_number=Count("products"), on_now=Exists(on_now))

    @admin.display(description=_("on now"), boolean=True)
    def is_on(self, tag: Any) -> bool:
        return bool(tag.on_now)

    @admin.display(description=_("products"), ordering="goods_number")
    def goods(self, tag: Any) -> int:
        return int(tag.goods_number)


@admin.register(RelatedCategory)
class RelatedCategoryAdmin(MallAdmin):
    """Lipstick goes with make-up tools: shown beside the goods of the one."""

    list_display = ("category", "related", "sort")
    list_editable = ("sort",)
    list_select_related = ("category", "related")
    search_fields = ("category__title_zh", "related__title_zh")
    autocomplete_fields = ("category", "related")
    ordering = ("category", "sort", "pk")
