"""promotions/lotteries/: the odds as they are now, and a draw."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import Endpoint, page_of
from mall.api.deal_bodies import EmptyBody
from mall.api.fields import MAX_ID, InstantField
from mall.api.me.base import MyEndpoint
from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.idempotency import Answer
from promotions import selectors
from promotions.models import Lottery, Prize
from promotions.presenting import draw_dict, lottery_dict
from promotions.services import draw_prize


class PrizeShape(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Prize.Kind.values)
    title = serializers.CharField()
    points = serializers.IntegerField(allow_null=True)
    amount_fen = serializers.IntegerField(allow_null=True)


class PrizeOddsShape(PrizeShape):
    odds_ppm = serializers.IntegerField()
    left = serializers.IntegerField(allow_null=True)


class LotteryShape(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    starts_at = InstantField()
    ends_at = InstantField()
    cost_points = serializers.IntegerField()
    draws_a_day = serializers.IntegerField()
    version = serializers.IntegerField()
    prizes = PrizeOddsShape(many=True)


class DrawShape(serializers.Serializer):
    number = serializers.CharField()
    at = InstantField()
    chance_no = serializers.IntegerField()
    cost_points = serializers.IntegerField()
    prize = PrizeShape()


class LotteryView(Endpoint):
    """A lottery with its odds at this moment, in millionths."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(responses=LotteryShape)
    def get(self, request: Request, lottery_id: int) -> Response:
        lottery = found(lottery_id)
        return Response(lottery_dict(lottery, selectors.prize_odds(lottery)))


class LotteryDraws(MyEndpoint):
    """Draw once; look at what I have drawn."""

    throttle_scope = "write"

    @extend_schema(
        request=EmptyBody,
        responses={201: DrawShape},
        parameters=[OpenApiParameter("Idempotency-Key", location="header", required=True)],
    )
    def post(self, request: Request, lottery_id: int) -> Response:
        self.body(EmptyBody)
        lottery, member_id, at = found(lottery_id), self.member.pk, clock.now()
        return self.once(
            f"promotions/lotteries/{lottery.pk}/draws",
            verb=lambda: draw_prize(lottery_id=lottery.pk, member_id=member_id, at=at),
            render=lambda draw: Answer(201, draw_dict(draw)),
        )

    @extend_schema(responses=page_of(DrawShape))
    def get(self, request: Request, lottery_id: int) -> Response:
        draws = selectors.draws_of(found(lottery_id), self.member.pk)
        return self.page(draws, ("-pk",), draw_dict)


def found(lottery_id: int) -> Lottery:
    """A published lottery. Raises: NotFound."""
    if lottery_id > MAX_ID:
        raise NotFound
    return selectors.public_lottery(lottery_id)
