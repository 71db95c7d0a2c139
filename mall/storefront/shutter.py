"""While the shop is closed: a page of its own for shoppers, problem+json for apps (X-64).

Operators, health checks, payment notices and the call-backs of carriers and suppliers go on.
"""

import time
from datetime import datetime

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from mall.kernel import clock
from mall.kernel.words import localized
from mall.storefront.site import Shape, site
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
GLANCE_SECONDS = 0.2
"""So long a process believes what it saw of the shutter, where it shows pages."""
LOOKING = frozenset({"GET", "HEAD"})


class Glance:
    """The shutter as this process saw it a moment ago: what is shown many thousand times a second
    cannot ask each time."""

    def __init__(self) -> None:
        self._until, self._state = 0.0, Shutter()

    def is_down(self, at: datetime) -> bool:
        """Whether the shop is closed. Queries: those of the shutter, 5 times a second at most."""
        if time.monotonic() >= self._until:
            self._state = _known()
            self._until = time.monotonic() + GLANCE_SECONDS
        return self._state.is_down(at)

    def forget(self) -> None:
        """Look again at the next question."""
        self._until = 0.0


GLANCE = Glance()


def closed(request: HttpRequest) -> HttpResponse | None:
    """What a shopper reads while the shop is closed; None when it is open or they are none.

    What only looks goes by the process's glance, what does something asks each time. Queries: none,
    1 where the cache has nothing.
    """
    at = clock.now()
    if request.path_info.startswith(OPEN_ALWAYS):
        return None
    if request.method in LOOKING and not GLANCE.is_down(at):
        return None
    state = _known()
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
    context = {"note": localized(state, "message"), "until": state.until, "site": _site()}
    return HttpResponse(render_to_string("maintenance.html", context), status=503)


def _site() -> Shape | None:
    """How the shop looks; None when nobody can be asked: the page says without it what it must."""
    try:
        return site()
    except DatabaseError:
        return None


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
