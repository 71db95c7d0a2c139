"""Bodies of cart, checkout, orders and payments, and the answers that the schema shows."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from mall.api.base import StrictSerializer
from mall.api.fields import (
    IdField,
    InstantField,
    QuantityField,
    StrictBooleanField,
    StrictIntegerField,
    TextField,
)
from mall.kernel.db import unsafe_reason
from orders.models import Order, Payment
from orders.selectors import TO_REVIEW, TO_SHIP
from orders.services import EXPLANATIONS, MAX_LINES

MOST_COUPONS = 10
MOST_POINTS = 10_000_000


class ChoiceField(serializers.ChoiceField):
    """One of the listed words; the refusal does not repeat what was sent."""

    default_error_messages = {"invalid_choice": _("This is not one of the allowed values.")}

    def to_internal_value(self, data: Any) -> Any:
        if type(data) is not str or unsafe_reason(data):
            self.fail("invalid_choice")
        return super().to_internal_value(data)


class CartLineBody(StrictSerializer):
    sku_id = IdField()
    quantity = QuantityField()


class CartChangeBody(StrictSerializer):
    quantity = QuantityField(required=False)
    selected = StrictBooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise ValidationError(_("Say what is to change: quantity or selected."))
        return attrs


class SelectionBody(StrictSerializer):
    all = StrictBooleanField()


class MergeBody(StrictSerializer):
    cart_token = TextField(max_length=200)


class QuoteBody(StrictSerializer):
    lines = serializers.ListField(
        child=CartLineBody(), min_length=1, max_length=MAX_LINES, required=False
    )
    cart = StrictBooleanField(required=False)
    address_id = IdField(required=False)
    region_code = TextField(max_length=9, required=False)
    coupon_grant_ids = serializers.ListField(
        child=IdField(), max_length=MOST_COUPONS, required=False
    )
    auto_coupons = StrictBooleanField(required=False)
    points = StrictIntegerField(min_value=0, max_value=MOST_POINTS, required=False)
    explain = serializers.ListField(
        child=ChoiceField(choices=EXPLANATIONS), max_length=len(EXPLANATIONS), required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("lines")) == bool(attrs.get("cart")):
            raise ValidationError({"lines": _("Send either lines or cart: true.")})
        if "address_id" in attrs and "region_code" in attrs:
            raise ValidationError({"region_code": _("Send either address_id or region_code.")})
        if attrs.get("coupon_grant_ids") and attrs.get("auto_coupons"):
            raise ValidationError(
                {"auto_coupons": _("Send either coupon_grant_ids or auto_coupons: true.")}
            )
        return attrs


class InvoiceBody(StrictSerializer):
    kind = ChoiceField(choices=["personal", "company"])
    title = TextField(max_length=100)
    tax_no = TextField(max_length=20, required=False)
    email = serializers.EmailField(max_length=100, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["kind"] == "company" and not attrs.get("tax_no"):
            raise ValidationError({"tax_no": _("A company's invoice needs its tax number.")})
        return attrs


class OrderBody(QuoteBody):
    """The body of a quote with its hash, and what goes with the order."""

    address_id = IdField()
    quote_hash = TextField(max_length=64)
    note = TextField(max_length=200, required=False, allow_blank=True)
    invoice = InvoiceBody(required=False)
    source = ChoiceField(  # type: ignore[assignment]
        choices=[Order.Source.WEB, Order.Source.MINIPROGRAM], default=Order.Source.WEB
    )


class PayBody(StrictSerializer):
    provider = TextField(max_length=15)
    scene = ChoiceField(choices=["jsapi", "native", "h5", "page", "wap", "sandbox", "wallet"])
    leg = ChoiceField(choices=["full"], default="full")


class CancelBody(StrictSerializer):
    reason = TextField(max_length=200, required=False, allow_blank=True)


class ReviewBody(StrictSerializer):
    rating = StrictIntegerField(min_value=1, max_value=5)
    text = TextField(max_length=500)
    anonymous = StrictBooleanField(required=False)


class EmptyBody(StrictSerializer):
    """A deed that needs no words."""


class OrderQuery(serializers.Serializer):
    """Known query names of the order list; unknown ones are ignored."""

    status = ChoiceField(
        choices=[*Order.Status.values, TO_SHIP, TO_REVIEW], required=False, allow_blank=True
    )
    q = TextField(max_length=60, required=False, allow_blank=True)


class StepShape(serializers.Serializer):
    lane = serializers.CharField()
    kind = serializers.CharField()
    source_id = serializers.IntegerField(allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]
    amount_fen = serializers.IntegerField()


class WhyNotShape(serializers.Serializer):
    kind = serializers.CharField()
    source_id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    reason_code = serializers.CharField()
    reason = serializers.CharField()


class QuoteLineShape(serializers.Serializer):
    sku_id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    title = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    image = serializers.DictField(allow_null=True)
    quantity = serializers.IntegerField()
    list_fen = serializers.IntegerField()
    payable_fen = serializers.IntegerField()
    steps = StepShape(many=True)
    why_not = WhyNotShape(many=True, allow_null=True)


class FreightShape(serializers.Serializer):
    base_fen = serializers.IntegerField()
    template = serializers.CharField(allow_null=True)
    reason_code = serializers.CharField()
    reason = serializers.CharField()
    steps = StepShape(many=True)


class PointsShape(serializers.Serializer):
    max = serializers.IntegerField()
    used = serializers.IntegerField()
    amount_fen = serializers.IntegerField()
    earned = serializers.IntegerField()
    worth_fen = serializers.IntegerField()


class NearOfferShape(serializers.Serializer):
    kind = serializers.CharField()
    source_id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    missing_fen = serializers.IntegerField()
    off_fen = serializers.IntegerField()


class QuoteShape(serializers.Serializer):
    lines = QuoteLineShape(many=True)
    goods_fen = serializers.IntegerField()
    discount_fen = serializers.IntegerField()
    freight_fen = serializers.IntegerField()
    freight = FreightShape()
    points = PointsShape()
    payable_fen = serializers.IntegerField()
    pay_now_fen = serializers.IntegerField()
    currency = serializers.CharField()
    promise = serializers.CharField(allow_null=True)
    warnings = serializers.ListField(child=serializers.DictField())
    usable_coupons = serializers.ListField(child=serializers.DictField(), allow_null=True)
    unusable_coupons = serializers.ListField(child=serializers.DictField(), allow_null=True)
    near_offers = NearOfferShape(many=True, allow_null=True)
    coupon_grant_ids = serializers.ListField(child=serializers.IntegerField())
    quote_hash = serializers.CharField()
    valid_until = InstantField()


class CartLineShape(serializers.Serializer):
    id = serializers.IntegerField()
    sku_id = serializers.IntegerField()
    quantity = serializers.IntegerField()
    selected = serializers.BooleanField()
    product = serializers.DictField()
    options = serializers.DictField(child=serializers.CharField())
    invalid = serializers.ChoiceField(
        choices=["price_changed", "sold_out", "off_shelf", "region", "limit"], allow_null=True
    )
    available = serializers.IntegerField()
    price_fen = serializers.IntegerField()
    list_price_fen = serializers.IntegerField()
    added_price_fen = serializers.IntegerField()


class CartShape(serializers.Serializer):
    token = serializers.CharField(allow_null=True)
    lines = CartLineShape(many=True)
    quote = QuoteShape(allow_null=True)


class PaymentShape(serializers.Serializer):
    payment_no = serializers.CharField()
    leg = serializers.CharField()
    provider = serializers.CharField()
    scene = serializers.CharField()
    status = serializers.ChoiceField(choices=Payment.Status.values)
    failure_code = serializers.CharField(allow_null=True)
    amount_fen = serializers.IntegerField()
    expires_at = InstantField()
    is_surplus = serializers.BooleanField()


class ActionShape(serializers.Serializer):
    type = serializers.ChoiceField(choices=["wx_params", "redirect", "qr", "none"])
    params = serializers.DictField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    code_url = serializers.CharField(allow_null=True)


class PaymentStartShape(PaymentShape):
    action = ActionShape()


class ShipmentShape(serializers.Serializer):
    number = serializers.CharField()
    carrier = serializers.CharField()
    carrier_code = serializers.CharField()
    tracking_no = serializers.CharField()
    shipped_at = InstantField()
    signed_at = InstantField(allow_null=True)
    lines = serializers.ListField(child=serializers.DictField())
    events = serializers.ListField(child=serializers.DictField())


class OrderLineShape(serializers.Serializer):
    id = serializers.IntegerField()
    sku_id = serializers.IntegerField(allow_null=True)
    product_id = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    image = serializers.DictField(allow_null=True)
    quantity = serializers.IntegerField()
    list_fen = serializers.IntegerField()
    payable_fen = serializers.IntegerField()
    steps = StepShape(many=True)
    shipped = serializers.IntegerField()
    refunded = serializers.IntegerField()
    can = serializers.ListField(child=serializers.CharField())


class OrderShape(serializers.Serializer):
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=Order.Status.values)
    stage = serializers.ChoiceField(choices=Order.Stage.values, allow_null=True)
    close_reason = serializers.ChoiceField(choices=Order.CloseReason.values, allow_null=True)
    status_label = serializers.CharField()
    placed_at = InstantField()
    expires_at = InstantField(allow_null=True)
    paid_at = InstantField(allow_null=True)
    shipped_at = InstantField(allow_null=True)
    received_at = InstantField(allow_null=True)
    completed_at = InstantField(allow_null=True)
    closed_at = InstantField(allow_null=True)
    lines = OrderLineShape(many=True)
    goods_fen = serializers.IntegerField()
    discount_fen = serializers.IntegerField()
    freight_fen = serializers.IntegerField()
    freight = FreightShape()
    points_used = serializers.IntegerField()
    points_earned = serializers.IntegerField()
    payable_fen = serializers.IntegerField()
    paid_fen = serializers.IntegerField()
    refunded_fen = serializers.IntegerField()
    address = serializers.DictField(allow_null=True)
    note = serializers.CharField(allow_null=True)
    invoice = serializers.DictField(allow_null=True)
    shipments = ShipmentShape(many=True)
    payments = PaymentShape(many=True)
    timeline = serializers.ListField(child=serializers.DictField())
    can = serializers.ListField(child=serializers.CharField())


class WrittenReviewShape(serializers.Serializer):
    id = serializers.IntegerField()
    rating = serializers.IntegerField()
    text = serializers.CharField()
    nickname = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    written_at = InstantField()
