"""Which device a visitor uses: a random cookie, kept only as a digest (P-65)."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from mall.kernel.client_ip import client_ip
from promotions.services import Footprint, digest

DEVICE_COOKIE = "device"
DEVICE_SECONDS = 60 * 60 * 24 * 730
LONGEST = 64


def footprint(request: HttpRequest) -> Footprint:
    """Where the request came from; a device that brings no cookie is not known."""
    token = request.COOKIES.get(DEVICE_COOKIE, "")[:LONGEST]
    return Footprint(device=digest(token) if token else "", ip=client_ip(request))


def named_device(request: HttpRequest) -> tuple[str, str]:
    """(cookie, digest) of the device; a new cookie, to be left on it, when it brings none."""
    token = request.COOKIES.get(DEVICE_COOKIE, "")[:LONGEST] or secrets.token_urlsafe(16)
    return token, digest(token)


def remember_device(request: HttpRequest, response: HttpResponse, token: str = "") -> HttpResponse:
    """Give a device its cookie when it has none; scripts cannot read it."""
    if not request.COOKIES.get(DEVICE_COOKIE):
        response.set_cookie(
            DEVICE_COOKIE,
            token or secrets.token_urlsafe(16),
            max_age=DEVICE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
