"""Own error pages: what happened, what was not done, the way back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token was missing or old; nothing was done."""
    return render(request, "403_csrf.html", status=403)
