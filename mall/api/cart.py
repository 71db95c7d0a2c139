"""cart/: a guest's by X-Cart-Token, a member's by the access token."""

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import Endpoint, IsMember
from mall.api.deal_bodies import CartChangeBody, CartLineBody, MergeBody, SelectionBody
from mall.api.deal_shapes import CartShape
from mall.kernel import clock
from members.selectors import default_region, member_of
from orders import selectors, services
from orders.presenting import cart_dict
from orders.services import CartOwner

TOKEN_HEADER = "X-Cart-Token"  # noqa: S105 - a header's name
MAX_TOKEN_LENGTH = 200
TOKEN = OpenApiParameter(TOKEN_HEADER, location="header", description="A guest's cart.")


class CartEndpoint(Endpoint):
    """Views of one cart: the signed-in member's, else the one that the token opens."""

    permission_classes = [AllowAny]
    throttle_scope = "write"

    @property
    def owner(self) -> CartOwner:
        """Whose cart the request is about."""
        if self.request.user.is_authenticated:
            return CartOwner(member_id=member_of(self.request.user).pk)
        token = self.request.headers.get(TOKEN_HEADER, "")
        return CartOwner(token=token if 0 < len(token) <= MAX_TOKEN_LENGTH else None)

    def cart(self, owner: CartOwner) -> Response:
        """The whole cart, priced."""
        view = selectors.cart_view(owner, clock.now(), region_code=self.region(owner))
        return Response(cart_dict(view))

    def region(self, owner: CartOwner) -> str:
        """Where a member's parcels go by default."""
        return default_region(owner.member_id) if owner.member_id is not None else ""


class WholeCart(CartEndpoint):
    """The cart with what it costs."""

    throttle_scope = "browse"

    @extend_schema(responses=CartShape, parameters=[TOKEN])
    def get(self, request: Request) -> Response:
        return self.cart(self.owner)


class CartLines(CartEndpoint):
    """Put something in. The answer is not priced (quote is null): ask cart/ for the price."""

    @extend_schema(request=CartLineBody, responses={201: CartShape}, parameters=[TOKEN])
    def post(self, request: Request) -> Response:
        body = self.body(CartLineBody)
        at = clock.now()
        change = services.add_line(owner=self.owner, **body, at=at)
        answer = cart_dict(selectors.cart_after(change, at), token=change.token)
        headers = {TOKEN_HEADER: change.token} if change.token else None
        return Response(answer, status=201, headers=headers)


class OneCartLine(CartEndpoint):
    """Change or take out one line."""

    @extend_schema(request=CartChangeBody, responses=CartShape, parameters=[TOKEN])
    def patch(self, request: Request, line_id: int) -> Response:
        body = self.body(CartChangeBody)
        services.change_line(
            owner=self.owner,
            line_id=line_id,
            quantity=body.get("quantity"),
            is_selected=body.get("selected"),
            at=clock.now(),
        )
        return self.cart(self.owner)

    @extend_schema(responses=CartShape, parameters=[TOKEN])
    def delete(self, request: Request, line_id: int) -> Response:
        services.remove_line(owner=self.owner, line_id=line_id, at=clock.now())
        return self.cart(self.owner)


class Selection(CartEndpoint):
    """Select everything or nothing."""

    @extend_schema(request=SelectionBody, responses=CartShape, parameters=[TOKEN])
    def put(self, request: Request) -> Response:
        body = self.body(SelectionBody)
        services.select_lines(owner=self.owner, is_selected=body["all"], at=clock.now())
        return self.cart(self.owner)


class InvalidLines(CartEndpoint):
    """Take out everything that cannot be ordered."""

    @extend_schema(responses=CartShape, parameters=[TOKEN])
    def delete(self, request: Request) -> Response:
        owner = self.owner
        services.remove_invalid(owner=owner, region_code=self.region(owner), at=clock.now())
        return self.cart(owner)


class Merge(CartEndpoint):
    """Bring a guest's cart into mine; a token that is gone changes nothing."""

    permission_classes = [IsMember]

    @extend_schema(request=MergeBody, responses=CartShape)
    def post(self, request: Request) -> Response:
        token = self.body(MergeBody)["cart_token"]
        owner = self.owner
        assert owner.member_id is not None, "only members get here"
        services.merge_cart(token=token, member_id=owner.member_id, at=clock.now())
        return self.cart(owner)


urlpatterns = [
    path("", WholeCart.as_view(), name="cart"),
    path("lines/", CartLines.as_view(), name="cart-lines"),
    path("lines/<int:line_id>/", OneCartLine.as_view(), name="cart-line"),
    path("invalid/", InvalidLines.as_view(), name="cart-invalid"),
    path("selection/", Selection.as_view(), name="cart-selection"),
    path("merge/", Merge.as_view(), name="cart-merge"),
]
