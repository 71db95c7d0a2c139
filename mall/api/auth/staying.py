"""auth/refresh/ and auth/logout/: the next pair of tokens, or the end of this device."""

from contextlib import suppress

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.auth.shapes import RefreshBody, SignedInShape
from mall.api.auth.tokens import read_refresh, renew
from mall.api.authentication import device, positive
from mall.api.base import Endpoint
from mall.api.me.profile import render_member
from mall.kernel import clock
from mall.kernel.errors import NotFound
from members import services
from members.errors import SessionEnded


class Refresh(Endpoint):
    """Change a refresh token, once, for the next pair."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_scope = "write"

    @extend_schema(request=RefreshBody, responses={200: SignedInShape})
    def post(self, request: Request) -> Response:
        tokens, member = renew(self.body(RefreshBody)["refresh"])
        return Response({**tokens, "member": render_member(member)})


class Logout(Endpoint):
    """Sign this device out: both of its tokens are dead at once. Saying it twice is no error."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_scope = "write"

    @extend_schema(request=RefreshBody, responses={204: None})
    def post(self, request: Request) -> Response:
        token = read_refresh(self.body(RefreshBody)["refresh"])
        sign_in_id = device(token.get("sid"))
        if sign_in_id is None:
            raise SessionEnded
        with suppress(NotFound):
            services.end_sign_in(
                account_id=positive(token.get("user_id")), sign_in_id=sign_in_id, at=clock.now()
            )
        return Response(status=204)
