"""The front page and the map of departments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.kernel import clock
from mall.storefront.blocks import departments, home_blocks
from mall.storefront.shopper import member_of
from mall.storefront.welcome import remember_welcome, welcome


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page. Queries: 14 at most, whatever is on the shelf."""
    at = clock.now()
    context = {
        "blocks": home_blocks(member_of(request), at),
        "welcome": welcome(request, at),
        "now": at,
    }
    response = render(request, "storefront/home.html", context)
    return remember_welcome(response) if context["welcome"] else response


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """All departments with what is below them."""
    context = {"categories": departments(), "breadcrumb": [{"label": _("All categories")}]}
    return render(request, "storefront/categories.html", context)
