"""auth/sms-codes/: the answer is the same whether or not the phone is known (ATK-60)."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.auth.shapes import SentShape, SmsCodeBody
from mall.api.base import Endpoint
from mall.kernel import clock
from mall.kernel.client_ip import client_ip
from members import services


class SmsCodes(Endpoint):
    """Ask for a one-time code by SMS."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_scope = "sms"

    @extend_schema(request=SmsCodeBody, responses={202: SentShape})
    def post(self, request: Request) -> Response:
        body = self.body(SmsCodeBody)
        wait = services.send_code(**body, client_ip=client_ip(request._request), at=clock.now())
        return Response({"retry_after_seconds": wait}, status=202)
