"""The ranking of what sells now. Source: C-10."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog import presenting
from mall.kernel import clock
from mall.storefront.context import region_of
from mall.storefront.shopper import member_of
from promotions.selectors import hot_cards, zone_days

RANKED = 20


@require_safe
def hot(request: HttpRequest) -> HttpResponse:
    """Goods by their paid pieces of the last days, what operators pinned in front. Queries: 3."""
    region = region_of(request, member_of(request))
    rows = hot_cards(clock.now(), RANKED, region)
    context = {
        "cards": [presenting.card(row) for row in rows],
        "days": zone_days()[0],
        "breadcrumb": [{"label": _("Bestsellers")}],
    }
    return render(request, "storefront/hot.html", context)
