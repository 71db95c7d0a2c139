"""What stock refuses."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import ShopError


class OutOfStock(ShopError):
    """Fewer free pieces than wanted; ``available`` counts all warehouses that ship."""

    code = "inventory.out_of_stock"
    message = _("Only %(available)s left of %(sku)s.")


class NotReserved(ShopError):
    """An order asks for pieces that it does not hold (any more)."""

    code = "inventory.not_reserved"
    message = _("Order %(order)s holds only %(held)s pieces for line %(line)s, not %(wanted)s.")


class CountBelowReserved(ShopError):
    """A count or a write-off would take pieces that orders have been promised."""

    code = "inventory.count_below_reserved"
    message = _("%(reserved)s pieces of %(sku)s are promised to orders; fewer cannot be on hand.")
