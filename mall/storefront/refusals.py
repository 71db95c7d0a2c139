"""What the web door itself refuses, and how refusals of the shop read to a shopper."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inventory.errors import OutOfStock
from mall.kernel.errors import ShopError


class OperatorHere(ShopError):
    """An operator's account has no cart, orders or points."""

    code = "storefront.operator_here"
    message = _(
        "This is an operator's account; shopping needs a shopper's. "
        "Sign out in the back office and sign in here with a phone number."
    )
    http_status = 403


def sentence(error: ShopError) -> str:
    """A refusal in words; shoppers know goods by their names, not by SKU codes."""
    if not isinstance(error, OutOfStock):
        return str(error)
    left = int(str(error.facts.get("available", 0)))
    if left < 1:
        return str(_("It has just been sold out."))
    words = ngettext("There is only %(left)s left.", "There are only %(left)s left.", left)
    return words % {"left": left}
