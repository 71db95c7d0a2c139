"""What the days of the shop's promises refuse. Codes are frozen."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import ShopError


class AfterSaleOver(ShopError):
    """``facts.days`` is how long one could have asked, from the day after receipt."""

    code = "orders.after_sale_over"
    message = _("The time for this is over: it was %(days)s days from receipt.")


class AfterSaleExcluded(AfterSaleOver):
    """The shop's promise for these goods has no days at all for such a wish."""

    message = _("%(title)s is not taken back for this reason.")


class SayTheFault(AfterSaleExcluded):
    """They come back for a fault only."""

    message = _(
        "%(title)s is not taken back for this reason. "
        "If something is wrong with it, say that as the reason."
    )


class NotExchanged(AfterSaleExcluded):
    """No days for an exchange."""

    message = _("%(title)s is not exchanged for this reason.")


class ReturnInstead(NotExchanged):
    """No days for an exchange, while the goods may still come back."""

    message = _("%(title)s is not exchanged for this reason: choose “Return and refund”.")


class ExchangedForFaults(NotExchanged):
    """They are exchanged for a fault only."""

    message = _(
        "%(title)s is exchanged only when something is wrong with it: say that as the reason."
    )
