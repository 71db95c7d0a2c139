"""Shops: our own and the merchants' beside it, in the order carts show them. Source: X-57."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.acting import actor_of
from catalog.models import Shop
from catalog.services import save_shop
from mall.kernel import clock
from mall.kernel.admin import MallAdmin


@admin.register(Shop)
class ShopAdmin(MallAdmin):
    """A cart with goods of several shops is grouped by them, and each charges its own freight."""

    list_display = ("title_zh", "code", "is_own", "product_number", "sort")
    search_fields = ("code", "title_zh", "title_en")
    fields = ("code", "title_zh", "title_en", "sort")
    ordering = ("sort", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Shop]:
        return super().get_queryset(request).annotate(number=Count("products"))

    @admin.display(description=_("products"), ordering="number")
    def product_number(self, shop: Any) -> int:
        return int(shop.number)

    def has_delete_permission(self, request: HttpRequest, obj: Shop | None = None) -> bool:
        """A shop stays: its products, and what was sold of them, point at it."""
        return False

    def save_model(self, request: HttpRequest, obj: Shop, form: Any, change: bool) -> None:
        save_shop(shop=obj, actor=actor_of(request), at=clock.now())
