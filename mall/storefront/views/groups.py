"""Group buys: what is bought together, and a team behind its shared link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.kernel import clock
from mall.storefront.beside import beside, beside_goods
from mall.storefront.shopper import member_of
from mall.storefront.teams import group_goods, team_context
from promotions.selectors import team_by_number


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Every group buy with open teams to join. Queries: 6 and the shell's."""
    at = clock.now()
    goods = group_goods(at)
    context = {
        "goods": goods,
        "related": beside_goods(request, goods, at),
        "now": at,
        "breadcrumb": [{"label": _("Group buy")}],
    }
    return render(request, "storefront/groups.html", context)


@require_safe
def team(request: HttpRequest, number: str) -> HttpResponse:
    """Who is in, how many are missing and until when; join, pay, or share. Queries: 5 and the
    shell's."""
    member, at = member_of(request), clock.now()
    context = team_context(request, team_by_number(number), member.pk if member else None, at)
    context["related"] = beside(request, context["card"]["id"], at)
    context["breadcrumb"] = [
        {"label": _("Group buy"), "url": reverse("storefront:groups")},
        {"label": _("Group")},
    ]
    response = render(request, "storefront/team.html", context)
    add_never_cache_headers(response)
    return response
