"""promotions/red-packets/: look at a packet, take a share."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import Endpoint
from mall.api.deal_bodies import EmptyBody
from mall.api.fields import InstantField
from mall.api.me.base import MyEndpoint
from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.idempotency import Answer
from members.models import Account
from members.selectors import member_of
from promotions.presenting import claim_dict, packet_dict
from promotions.selectors import packet_view
from promotions.services import claim_packet

MOST_LETTERS = 32


class ShareShape(serializers.Serializer):
    position = serializers.IntegerField()
    amount_fen = serializers.IntegerField()
    at = InstantField()


class SharedShape(ShareShape):
    nickname = serializers.CharField()


class RedPacketShape(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    opener = serializers.CharField(allow_null=True)
    total_fen = serializers.IntegerField()
    shares = serializers.IntegerField()
    left_shares = serializers.IntegerField()
    ends_at = InstantField()
    state = serializers.ChoiceField(choices=["open", "mine", "empty", "over"])
    mine = ShareShape(allow_null=True)
    claims = SharedShape(many=True)


class RedPacketView(Endpoint):
    """A packet behind a shared link, and what is left of it."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(responses=RedPacketShape)
    def get(self, request: Request, code: str) -> Response:
        reader = request.user
        member_id = member_of(reader).pk if isinstance(reader, Account) else None
        return Response(packet_dict(packet_view(plain(code), member_id), clock.now()))


class RedPacketClaims(MyEndpoint):
    """Take one share into the wallet; one a member."""

    throttle_scope = "write"

    @extend_schema(
        request=EmptyBody,
        responses={201: ShareShape},
        parameters=[OpenApiParameter("Idempotency-Key", location="header", required=True)],
    )
    def post(self, request: Request, code: str) -> Response:
        self.body(EmptyBody)
        member_id, at = self.member.pk, clock.now()
        return self.once(
            f"promotions/red-packets/{plain(code)}/claims",
            verb=lambda: claim_packet(code=code, member_id=member_id, at=at),
            render=lambda claim: Answer(201, claim_dict(claim)),
        )


def plain(code: str) -> str:
    """The code, when it can be one. Raises: NotFound."""
    if len(code) > MOST_LETTERS or not (code.isascii() and code.isalnum()):
        raise NotFound
    return code
