"""Presales: what can be ordered before it exists, with a deposit that counts as more."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.kernel import clock
from mall.storefront.beside import beside_goods
from mall.storefront.offers import goods_in
from promotions.models import Campaign
from promotions.selectors import activities_of_kind


@require_safe
def presales(request: HttpRequest) -> HttpResponse:
    """Every presale that is on or begins within a week. Queries: 5 and the shell's."""
    at = clock.now()
    goods = goods_in(activities_of_kind(Campaign.Kind.PRESALE, at), at)
    context = {
        "goods": goods,
        "related": beside_goods(request, goods, at),
        "now": at,
        "breadcrumb": [{"label": _("Presale")}],
    }
    return render(request, "storefront/presales.html", context)
