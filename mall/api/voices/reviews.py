"""Reviews: written, added to, read, liked; the feed of buyer shows. Source: C-56, C-57."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.selectors import cards_of, check_on_sale
from mall.api.base import CursorPage, page_of
from mall.api.catalog.base import OpenEndpoint
from mall.api.me.base import MyEndpoint
from mall.api.sending import storable
from mall.api.voices.bodies import AppendBody, ReviewBody, ReviewQuery
from mall.api.voices.shapes import (
    AddedShape,
    LikesShape,
    ReviewShape,
    ShowShape,
    WrittenReviewShape,
)
from mall.kernel import clock
from mall.kernel.idempotency import Answer
from orders import services
from orders.models import Review
from orders.presenting import review_dict, show_dict
from orders.selectors import FIRST, buyer_shows, reviews_of

KEY = OpenApiParameter("Idempotency-Key", location="header", required=True)
PAGING = [OpenApiParameter("cursor"), OpenApiParameter("page_size", int)]


class LineReview(MyEndpoint):
    """Say what a received item is like, once."""

    throttle_scope = "write"

    @extend_schema(request=ReviewBody, responses={201: WrittenReviewShape}, parameters=[KEY])
    def post(self, request: Request, number: str, line_id: int) -> Response:
        body, member_id, at = self.body(ReviewBody), self.member.pk, clock.now()
        return self.once(
            f"orders/{number}/lines/{line_id}/review",
            verb=lambda: services.write_review(
                member_id=member_id,
                order_number=number,
                line_id=line_id,
                rating=body["rating"],
                text=body["text"],
                is_anonymous=body.get("anonymous", False),
                upload_ids=tuple(body.get("upload_ids", ())),
                at=at,
            ),
            render=lambda review: Answer(201, storable(_written(review))),
        )


class LineAppend(MyEndpoint):
    """Add to one's own review, once."""

    throttle_scope = "write"

    @extend_schema(request=AppendBody, responses={201: AddedShape}, parameters=[KEY])
    def post(self, request: Request, number: str, line_id: int) -> Response:
        body, member_id, at = self.body(AppendBody), self.member.pk, clock.now()
        return self.once(
            f"orders/{number}/lines/{line_id}/review/append",
            verb=lambda: services.append_review(
                member_id=member_id,
                order_number=number,
                line_id=line_id,
                text=body["text"],
                upload_ids=tuple(body.get("upload_ids", ())),
                at=at,
            ),
            render=lambda added: Answer(
                201,
                storable(
                    {
                        "text": added.text,
                        "written_at": added.written_at.replace(microsecond=0),
                        "is_shown": added.is_shown,
                    }
                ),
            ),
        )


class Reviews(OpenEndpoint):
    """The shown reviews of a product: featured ones first, then the newest."""

    @extend_schema(responses=page_of(ReviewShape), parameters=[ReviewQuery, *PAGING])
    def get(self, request: Request, product_id: int) -> Response:
        query = ReviewQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        check_on_sale(product_id, clock.now())
        pager = _pager()
        rows = reviews_of(product_id, **query.validated_data)
        found = pager.paginate_queryset(rows, request, view=self) or []
        return pager.get_paginated_response([review_dict(row) for row in found])


class BuyerShows(OpenEndpoint):
    """Reviews with pictures of the whole shop, each with its product. 3 statements."""

    @extend_schema(responses=page_of(ShowShape), parameters=PAGING)
    def get(self, request: Request) -> Response:
        at, pager = clock.now(), _pager()
        found: list[Review] = pager.paginate_queryset(buyer_shows(at=at), request, view=self) or []
        cards = cards_of({row.product_id for row in found}, at=at)
        return pager.get_paginated_response([show_dict(row, cards) for row in found])


class ReviewLikes(MyEndpoint):
    """Like a buyer's show, once; or no more."""

    throttle_scope = "write"

    @extend_schema(request=None, responses=LikesShape)
    def put(self, request: Request, review_id: int) -> Response:
        count = services.like_review(review_id=review_id, member_id=self.member.pk, at=clock.now())
        return Response({"likes_count": count})

    @extend_schema(responses=LikesShape)
    def delete(self, request: Request, review_id: int) -> Response:
        count = services.unlike_review(review_id=review_id, member_id=self.member.pk)
        return Response({"likes_count": count})


def _pager() -> CursorPage:
    pager = CursorPage()
    pager.ordering = FIRST
    return pager


def _written(review: Review) -> dict[str, Any]:
    return {**review_dict(review), "is_shown": review.is_shown}
