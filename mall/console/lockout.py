"""What axes answers to whoever tried too many passwords at the operators' door (ATK-59)."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, _credentials: dict[str, Any] | None
) -> HttpResponse:
    """The sign-in page with the waiting time, 429; the same whether the name exists or not."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    context = {
        **admin.site.each_context(request),
        "title": _("Sign in"),
        "locked_out": ngettext(
            "That was too many wrong tries. Come back in %(minutes)d minute.",
            "That was too many wrong tries. Come back in %(minutes)d minutes.",
            minutes,
        )
        % {"minutes": minutes},
    }
    response = render(request, "admin/login.html", context, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response
