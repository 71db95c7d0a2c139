"""While the shop is closed: a page of its own for shoppers, problem+json for apps (X-64).

Operators, health checks, payment notices and the call-backs of carriers and suppliers go on.
"""

from datetime import datetime

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from mall.kernel import clock
from mall.kernel.words import localized
from promotions.selectors import Shutter, shutter

API = "/api/v1/"
OPEN_ALWAYS = (
    "/admin/",
    "/healthz",
    "/static/",
    "/media/",
    "/sandbox/",
    "/favicon.ico",
    "/i18n/",
    "/brand-",
    "/api/schema/",
    "/api/docs/",
    f"{API}payments/",
    f"{API}carriers/",
    f"{API}supplier/",
    f"{API}site/",
)
"""Who is no shopper; an app may ask how long the shop is closed."""
USUAL_WAIT_SECONDS = 600
LONGEST_WAIT_SECONDS = 24 * 60 * 60


def closed(request: HttpRequest) -> HttpResponse | None:
    """What a shopper reads while the shop is closed; None when it is open or they are none.

    Queries: none, 1 where the cache has nothing.
    """
    if request.path_info.startswith(OPEN_ALWAYS):
        return None
    state, at = _known(), clock.now()
    if not state.is_down(at):
        return None
    response = _problem(state) if request.path_info.startswith(API) else _page(request, state)
    response.headers["Retry-After"] = str(_wait_seconds(state, at))
    response.headers["Cache-Control"] = "no-store"
    return response


def _known() -> Shutter:
    """The shutter; open when nobody can be asked, for then the page itself says what is away."""
    try:
        return shutter()
    except DatabaseError:
        return Shutter()


def _page(request: HttpRequest, state: Shutter) -> HttpResponse:
    context = {"note": localized(state, "message"), "until": state.until}
    return HttpResponse(render_to_string("maintenance.html", context), status=503)


def _problem(state: Shutter) -> HttpResponse:
    body = {
        "type": "about:blank",
        "title": _("The shop is closed for a moment."),
        "status": 503,
        "code": "shop.closed",
        "detail": localized(state, "message") or _("The shop is closed for a moment."),
        "until": state.until,
    }
    return JsonResponse(body, status=503, content_type="application/problem+json")


def _wait_seconds(state: Shutter, at: datetime) -> int:
    if state.until is None:
        return USUAL_WAIT_SECONDS
    left = int((state.until - at).total_seconds()) + 1
    return max(1, min(left, LONGEST_WAIT_SECONDS))
