"""What operators show beside a product, before what the shop finds itself. Source: C-12."""

from django.contrib import admin

from catalog.models import RelatedProduct
from mall.kernel.admin import MallAdmin


@admin.register(RelatedProduct)
class RelatedProductAdmin(MallAdmin):
    """Links by hand; a product may have several, the smallest order first."""

    list_display = ("product", "related", "sort")
    list_select_related = ("product", "related")
    autocomplete_fields = ("product", "related")
    search_fields = ("product__title_zh", "=product__code", "related__title_zh")
    ordering = ("product", "sort", "pk")
