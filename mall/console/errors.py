"""Refusals on the operators' side keep the console's frame."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

PREFIX = "/admin/"


def is_console(request: HttpRequest) -> bool:
    """True for a signed-in operator under /admin/; everybody else gets the shop's pages."""
    user = getattr(request, "user", None)
    return (
        request.path.startswith(PREFIX) and user is not None and admin.site.has_permission(request)
    )


def forbidden(request: HttpRequest, _exception: Exception) -> HttpResponse:
    """403: the role does not open this screen."""
    context = {**admin.site.each_context(request), "title": _("Not your screen")}
    return render(request, "admin/403.html", context, status=403)
