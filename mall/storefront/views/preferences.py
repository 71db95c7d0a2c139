"""What a visitor may set without an account: light or dark. The language is in the address."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from mall.storefront.going import go_back

THEME_COOKIE = "theme"
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
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            chosen,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
