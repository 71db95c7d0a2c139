"""catalog/short-videos/: the feed of short videos. Source: C-43."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import presenting
from catalog.selectors import cards_of, film_feed, film_row
from mall.api.base import CursorPage, page_of
from mall.api.catalog.base import OpenEndpoint
from mall.api.catalog.shapes import CardShape, VideoShape
from mall.api.voices.reviews import PAGING
from mall.kernel import clock
from orders.services import Touch, source_of


class ShortVideoShape(serializers.Serializer):
    video = VideoShape()
    product = CardShape()
    source = serializers.CharField(  # type: ignore[assignment]
        help_text="What lines that come of it name as source."
    )


class ShortVideos(OpenEndpoint):
    """Short videos of goods on sale, in the operators' order, each with its product. 2
    statements."""

    @extend_schema(responses=page_of(ShortVideoShape), parameters=PAGING)
    def get(self, request: Request) -> Response:
        at, source = clock.now(), source_of(Touch.VIDEO)
        pager = CursorPage()
        pager.ordering = ("sort", "-pk")
        found = pager.paginate_queryset(film_feed(at), request, view=self) or []
        rows = [film_row(row) for row in found]
        cards = cards_of({row["product_id"] for row in rows}, at=at)
        return pager.get_paginated_response(
            [
                {
                    "video": presenting.video(row["video"], cards[row["product_id"]]["image"]),
                    "product": presenting.card(cards[row["product_id"]]),
                    "source": source,
                }
                for row in rows
                if cards[row["product_id"]]["price_fen"] is not None
            ]
        )
