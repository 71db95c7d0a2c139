"""Where a page sends its visitor next: only to places of this shop (open redirects, ATK-64)."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def is_local(path: str) -> bool:
    """True for a path of this shop, written from the root: no host, no scheme, no trick."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)


def asked_next(request: HttpRequest) -> str:
    """The ``next`` of the form or the address when it is a path of this shop, else empty."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    return path if is_local(path) else ""


def page_before(request: HttpRequest) -> str:
    """The path of the page that this request came from, when that is one of this shop's."""
    try:
        found = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no address at all: http://[x
        return ""
    if found.netloc != request.get_host():
        return ""
    path = f"{found.path}?{found.query}" if found.query else found.path
    return path if is_local(path) else ""


def go(request: HttpRequest, default: str, *args: object) -> HttpResponseRedirect:
    """Go to ``next`` when it is ours, else to the page named ``default``."""
    return redirect(asked_next(request) or resolve_url(f"storefront:{default}", *args))


def go_back(request: HttpRequest, default: str, *args: object) -> HttpResponseRedirect:
    """Go to ``next``, else to the page before, else to the page named ``default``."""
    return redirect(
        asked_next(request) or page_before(request) or resolve_url(f"storefront:{default}", *args)
    )


def with_query(path: str, **values: object) -> str:
    """``path`` with a query string of the values that are not None."""
    query = urlencode({name: value for name, value in values.items() if value is not None})
    return f"{path}?{query}" if query else path
