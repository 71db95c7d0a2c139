"""me/sessions/: the devices on which I am signed in, and the way to sign one out (ATK-53)."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_simplejwt.tokens import AccessToken

from mall.api.authentication import device
from mall.api.base import page_of
from mall.api.me.base import MyEndpoint, whole_list
from mall.api.me.shapes import SessionShape
from mall.kernel import clock
from members import selectors, services
from members.presenting import sign_in_dict


class Sessions(MyEndpoint):
    """Where I am signed in, the last used first."""

    @extend_schema(responses=page_of(SessionShape))
    def get(self, request: Request) -> Response:
        token = request.auth
        assert isinstance(token, AccessToken)  # the only kind that BearerAuthentication takes
        current = device(token["sid"])
        devices = selectors.live_sign_ins(self.account.pk)
        return whole_list([sign_in_dict(row, current_id=current) for row in devices])


class OneSession(MyEndpoint):
    """One of my devices."""

    throttle_scope = "write"

    @extend_schema(responses={204: None})
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        services.end_sign_in(account_id=self.account.pk, sign_in_id=session_id, at=clock.now())
        return Response(status=204)
