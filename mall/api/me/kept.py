"""me/favourites/ and me/history/: what I keep in mind, what I looked at. Source: C-07, C-08."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import presenting, services
from catalog.selectors import cards_of, favourites_of, is_favourite, views_of
from mall.api.base import CursorPage, StrictSerializer, page_of
from mall.api.catalog.shapes import CardShape
from mall.api.fields import IdField, InstantField, TextField
from mall.api.me.base import MyEndpoint
from mall.kernel import clock

PAGING = [OpenApiParameter("cursor"), OpenApiParameter("page_size", int)]
NEWEST = ("-at", "-pk")


class KeptShape(serializers.Serializer):
    product = CardShape()
    at = InstantField()


class FavouriteShape(serializers.Serializer):
    product_id = serializers.IntegerField()
    is_favourite = serializers.BooleanField()


class FavouriteBody(StrictSerializer):
    product_id = IdField()


class ViewBody(StrictSerializer):
    """A product that I look at, and the page that led there."""

    product_id = IdField()
    path = TextField(max_length=200, required=False, allow_blank=True)


class Kept(MyEndpoint):
    """A list of products with when they came onto it. 2 statements a page."""

    throttle_scope = "write"

    def cards(self, rows: QuerySet[Any], at: datetime) -> Response:
        """One page of cards, the latest first; what has no card yet is left out."""
        pager = CursorPage()
        pager.ordering = NEWEST
        found = pager.paginate_queryset(rows, self.request, view=self) or []
        cards = cards_of([row.product_id for row in found], at=at)
        shown = [row for row in found if cards[row.product_id]["price_fen"] is not None]
        return pager.get_paginated_response(
            [{"product": presenting.card(cards[row.product_id]), "at": row.at} for row in shown]
        )


class Favourites(Kept):
    """What I keep in mind; keeping it twice changes nothing."""

    @extend_schema(
        operation_id="me_favourites_list", responses=page_of(KeptShape), parameters=PAGING
    )
    def get(self, request: Request) -> Response:
        at = clock.now()
        return self.cards(favourites_of(self.account.pk, at), at)

    @extend_schema(request=FavouriteBody, responses={201: FavouriteShape})
    def post(self, request: Request) -> Response:
        return _keep(self, self.body(FavouriteBody)["product_id"], status=201)


class OneFavourite(MyEndpoint):
    """Whether I keep one product in mind; keep it or let it go, each as often as one likes."""

    throttle_scope = "write"

    @extend_schema(responses=FavouriteShape)
    def get(self, request: Request, product_id: int) -> Response:
        kept = is_favourite(self.account.pk, product_id)
        return Response({"product_id": product_id, "is_favourite": kept})

    @extend_schema(request=None, responses=FavouriteShape)
    def put(self, request: Request, product_id: int) -> Response:
        return _keep(self, product_id, status=200)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, product_id: int) -> Response:
        services.drop_favourite(account=self.account, product_id=product_id)
        return Response(status=204)


class History(Kept):
    """What I looked at in the last 90 days; mine to clear. Nothing is added once I said so."""

    @extend_schema(operation_id="me_history_list", responses=page_of(KeptShape), parameters=PAGING)
    def get(self, request: Request) -> Response:
        at = clock.now()
        return self.cards(views_of(self.account.pk, at), at)

    @extend_schema(request=ViewBody, responses={204: None})
    def post(self, request: Request) -> Response:
        body = self.body(ViewBody)
        if self.member.keeps_history:
            services.record_view(account=self.account, at=clock.now(), **body)
        return Response(status=204)

    @extend_schema(operation_id="me_history_clear", responses={204: None})
    def delete(self, request: Request) -> Response:
        services.clear_views(account=self.account)
        return Response(status=204)


class OneView(MyEndpoint):
    """Forget that I looked at one product."""

    throttle_scope = "write"

    @extend_schema(responses={204: None})
    def delete(self, request: Request, product_id: int) -> Response:
        services.drop_view(account=self.account, product_id=product_id)
        return Response(status=204)


def _keep(view: MyEndpoint, product_id: int, *, status: int) -> Response:
    services.keep_favourite(account=view.account, product_id=product_id, at=clock.now())
    return Response({"product_id": product_id, "is_favourite": True}, status=status)
