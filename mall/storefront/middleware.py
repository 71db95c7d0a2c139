"""What every page has: the shutter, refusals as sentences with a way back, how visitors came."""

from collections.abc import Callable

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url

from mall.kernel.db.locking import is_away, is_busy
from mall.kernel.errors import Busy, NotFound, ShopError, TooMany
from mall.storefront.errors import away
from mall.storefront.going import page_before, with_query
from mall.storefront.journey import remember_journey
from mall.storefront.refusals import sentence
from mall.storefront.shutter import closed
from members.errors import NeedVerification


class ShopErrorMiddleware:
    """Renders the ShopErrors that page views let through, and remembers the links they came by."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        shut = closed(request)
        return shut or remember_journey(request, self.get_response(request))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A message on the page that the form stood on, else a page of its own."""
        if is_away(error):
            return away(request)
        if isinstance(error, DatabaseError) and is_busy(error):
            error = Busy()
        if not isinstance(error, ShopError):
            return None
        if isinstance(error, NotFound):
            raise Http404 from error
        back = page_before(request)
        if isinstance(error, NeedVerification):
            return redirect(verify_url(error, back))
        if request.method == "POST" and back:
            messages.error(request, sentence(error))
            return redirect(back)
        return refusal(request, error)


def verify_url(error: NeedVerification, back: str) -> str:
    """The page where a code is shown, with the way back to the deed."""
    return with_query(
        resolve_url("storefront:verify"),
        deed=error.facts["deed"],
        subject=error.facts["subject"] or None,
        next=back or None,
    )


def refusal(request: HttpRequest, error: ShopError) -> HttpResponse:
    """The page that says why not, with the time to wait where there is one."""
    wait = error.facts.get("retry_after_seconds") or error.retry_after_seconds
    template = "429.html" if isinstance(error, TooMany) else "storefront/refused.html"
    context = {"error": sentence(error), "retry_after": wait}
    response = render(request, template, context, status=error.http_status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response
