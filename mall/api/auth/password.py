"""auth/password/: a new one by SMS code or by the old one. Every other device is signed out."""

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.auth.shapes import ChangePasswordBody, ResetPasswordBody, SignedInShape
from mall.api.auth.tokens import open_device
from mall.api.base import Endpoint
from mall.api.me.profile import render_member
from mall.kernel import clock
from mall.kernel.client_ip import client_ip
from members import services
from members.models import Member
from members.selectors import member_of

BODIES = PolymorphicProxySerializer(
    component_name="PasswordBody",
    serializers=[ResetPasswordBody, ChangePasswordBody],
    resource_type_field_name=None,
)


class Password(Endpoint):
    """Set a new password; the answer signs this device in again."""

    permission_classes = [AllowAny]
    throttle_scope = "login"

    @extend_schema(request=BODIES, responses={200: SignedInShape})
    def post(self, request: Request) -> Response:
        wants_change = isinstance(request.data, dict) and "old_password" in request.data
        member = self._change() if wants_change else self._reset()
        tokens = open_device(request._request, member.account)
        return Response({**tokens, "member": render_member(member)})

    def _reset(self) -> Member:
        return services.reset_password(**self.body(ResetPasswordBody), at=clock.now())

    def _change(self) -> Member:
        if not self.request.user.is_authenticated:
            raise NotAuthenticated
        body = self.body(ChangePasswordBody)
        member = member_of(self.request.user)
        member.account = services.set_password(
            account=self.request.user,
            **body,
            client_ip=client_ip(self.request._request),
            at=clock.now(),
        )
        return member
