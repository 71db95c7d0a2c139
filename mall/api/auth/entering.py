"""auth/register/, login/, wechat/: prove who you are, get tokens, bring your guest cart."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.auth.shapes import LoginBody, RegisterBody, SignedInShape, WechatBody
from mall.api.auth.tokens import open_device
from mall.api.base import Endpoint
from mall.api.device import footprint
from mall.api.me.profile import render_member
from mall.kernel import clock
from mall.kernel.client_ip import client_ip
from mall.kernel.errors import ShopError
from members import services
from members.models import Member
from members.selectors import member as find_member
from orders import services as orders
from promotions.services import note_registered


class Entrance(Endpoint):
    """What the three doors share: nobody is signed in yet, and guessing is slow."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_scope = "login"

    def signed_in(self, member: Member, cart_token: str | None, status: int) -> Response:
        """Open the device, merge the guest cart, answer with tokens and member."""
        if cart_token:
            with suppress(ShopError):  # a cart that is gone is no reason to stay outside
                orders.merge_cart(member_id=member.pk, token=cart_token, at=clock.now())
        tokens = open_device(self.request._request, member.account)
        return Response({**tokens, "member": render_member(member)}, status=status)

    def note_joined(self, member_id: int, at: datetime) -> None:
        """The landing page that brought this device has brought a member (X-13)."""
        if visitor := footprint(self.request).device:
            note_registered(visitor=visitor, member_id=member_id, at=at)


class Register(Entrance):
    """Join with a phone proved by a code."""

    @extend_schema(request=RegisterBody, responses={201: SignedInShape})
    def post(self, request: Request) -> Response:
        body = self.body(RegisterBody)
        cart_token = body.pop("cart_token", None)
        joined = services.register(**body, at=(at := clock.now()))
        self.note_joined(joined.pk, at)
        return self.signed_in(find_member(joined.pk), cart_token, 201)


class Login(Entrance):
    """Sign in by password or code."""

    @extend_schema(request=LoginBody, responses={200: SignedInShape})
    def post(self, request: Request) -> Response:
        body = self.body(LoginBody)
        cart_token = body.pop("cart_token", None)
        return self.signed_in(self._member(body), cart_token, 200)

    def _member(self, body: dict[str, Any]) -> Member:
        if "code" in body:
            return services.sign_in_code(**body, at=clock.now())
        return services.sign_in_password(
            **body, client_ip=client_ip(self.request._request), at=clock.now()
        )


class Wechat(Entrance):
    """Sign in by a mini-program's log-in code."""

    @extend_schema(request=WechatBody, responses={200: SignedInShape})
    def post(self, request: Request) -> Response:
        body = self.body(WechatBody)
        cart_token = body.pop("cart_token", None)
        member = services.sign_in_wechat(**body, at=(at := clock.now()))
        if member.joined_at == at:
            self.note_joined(member.pk, at)
        return self.signed_in(find_member(member.pk), cart_token, 200)
