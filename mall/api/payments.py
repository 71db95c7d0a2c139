"""payments/: how one of mine stands, and where providers send their notices."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import Endpoint
from mall.api.deal_shapes import PaymentShape
from mall.api.me.base import MyEndpoint
from mall.kernel import clock
from mall.kernel.client_ip import client_ip
from mall.kernel.errors import Busy
from members.models import Member
from members.selectors import openid_of
from orders import selectors, services
from orders.presenting import payment_dict
from orders.services import MAX_BODY_BYTES, Action, Payer

ALIPAY = "alipay"


def action_dict(action: Action, request: Request) -> dict[str, Any]:
    """What the client does next; addresses of this house become absolute."""
    url = request.build_absolute_uri(action.url) if action.url else None
    return {
        "type": action.type,
        "params": dict(action.params) if action.params else None,
        "url": url,
        "code_url": action.code_url,
    }


def payer_of(request: Request, member: Member) -> Payer:
    """Who pays, as far as a provider may want to know: their address and who they are to
    WeChat."""
    openid = openid_of(member.account_id, settings.WECHAT_APPID) if settings.WECHAT_APPID else ""
    return Payer(ip=client_ip(request._request), openid=openid)


class OnePayment(MyEndpoint):
    """One of mine; another's is not there."""

    @extend_schema(responses=PaymentShape)
    def get(self, request: Request, payment_no: str) -> Response:
        return Response(payment_dict(selectors.payment(self.member.pk, payment_no)))


class Notify(Endpoint):
    """A provider's notice. Believed for its signature alone; answered in the provider's own way."""

    authentication_classes = []
    permission_classes = [AllowAny]
    parser_classes = []
    throttle_scope = "notice"

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, provider: str) -> HttpResponseBase:
        if _length(request) > MAX_BODY_BYTES:
            return _refusal(provider, "too_large", 413)
        try:
            result = services.accept_notice(
                provider=provider,
                headers=dict(request.headers),
                body=request._request.body,
                at=clock.now(),
            )
        except Busy as error:  # said in the provider's way: it will come again
            return _refusal(provider, error.code, error.http_status)
        if not result.is_accepted:
            status = 404 if result.reason == "provider_unknown" else 400
            return _refusal(provider, result.reason, status)
        return _plain("success") if provider == ALIPAY else Response(status=204)


def _length(request: Request) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else MAX_BODY_BYTES + 1


def _refusal(provider: str, reason: str, status: int) -> HttpResponseBase:
    """No, in the provider's own way: it will come again. Alipay looks at the word alone."""
    if provider == ALIPAY:
        return _plain("fail", status)
    return Response({"code": "FAIL", "message": reason}, status=status)


def _plain(word: str, status: int = 200) -> HttpResponseBase:
    return HttpResponse(word, content_type="text/plain", status=status)


urlpatterns = [
    path("<slug:payment_no>/", OnePayment.as_view(), name="payment"),
    path("<slug:provider>/notify/", Notify.as_view(), name="payment-notify"),
]
