"""Questions about a product: read, asked by members, answered by buyers. Source: C-62."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.selectors import check_on_sale
from mall.api.base import CursorPage, IsMember, page_of
from mall.api.me.base import MyEndpoint
from mall.api.voices.bodies import AnswerBody, QuestionBody
from mall.api.voices.reviews import PAGING
from mall.api.voices.shapes import AnswerShape, AskedShape, QuestionShape
from mall.kernel import clock
from mall.kernel.errors import InvalidInput
from orders import services
from orders.presenting import answer_dict, question_dict
from orders.selectors import questions_of

FAQ = OpenApiParameter(
    "faq",
    bool,
    description="true: only the product's FAQ; false: only the other questions; absent: all.",
)
FLAGS = {"true": True, "false": False}


class Questions(MyEndpoint):
    """What members asked about a product, the newest first; ask yourself."""

    permission_classes = [IsMember]
    throttle_scope = "write"

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny()] if self.request.method in SAFE_METHODS else [IsMember()]

    @extend_schema(responses=page_of(QuestionShape), parameters=[FAQ, *PAGING])
    def get(self, request: Request, product_id: int) -> Response:
        is_faq = _faq_asked(request)
        check_on_sale(product_id, clock.now())
        pager = CursorPage()
        pager.ordering = ("-asked_at", "-pk")
        found = pager.paginate_queryset(questions_of(product_id, is_faq), request, view=self) or []
        return pager.get_paginated_response([question_dict(row) for row in found])

    @extend_schema(request=QuestionBody, responses={201: AskedShape})
    def post(self, request: Request, product_id: int) -> Response:
        question = services.ask_question(
            member_id=self.member.pk,
            product_id=product_id,
            text=self.body(QuestionBody)["text"],
            at=clock.now(),
        )
        shown: dict[str, Any] = {**question_dict(question), "is_shown": question.is_shown}
        return Response(shown, status=201)


class Answers(MyEndpoint):
    """Answer a question about something I bought, once."""

    throttle_scope = "write"

    @extend_schema(request=AnswerBody, responses={201: AnswerShape})
    def post(self, request: Request, question_id: int) -> Response:
        answer = services.answer_as_buyer(
            member_id=self.member.pk,
            question_id=question_id,
            text=self.body(AnswerBody)["text"],
            at=clock.now(),
        )
        return Response(answer_dict(answer), status=201)


def _faq_asked(request: Request) -> bool | None:
    """What ``faq`` of the query string says. Raises: InvalidInput."""
    said = request.query_params.get("faq")
    if said is not None and said not in FLAGS:
        raise InvalidInput(field="faq", allowed=", ".join(FLAGS))
    return None if said is None else FLAGS[said]
