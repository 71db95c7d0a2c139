"""me/notifications/: what the shop told me."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import page_of
from mall.api.me.base import MyEndpoint
from mall.api.me.shapes import MessageShape, ReadBody, ReadShape
from mall.kernel import clock
from mall.kernel.notify.models import Message
from members import selectors, services
from members.presenting import message_dict


class Notifications(MyEndpoint):
    """My inbox, newest first."""

    @extend_schema(responses=page_of(MessageShape))
    def get(self, request: Request) -> Response:
        messages = selectors.inbox(self.account.pk)
        return self.page(messages, ("-at", "-pk"), _render)


class NotificationsRead(MyEndpoint):
    """Mark one message, or all, as read."""

    throttle_scope = "write"

    @extend_schema(request=ReadBody, responses=ReadShape)
    def post(self, request: Request) -> Response:
        message_id = self.body(ReadBody).get("id")
        read = services.read_inbox(
            account_id=self.account.pk, message_id=message_id, at=clock.now()
        )
        return Response({"read": read})


def _render(message: Message) -> dict[str, Any]:
    shape = message_dict(message)
    shape["url"] = _url(shape.pop("route"), shape.pop("route_args"))
    return shape


def _url(route: str | None, arguments: list[Any]) -> str | None:
    try:
        return reverse(route, args=arguments) if route else None
    except NoReverseMatch:  # a message of an older release
        return None
