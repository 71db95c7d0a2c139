"""What the web door itself refuses."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import ShopError


class OperatorHere(ShopError):
    """An operator's account has no cart, orders or points."""

    code = "storefront.operator_here"
    message = _(
        "This is an operator's account; shopping needs a shopper's. "
        "Sign out in the back office and sign in here with a phone number."
    )
    http_status = 403
