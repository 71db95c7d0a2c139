"""A ShopError on a page becomes a message and a way back; nothing else needs to catch it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from mall.kernel.errors import NotFound, ShopError


class ShopErrorMiddleware:
    """Renders ShopErrors that page views let through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, ShopError):
            return None
        if isinstance(error, NotFound):
            raise Http404 from error
        back = request.META.get("HTTP_REFERER", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(back, {request.get_host()}):
            messages.error(request, str(error))
            return redirect(back)
        return render(request, "storefront/refused.html", {"error": error}, status=error.http_status)
