"""Which warehouse a page is about."""

from collections.abc import Sequence

from inventory.models import Warehouse


def chosen_warehouse(code: str, warehouses: Sequence[Warehouse]) -> Warehouse | None:
    """The one named, else the first; None in a house without any."""
    named = next((one for one in warehouses if one.code == code), None)
    return named or (warehouses[0] if warehouses else None)
