"""share-cards/ and share-visits/: what a shared page looks like, who followed it. Source: M-65."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import presenting
from mall.api.base import Endpoint, StrictSerializer, localized
from mall.api.catalog.shapes import ImageShape
from mall.api.choices import SHARE_KINDS
from mall.api.fields import ChoiceField, TextField
from mall.kernel import clock
from members.models import Account
from members.selectors import member_of
from orders.services import Touch, source_of
from promotions.presenting import site_dict
from promotions.selectors import share_card, site_settings
from promotions.services import note_visit, open_scene

HOUSE_SIZE = (500, 400)


class ShareQuery(serializers.Serializer):
    """What is to be shared: a product or coupon by id, a topic by slug, a group by number."""

    kind = ChoiceField(choices=SHARE_KINDS)
    id = serializers.RegexField(r"\A[0-9A-Za-z_-]{1,80}\Z")


class ShareCardShape(serializers.Serializer):
    kind = serializers.ChoiceField(choices=SHARE_KINDS)
    id = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    image = ImageShape(help_text="What has no picture is shared with the shop's own.")
    price_fen = serializers.IntegerField(allow_null=True)
    scene = serializers.CharField(help_text="Fits into a mini-program code: 16 signs at most.")
    path = serializers.CharField(help_text="With the scene code; following it is counted.")
    url = serializers.URLField()
    poster_url = serializers.URLField()
    source = serializers.CharField(  # type: ignore[assignment]
        help_text="What lines that come of it name as source."
    )


class VisitBody(StrictSerializer):
    """The scene code that a mini-program was opened with, and the install's own random id."""

    scene = TextField(max_length=16)
    visitor = TextField(max_length=64)


class ShareVisitShape(serializers.Serializer):
    kind = serializers.ChoiceField(choices=SHARE_KINDS)
    id = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class ShareCards(Endpoint):
    """The card of a page: for members with a code of their own, for guests with the shop's."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(parameters=[ShareQuery], responses=ShareCardShape)
    def get(self, request: Request) -> Response:
        query = ShareQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        kind, target = query.validated_data["kind"], query.validated_data["id"]
        card = share_card(kind, target, clock.now())
        scene = open_scene(
            member_id=_member_id(request), kind=kind, target=card.target, at=clock.now()
        )
        way = reverse("storefront:share_visit", args=[scene.code])
        poster = reverse("storefront:share_poster", args=[scene.code])
        return Response(
            {
                "kind": kind,
                "id": card.target,
                "title": localized(card.words, "title"),
                "text": localized(card.words, "text"),
                "image": presenting.image(card.image) or _shop_picture(),
                "price_fen": card.price_fen,
                "scene": scene.code,
                "path": way,
                "url": f"{settings.SITE_URL}{way}",
                "poster_url": f"{settings.SITE_URL}{poster}",
                "source": source_of(Touch.SHARE, scene.code),
            }
        )


class ShareVisits(Endpoint):
    """Say that somebody came by a scene code; counted once a day."""

    permission_classes = [AllowAny]
    throttle_scope = "write"

    @extend_schema(request=VisitBody, responses={201: ShareVisitShape})
    def post(self, request: Request) -> Response:
        body = self.body(VisitBody)
        scene = note_visit(
            code=body["scene"],
            visitor=body["visitor"],
            member_id=_member_id(request),
            at=clock.now(),
        )
        source = source_of(Touch.SHARE, scene.code)
        return Response({"kind": scene.kind, "id": scene.target, "source": source}, status=201)


def _shop_picture() -> dict[str, Any]:
    """The shop's logo; without one a picture of the house, in the shape that a chat shows."""
    own = site_settings()
    stored = {name: own.get(f"logo_{name}") for name in ("file", "width", "height")}
    if stored["file"]:
        shown = presenting.image({**stored, "widths": ()}) or {}
    else:
        width, height = HOUSE_SIZE
        plain = {"srcset": "", "srcset_avif": "", "width": width, "height": height}
        shown = {"url": static("img/share.png"), **plain}
    return {**shown, "alt": site_dict()["brand"]}


def _member_id(request: Request) -> int | None:
    account = request.user
    return member_of(account).pk if isinstance(account, Account) else None


urlpatterns = [
    path("share-cards/", ShareCards.as_view(), name="share-cards"),
    path("share-visits/", ShareVisits.as_view(), name="share-visits"),
]
