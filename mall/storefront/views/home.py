"""The front page and the map of departments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.kernel import clock
from mall.storefront.arranged import drawn_page, with_stage
from mall.storefront.blocks import departments
from mall.storefront.context import region_of
from mall.storefront.shopper import member_of
from mall.storefront.welcome import remember_welcome, welcome
from promotions.selectors import claimable_coupons, home_and_topics

MOST_OFFERS = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page. Queries: 5, 1 more for each of pictures, videos, seasons and departments that
    its blocks name."""
    at, member = clock.now(), member_of(request)
    offers = list(claimable_coupons(member.pk if member else None, at)[:MOST_OFFERS])
    front, topics = home_and_topics(at)
    region_code = region_of(request, member)
    page = drawn_page(front, member, at, region_code, offers=offers, topics=topics)
    context = {
        "blocks": with_stage(page["blocks"], member, at),
        "welcome": welcome(request, offers),
        "now": at,
    }
    response = render(request, "storefront/home.html", context)
    return remember_welcome(response) if context["welcome"] else response


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """All departments with what is below them."""
    context = {"categories": departments(), "breadcrumb": [{"label": _("All categories")}]}
    return render(request, "storefront/categories.html", context)
