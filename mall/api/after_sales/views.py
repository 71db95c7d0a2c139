"""after-sales/: asking about one's own orders, what comes back before the click, sending back."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.after_sales.bodies import (
    AfterSaleBody,
    AfterSaleWishBody,
    ReturnParcelBody,
    UploadBody,
    request_of,
    wish_of,
)
from mall.api.after_sales.shapes import AfterSaleShape, RefundPreviewShape, UploadShape
from mall.api.deal_bodies import EmptyBody
from mall.api.me.base import MyEndpoint
from mall.api.sending import storable
from mall.kernel import clock
from mall.kernel.idempotency import Answer
from orders import selectors, services
from orders.models import AfterSale
from orders.presenting import after_sale_dict, preview_dict, upload_dict

KEY = OpenApiParameter("Idempotency-Key", location="header", required=True)


class OrderAfterSales(MyEndpoint):
    """Ask about pieces of one of my orders."""

    throttle_scope = "order"

    @extend_schema(request=AfterSaleBody, responses={201: AfterSaleShape}, parameters=[KEY])
    def post(self, request: Request, number: str) -> Response:
        wanted = request_of(self.body(AfterSaleBody))
        member_id, at = self.member.pk, clock.now()

        def shown(case: AfterSale) -> Answer:
            whole = selectors.after_sale(member_id, case.number)
            where = {"Location": f"/api/v1/after-sales/{case.number}/"}
            return Answer(201, storable(after_sale_dict(whole)), where)

        return self.once(
            f"orders/{number}/after-sales",
            verb=lambda: services.request_after_sale(
                number=number, member_id=member_id, request=wanted, at=at, actor=self.account
            ),
            render=shown,
        )


class AfterSalePreview(MyEndpoint):
    """What would come back: money, points, coupon, gifts, freight, line by line and in words."""

    throttle_scope = "write"

    @extend_schema(request=AfterSaleWishBody, responses=RefundPreviewShape)
    def post(self, request: Request, number: str) -> Response:
        facts, answer = services.preview(
            number=number,
            member_id=self.member.pk,
            wish=wish_of(self.body(AfterSaleWishBody)),
            at=clock.now(),
        )
        return Response(preview_dict(facts, answer))


class AfterSales(MyEndpoint):
    """My cases, newest first."""

    @extend_schema(
        responses=AfterSaleShape(many=True),
        parameters=[OpenApiParameter("cursor"), OpenApiParameter("page_size", int)],
    )
    def get(self, request: Request) -> Response:
        return self.page(selectors.after_sales_of(self.member.pk), ("-pk",), after_sale_dict)


class OneAfterSale(MyEndpoint):
    """One of mine; another's is not there."""

    @extend_schema(responses=AfterSaleShape)
    def get(self, request: Request, number: str) -> Response:
        return self.shown(number)

    def shown(self, number: str) -> Response:
        """The case as it is now."""
        return Response(after_sale_dict(selectors.after_sale(self.member.pk, number)))


class CancelAfterSale(OneAfterSale):
    """Take it back, until the goods are on their way."""

    http_method_names = ["post"]
    throttle_scope = "order"

    @extend_schema(request=EmptyBody, responses=AfterSaleShape)
    def post(self, request: Request, number: str) -> Response:
        self.body(EmptyBody)
        services.cancel_after_sale(
            number=number, member_id=self.member.pk, at=clock.now(), actor=self.account
        )
        return self.shown(number)


class ReturnParcel(OneAfterSale):
    """With whom the goods are on their way."""

    http_method_names = ["post"]
    throttle_scope = "order"

    @extend_schema(request=ReturnParcelBody, responses=AfterSaleShape)
    def post(self, request: Request, number: str) -> Response:
        parcel: dict[str, Any] = self.body(ReturnParcelBody)
        services.send_back(
            number=number,
            member_id=self.member.pk,
            at=clock.now(),
            actor=self.account,
            **parcel,
        )
        return self.shown(number)


class Uploads(MyEndpoint):
    """Send one picture in, to name it in a case afterwards."""

    parser_classes = [MultiPartParser]
    throttle_scope = "order"

    @extend_schema(request=UploadBody, responses={201: UploadShape})
    def post(self, request: Request) -> Response:
        body = self.body(UploadBody)
        upload = services.add_upload(
            member_id=self.member.pk, file=body["file"], purpose=body["purpose"], at=clock.now()
        )
        return Response(upload_dict(upload), status=201)
