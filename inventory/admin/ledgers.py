"""Movements and reservations, line by line; nobody edits them, superuser included."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from inventory.admin.sources import SOURCES
from inventory.models import Reservation, StockMovement
from mall.kernel.admin import ReadOnlyAdmin


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyAdmin):
    """Every piece that came, went or was promised, with the balances after it."""

    list_display = (
        "at",
        "code",
        "warehouse",
        "kind",
        "delta_on_hand",
        "delta_reserved",
        "delta_in_transit",
        "delta_defective",
        "on_hand_after",
        "reserved_after",
        "source",
        "actor",
    )
    list_filter = ("kind", "item__warehouse")
    list_select_related = ("item__sku", "item__warehouse", "actor")
    search_fields = ("=item__sku__code", "=source_id")
    search_help_text = _("SKU code, order, parcel or delivery note")
    date_hierarchy = "at"
    ordering = ("-pk",)
    spoken = {"source_type": SOURCES}

    @admin.display(description=_("SKU"))
    def code(self, movement: StockMovement) -> str:
        return movement.item.sku.code

    @admin.display(description=_("warehouse"))
    def warehouse(self, movement: StockMovement) -> str:
        return str(movement.item.warehouse)

    @admin.display(description=_("source"))
    def source(self, movement: StockMovement) -> str:
        return f"{SOURCES.get(movement.source_type, movement.source_type)} {movement.source_id}"


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    """What orders and activities hold, and what became of it."""

    list_display = (
        "source_id",
        "code",
        "warehouse",
        "quantity",
        "consumed",
        "released",
        "lent",
        "held_pieces",
        "reserved_at",
    )
    list_filter = ("source_type", "item__warehouse")
    list_select_related = ("item__sku", "item__warehouse")
    search_fields = ("=source_id", "=item__sku__code")
    search_help_text = _("order number or SKU code")
    ordering = ("-pk",)

    @admin.display(description=_("SKU"))
    def code(self, row: Reservation) -> str:
        return row.item.sku.code

    @admin.display(description=_("warehouse"))
    def warehouse(self, row: Reservation) -> str:
        return str(row.item.warehouse)

    @admin.display(description=_("still held"))
    def held_pieces(self, row: Reservation) -> int:
        return row.held
