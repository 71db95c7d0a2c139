"""Which device a client runs on: what its ``X-Device-Id`` says, kept only as a digest (P-65)."""

from rest_framework.request import Request

from mall.kernel.client_ip import client_ip
from promotions.services import Footprint, digest

DEVICE_HEADER = "X-Device-Id"
LONGEST = 64


def footprint(request: Request) -> Footprint:
    """Where the request came from; a device that says nothing is not known."""
    token = request.headers.get(DEVICE_HEADER, "")[:LONGEST]
    return Footprint(device=digest(token) if token else "", ip=client_ip(request._request))
