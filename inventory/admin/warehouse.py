"""Warehouses: where they are, whom they serve, which ships first."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from inventory import services
from inventory.admin.forms import WarehouseForm
from inventory.models import Warehouse
from mall.kernel import clock
from mall.kernel.admin import MallAdmin, actor_of
from mall.kernel.regions import full_name

NEXT_DAY = "next_day_cities"


@admin.register(Warehouse)
class WarehouseAdmin(MallAdmin):
    """Never deleted: its ledger stays. One out of use ships nothing."""

    form = WarehouseForm
    list_display = (
        "title_zh",
        "code",
        "kind",
        "place",
        "serves",
        "priority",
        "cut_off",
        "is_active",
    )
    list_filter = ("kind", "is_active")
    search_fields = ("code", "title_zh", "title_en")
    ordering = ("priority", "pk")

    def has_delete_permission(self, request: HttpRequest, obj: Warehouse | None = None) -> bool:
        return False

    @admin.display(description=_("region"), ordering="region_code")
    def place(self, warehouse: Warehouse) -> str:
        return " ".join(full_name(warehouse.region_code)) or warehouse.region_code

    @admin.display(description=_("served regions"))
    def serves(self, warehouse: Warehouse) -> str:
        names = ["".join(full_name(prefix)) or prefix for prefix in warehouse.served_prefixes]
        return ", ".join(names) or "-"

    def save_model(self, request: HttpRequest, obj: Warehouse, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        who = {"actor": actor_of(request), "at": clock.now()}
        columns = [name for name in form.changed_data if name != NEXT_DAY]
        services.save_warehouse(warehouse=obj, changed=columns, **who)
        if NEXT_DAY in form.changed_data:
            cities = form.cleaned_data[NEXT_DAY].items()
            services.set_next_day_cities(warehouse=obj, cities=cities, **who)
