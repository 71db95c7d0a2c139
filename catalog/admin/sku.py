"""SKUs across products, for prices; and what they cost before."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.acting import actor_of
from catalog.models import PriceHistory, Sku
from catalog.services import change_sku
from mall.kernel import clock
from mall.kernel.admin import MallAdmin, ReadOnlyAdmin
from mall.kernel.money import yuan
from mall.kernel.words import localized

CHOICE = ("product__options__values",)


def choice_words(sku: Sku) -> str:
    """The option values of a SKU in words; the rows were fetched with CHOICE prefetched."""
    if not sku.pk or not sku.options:
        return "-"
    return ", ".join(
        localized(value, "title")
        for option in sku.product.options.all()
        for value in option.values.all()
        if sku.options.get(option.code) == value.code
    )


@admin.register(Sku)
class SkuAdmin(MallAdmin):
    """The price list: two columns to type in, every change kept in the price history."""

    list_display = (
        "code",
        "product",
        "choice",
        "price_fen",
        "list_price_fen",
        "cost",
        "weight_grams",
        "is_active",
    )
    list_display_links = ("code",)
    list_editable = ("price_fen", "list_price_fen")
    list_filter = ("is_active", "product__status", "product__brand")
    list_select_related = ("product",)
    search_fields = ("code", "barcode", "product__title_zh", "product__title_en")
    search_help_text = _("SKU code, barcode or product")
    fields = (
        "code",
        "product",
        "choice",
        "barcode",
        "price_fen",
        "list_price_fen",
        "cost_fen",
        "weight_grams",
        "media",
        "is_active",
    )
    readonly_fields = ("code", "product", "choice")
    autocomplete_fields = ("media",)
    masked_fields = ("cost_fen", "cost")
    mask_permission = "catalog.see_cost"
    ordering = ("product", "sort", "pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sku]:
        return super().get_queryset(request).prefetch_related(*CHOICE)

    @admin.display(description=_("options"))
    def choice(self, sku: Sku) -> str:
        return choice_words(sku)

    @admin.display(description=_("standard cost"), ordering="cost_fen")
    def cost(self, sku: Sku) -> str:
        return yuan(sku.cost_fen)

    def save_model(self, request: HttpRequest, obj: Sku, form: Any, change: bool) -> None:
        """What was typed, through the verb."""
        values = {name: getattr(obj, name) for name in form.changed_data}
        change_sku(sku_id=obj.pk, values=values, actor=actor_of(request), at=clock.now())


@admin.register(PriceHistory)
class PriceHistoryAdmin(ReadOnlyAdmin):
    """What a SKU cost from when on; nobody edits it."""

    list_display = ("sku", "product", "price", "list_price", "at")
    list_select_related = ("sku__product",)
    search_fields = ("=sku__code", "sku__product__title_zh")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")

    @admin.display(description=_("product"))
    def product(self, row: PriceHistory) -> str:
        return row.sku.product.title_zh

    @admin.display(description=_("price"), ordering="price_fen")
    def price(self, row: PriceHistory) -> str:
        return yuan(row.price_fen)

    @admin.display(description=_("list price"), ordering="list_price_fen")
    def list_price(self, row: PriceHistory) -> str:
        return yuan(row.list_price_fen)
