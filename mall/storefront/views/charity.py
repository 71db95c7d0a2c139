"""The charity: what the orders of this shop have raised."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.kernel.words import localized
from orders.selectors import charity_view


@require_safe
def charity(request: HttpRequest) -> HttpResponse:
    """The counter, which is the book of money itself."""
    view = charity_view()
    context = {
        "cause": localized(view.settings, "cause"),
        "about": localized(view.settings, "about"),
        "each_fen": view.settings.amount_fen if view.settings.is_on else 0,
        "raised_fen": view.raised_fen,
        "orders": view.orders,
        "breadcrumb": [{"label": _("Charity")}],
    }
    return render(request, "storefront/charity.html", context)
