"""orders/: placing, reading, paying, cancelling, confirming, reviewing one's own orders."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from inventory.presenting import arrival_dict
from mall.api.after_sales.views import AfterSalePreview, OrderAfterSales
from mall.api.checkout import spending_of, wanted_lines
from mall.api.deal_bodies import CancelBody, EmptyBody, InvoiceBody, OrderBody, OrderQuery, PayBody
from mall.api.deal_shapes import (
    OrderShape,
    PaymentStartShape,
    ReorderShape,
    ShipmentShape,
)
from mall.api.device import footprint
from mall.api.me.base import MyEndpoint, whole_list
from mall.api.payments import action_dict, payer_of
from mall.api.sending import storable
from mall.api.voices.reviews import LineAppend, LineReview
from mall.kernel import clock
from mall.kernel.idempotency import Answer
from members.models import Account
from orders import selectors, services
from orders.models import Order, Payment
from orders.presenting import (
    order_dict,
    payment_dict,
    rebuy_dict,
    shipment_dict,
)
from orders.services import CartOwner, Collect, Journey, Submission
from promotions.services import Footprint

KEY = OpenApiParameter("Idempotency-Key", location="header", required=True)


class OrderEndpoint(MyEndpoint):
    """Views of my orders: reading is browsing, deeds have a limit of their own."""

    throttle_scope = "order"

    def get_throttles(self) -> list[BaseThrottle]:
        if self.request.method in SAFE_METHODS:
            self.throttle_scope = "browse"
        return super().get_throttles()


class Orders(OrderEndpoint):
    """My orders: place one, list them."""

    @extend_schema(
        responses=OrderShape(many=True),
        parameters=[OrderQuery, OpenApiParameter("cursor"), OpenApiParameter("page_size", int)],
    )
    def get(self, request: Request) -> Response:
        query = OrderQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        at = clock.now()
        orders = selectors.orders_of(self.member.pk, **query.validated_data)
        return self.page(orders, ("-placed_at", "-pk"), lambda row: order_dict(row, at=at))

    @extend_schema(request=OrderBody, responses={201: OrderShape}, parameters=[KEY])
    def post(self, request: Request) -> Response:
        submission = _submission(self.body(OrderBody), footprint(request))
        member_id, at = self.member.pk, clock.now()
        whence = submission.footprint
        with services.admitted(member_id, submission.wanted, at=at, footprint=whence):
            return self.once(
                "orders",
                verb=lambda: services.place_order(
                    member_id=member_id, submission=submission, at=at, actor=_buyer(request)
                ),
                render=lambda order: Answer(
                    201,
                    storable(order_dict(order, at=at)),
                    {"Location": f"/api/v1/orders/{order.number}/"},
                ),
            )


def _buyer(request: Request) -> Account:
    """Who is signed in."""
    assert isinstance(request.user, Account)
    return request.user


def _submission(body: dict[str, Any], whence: Footprint) -> Submission:
    lines = None if body.get("cart") else wanted_lines(body["lines"])
    return Submission(
        address_id=body.get("address_id"),
        collect=_collect(body),
        journey=_journey(body),
        footprint=whence,
        wanted=lines,
        quote_hash=body["quote_hash"],
        note=body.get("note", ""),
        invoice=body.get("invoice"),
        source=body["source"],
        **spending_of(body),
    )


def _collect(body: dict[str, Any]) -> Collect | None:
    if "store_id" not in body:
        return None
    return Collect(store_id=body["store_id"], **body["receiver"])


def _journey(body: dict[str, Any]) -> Journey:
    """How the client says its shopper came; a channel that nobody knows is that of the source."""
    return Journey(
        channel=selectors.known_channel(body.get("channel", "")) or body["source"],
        device=body.get("device", ""),
        campaign=body.get("campaign", ""),
        experiments=body.get("experiments", {}),
    )


class OneOrder(OrderEndpoint):
    """One of mine; another's is not there."""

    @extend_schema(responses=OrderShape)
    def get(self, request: Request, number: str) -> Response:
        return self.shown(number)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: str) -> Response:
        services.hide_order(number=number, member_id=self.member.pk)
        return Response(status=204)

    def shown(self, number: str) -> Response:
        """The order as it is now."""
        order: Order = selectors.order(self.member.pk, number)
        at = clock.now()
        promise, paid_at = selectors.arrival_of_order(order), order.paid_at
        arrival = arrival_dict(promise, paid_at or at, is_paid=paid_at is not None)
        return Response({**order_dict(order, at=at), "arrival": arrival})


class Unhide(OneOrder):
    """Put a hidden order back on my list."""

    http_method_names = ["post"]

    @extend_schema(request=EmptyBody, responses=OrderShape)
    def post(self, request: Request, number: str) -> Response:
        self.body(EmptyBody)
        services.unhide_order(number=number, member_id=self.member.pk)
        return self.shown(number)


class Reorder(OrderEndpoint):
    """Put the goods of one of my orders into the cart again; says what could not go along."""

    @extend_schema(request=EmptyBody, responses={201: ReorderShape})
    def post(self, request: Request, number: str) -> Response:
        self.body(EmptyBody)
        member_id, at = self.member.pk, clock.now()
        rebuy = services.buy_again(number=number, member_id=member_id, at=at)
        view = selectors.cart_view(CartOwner(member_id=member_id), at)
        return Response(rebuy_dict(rebuy, view), status=201)


class Pay(OrderEndpoint):
    """Start a payment: the row is committed first, then the provider is asked what comes next."""

    @extend_schema(request=PayBody, responses={201: PaymentStartShape}, parameters=[KEY])
    def post(self, request: Request, number: str) -> Response:
        body = self.body(PayBody)
        member_id, at = self.member.pk, clock.now()
        services.assess_payment(
            order_number=number, member_id=member_id, at=at, footprint=footprint(request)
        )
        opened: list[Payment] = []

        def open_payment() -> Payment:
            opened[:] = [
                services.open_payment(
                    order_number=number,
                    member_id=member_id,
                    provider=body["provider"],
                    scene=body["scene"],
                    leg=body.get("leg"),
                    at=at,
                )
            ]
            return opened[0]

        response = self.once(
            f"orders/{number}/pay",
            verb=open_payment,
            render=lambda payment: Answer(201, storable(payment_dict(payment))),
        )
        payment_no = response.data["payment_no"]
        mine = [payment for payment in opened if payment.payment_no == payment_no]
        # without one the key was used before, or what was opened is undone: what is kept goes on
        payment = mine[0] if mine else selectors.payment(member_id, payment_no)
        begun = services.begin_payment(payment, at=at, payer=payer_of(request, self.member))
        status = begun.payment.status
        action = action_dict(begun.action, request)
        response.data = {**response.data, "status": status, "action": action}
        return response


class Cancel(OneOrder):
    """Cancel: unpaid it is closed, paid and unshipped it is paid back."""

    http_method_names = ["post"]

    @extend_schema(request=CancelBody, responses=OrderShape)
    def post(self, request: Request, number: str) -> Response:
        reason = self.body(CancelBody).get("reason", "")
        services.cancel_order(
            number=number,
            member_id=self.member.pk,
            reason=reason,
            at=clock.now(),
            actor=_buyer(request),
        )
        return self.shown(number)


class Confirm(OneOrder):
    """The goods have arrived: growth and points come with it."""

    http_method_names = ["post"]

    @extend_schema(request=EmptyBody, responses=OrderShape)
    def post(self, request: Request, number: str) -> Response:
        self.body(EmptyBody)
        services.receive_order(
            number=number, member_id=self.member.pk, at=clock.now(), actor=_buyer(request)
        )
        return self.shown(number)


class Invoice(OneOrder):
    """Ask for the invoice that was not asked for with the order."""

    http_method_names = ["post"]

    @extend_schema(request=InvoiceBody, responses=OrderShape)
    def post(self, request: Request, number: str) -> Response:
        asked = self.body(InvoiceBody)
        services.ask_invoice(
            number=number,
            member_id=self.member.pk,
            invoice=asked,
            at=clock.now(),
            actor=_buyer(request),
        )
        return self.shown(number)


class Shipments(OrderEndpoint):
    """The parcels of one of my orders."""

    @extend_schema(responses=ShipmentShape(many=True))
    def get(self, request: Request, number: str) -> Response:
        order = selectors.order(self.member.pk, number)
        return whole_list([shipment_dict(shipment) for shipment in order.shipments.all()])


urlpatterns = [
    path("", Orders.as_view(), name="orders"),
    path("<slug:number>/", OneOrder.as_view(), name="order"),
    path("<slug:number>/unhide/", Unhide.as_view(), name="order-unhide"),
    path("<slug:number>/pay/", Pay.as_view(), name="order-pay"),
    path("<slug:number>/cancel/", Cancel.as_view(), name="order-cancel"),
    path("<slug:number>/confirm/", Confirm.as_view(), name="order-confirm"),
    path("<slug:number>/invoice/", Invoice.as_view(), name="order-invoice"),
    path("<slug:number>/shipments/", Shipments.as_view(), name="order-shipments"),
    path("<slug:number>/after-sales/", OrderAfterSales.as_view(), name="order-after-sales"),
    path(
        "<slug:number>/after-sales/preview/",
        AfterSalePreview.as_view(),
        name="order-after-sale-preview",
    ),
    path(
        "<slug:number>/lines/<int:line_id>/review/", LineReview.as_view(), name="order-line-review"
    ),
    path(
        "<slug:number>/lines/<int:line_id>/review/append/",
        LineAppend.as_view(),
        name="order-line-review-append",
    ),
]
