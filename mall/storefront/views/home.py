"""The front page and the map of departments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.kernel import clock
from mall.storefront.blocks import departments, home_blocks
from mall.storefront.shopper import member_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page. Queries: 12 at most, whatever is on the shelf."""
    at = clock.now()
    blocks = home_blocks(member_of(request), at)
    return render(request, "storefront/home.html", {"blocks": blocks, "now": at})


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """All departments with what is below them."""
    context = {"categories": departments(), "breadcrumb": [{"label": _("All categories")}]}
    return render(request, "storefront/categories.html", context)
