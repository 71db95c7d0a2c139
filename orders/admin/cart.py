"""Carts: what lies in them."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mall.kernel.admin import ReadOnlyAdmin, ReadOnlyInline
from orders.models import Cart, CartLine


class CartLineInline(ReadOnlyInline):
    """What lies in it."""

    model = CartLine
    fields = ("sku", "quantity", "is_selected", "added_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CartLine]:
        return super().get_queryset(request).select_related("sku")


@admin.register(Cart)
class CartAdmin(ReadOnlyAdmin):
    """One row a member or guest; a guest's token is not to be seen anywhere."""

    list_display = ("pk", "member", "kinds", "updated_at")
    list_select_related = ("member",)
    search_fields = ("member__nickname",)
    ordering = ("-updated_at",)
    fields = ("member", "version", "created_at", "updated_at")
    inlines = (CartLineInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cart]:
        return super().get_queryset(request).annotate(line_count=Count("lines"))

    @admin.display(description=_("items"))
    def kinds(self, cart: Cart) -> int:
        return cart.line_count  # type: ignore[attr-defined]
