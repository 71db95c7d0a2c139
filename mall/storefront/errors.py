"""Own error pages: what happened, what was not done, the way back."""

import uuid
from contextlib import AbstractContextManager

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from mall.kernel import clock
from mall.kernel.errors import Busy
from mall.storefront.caching import FRESH_COOKIE
from mall.storefront.context import region_of
from mall.storefront.goods import picked
from mall.storefront.shopper import member_of

FRESH_SECONDS = 60 * 60 * 24


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request itself is broken; there is nothing behind it."""
    return render(request, "404.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not for this account."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or not yours; what one likes or what sells stands below."""
    member = member_of(request)
    recommended = picked(member, clock.now(), region_code=region_of(request, member))
    return render(request, "404.html", {"recommended": recommended}, status=404)


def crashed(request: HttpRequest) -> HttpResponse:
    """A bug of ours: a page that needs no database and no session."""
    trace = structlog.contextvars.get_contextvars().get("request_id") or uuid.uuid4().hex
    with _language_of(request):
        return HttpResponseServerError(render_to_string("500.html", {"trace_id": trace}))


def away(request: HttpRequest) -> HttpResponse:
    """PostgreSQL does not answer: a page that needs none, and when to come again."""
    with _language_of(request):
        response = HttpResponse(render_to_string("maintenance.html"), status=503)
    response.headers["Retry-After"] = str(Busy.retry_after_seconds)
    return response


def _language_of(request: HttpRequest) -> AbstractContextManager[None]:
    """The language of the address: outside the middleware of languages, the thread still speaks
    that of its last visitor."""
    found = translation.get_language_from_path(request.path_info)
    return translation.override(found or settings.LANGUAGE_CODE)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token was missing or old, nothing was done; the pages to come bring tokens, for a
    browser that does not say where its forms stand (ADR 14)."""
    response = render(request, "403_csrf.html", status=403)
    response.set_cookie(
        FRESH_COOKIE,
        "1",
        max_age=FRESH_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
