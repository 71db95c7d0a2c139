"""The roof's answers to what no view answered: problem+json for the API, own pages for people."""

import sys

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mall.api import problems
from mall.console import errors as console
from mall.kernel.db.locking import is_away
from mall.kernel.errors import Busy
from mall.storefront import errors as pages


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself is broken."""
    if _is_api(request):
        return problems.plain(request, "request.malformed", _("This request is malformed."), 400)
    return pages.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    if _is_api(request):
        return problems.plain(request, "auth.forbidden", _("You may not do this."), 403)
    if console.is_console(request):
        return console.forbidden(request, exception)
    return pages.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for what belongs to somebody else."""
    if _is_api(request):
        return problems.plain(request, "kernel.not_found", _("There is nothing here."), 404)
    return pages.not_found(request, exception)


def crashed(request: HttpRequest) -> HttpResponse:
    """500: a bug of ours; 503 when PostgreSQL went away outside a view (sessions, languages)."""
    error = sys.exc_info()[1]
    if error is not None and is_away(error):
        return _away(request)
    if _is_api(request):
        title = _("Something broke on our side. Nothing was charged.")
        return problems.plain(request, "kernel.crashed", title, 500)
    return pages.crashed(request)


def _away(request: HttpRequest) -> HttpResponse:
    if not _is_api(request):
        return pages.away(request)
    answer = problems.plain(request, Busy.code, str(Busy.message), Busy.http_status)
    answer.headers["Retry-After"] = str(Busy.retry_after_seconds)
    return answer
