"""What a visitor may set without an account: light or dark, and where parcels would go. The
language is in the address. Source: O-52, C-71 for the region."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mall.kernel import regions
from mall.storefront.going import asked_next, go, go_back, page_before

THEME_COOKIE, REGION_COOKIE = "theme", "region"
FIRST_CITY = "01"
THEMES = ("auto", "light", "dark")
A_YEAR = 60 * 60 * 24 * 365


def theme_of(request: HttpRequest) -> str:
    """``light``, ``dark`` or ``auto``."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEMES else THEMES[0]


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie."""
    response = go_back(request, "home")
    chosen = request.POST.get("theme", "")
    return _remember(response, THEME_COOKIE, chosen) if chosen in THEMES else response


def chosen_region(request: HttpRequest) -> str:
    """The code of the region that the visitor chose, empty for none."""
    code = request.COOKIES.get(REGION_COOKIE, "")
    return code if regions.find(code) is not None else ""


@require_http_methods(["GET", "HEAD", "POST"])
def region(request: HttpRequest) -> HttpResponse:
    """Choose the city that prices of the way, arrival and assortment are shown for; none of them
    goes back to the default address. Queries: none of its own."""
    if request.method == "POST":
        return _choose_region(request, request.POST.get("region", ""))
    now = chosen_region(request)
    context = {
        "provinces": [_province(place, now) for place in regions.children()],
        "chosen": now,
        "next": asked_next(request) or page_before(request),
        "breadcrumb": [{"label": _("Deliver to")}],
    }
    return render(request, "storefront/region.html", context)


def _choose_region(request: HttpRequest, code: str) -> HttpResponse:
    response = go(request, "home")
    if not code:
        response.delete_cookie(REGION_COOKIE, samesite="Lax")
        return response
    return response if regions.find(code) is None else _remember(response, REGION_COOKIE, code)


def _province(place: regions.Region, now: str) -> dict[str, Any]:
    """A province with its cities; the city of a municipality bears its name."""
    cities = [
        {"code": city.code, "name": regions.full_name(city.code)[-1], "current": city.code == now}
        for city in regions.children(place.code)
        if city.name not in regions.FILLERS or city.code.endswith(FIRST_CITY)
    ]
    own = {"code": place.code, "name": place.name, "current": place.code == now}
    is_open = bool(now) and now.startswith(place.code)
    return {"name": place.name, "cities": cities or [own], "open": is_open}


def _remember(response: HttpResponse, cookie: str, value: str) -> HttpResponse:
    response.set_cookie(
        cookie,
        value,
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
