"""carriers/: where carriers' systems tell us about parcels. Source: O-19."""

from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import Endpoint
from mall.kernel import clock
from mall.kernel.errors import Busy
from orders import services
from orders.services import MAX_PUSH_BYTES

STATUSES = {"adapter_unknown": 404, "parcel_unknown": 404, "too_large": 413}


class TrackingPushed(Endpoint):
    """A carrier's call-back. Believed for its signature alone; refused, it will come again."""

    authentication_classes = []
    permission_classes = [AllowAny]
    parser_classes = []
    throttle_scope = "notice"

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, adapter: str) -> HttpResponseBase:
        if _length(request) > MAX_PUSH_BYTES:
            return _refusal("too_large", 413)
        try:
            result = services.accept_push(
                adapter=adapter,
                headers=dict(request.headers),
                body=request._request.body,
                at=clock.now(),
            )
        except Busy as error:
            return _refusal(error.code, error.http_status)
        if not result.is_accepted:
            return _refusal(result.reason, STATUSES.get(result.reason, 400))
        return Response(status=204)


def _length(request: Request) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else MAX_PUSH_BYTES + 1


def _refusal(reason: str, status: int) -> Response:
    return Response({"code": "FAIL", "message": reason}, status=status)


urlpatterns = [path("<slug:adapter>/push/", TrackingPushed.as_view(), name="tracking-push")]
