"""Answers of cart, checkout, orders and payments, as the schema shows them."""

from rest_framework import serializers

from mall.api.arrival import ArrivalShape
from mall.api.catalog.shapes import BundlePartShape
from mall.api.fields import InstantField
from orders.models import Order, Payment
from promotions import engine


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


class ShopShape(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()


class QuoteLineShape(serializers.Serializer):
    sku_id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    title = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    image = serializers.DictField(allow_null=True)
    shop = ShopShape()
    parts = BundlePartShape(many=True)
    quantity = serializers.IntegerField()
    is_gift = serializers.BooleanField()
    list_fen = serializers.IntegerField()
    payable_fen = serializers.IntegerField()
    steps = StepShape(many=True)
    why_not = WhyNotShape(many=True, allow_null=True)


class ShopFreightShape(ShopShape):
    base_fen = serializers.IntegerField()
    freight_fen = serializers.IntegerField()


class FreightShape(serializers.Serializer):
    base_fen = serializers.IntegerField()
    template = serializers.CharField(allow_null=True)
    reason_code = serializers.CharField()
    reason = serializers.CharField()
    steps = StepShape(many=True)
    shops = ShopFreightShape(many=True)


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
    missing_pieces = serializers.IntegerField()
    off_fen = serializers.IntegerField()


class WarningShape(serializers.Serializer):
    code = serializers.ChoiceField(choices=[str(code) for code in engine.GiftNoticeCode])
    source_id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]


class GiftOptionShape(serializers.Serializer):
    sku_id = serializers.IntegerField()
    title = serializers.CharField()
    image = serializers.DictField(allow_null=True)
    value_fen = serializers.IntegerField()
    available = serializers.BooleanField()


class GiftChoiceShape(serializers.Serializer):
    source_id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    chosen_sku_id = serializers.IntegerField()
    options = GiftOptionShape(many=True)


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
    arrival = ArrivalShape(allow_null=True, required=False)
    warnings = WarningShape(many=True)
    gift_choices = GiftChoiceShape(many=True)
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
    shop = ShopShape()
    product = serializers.DictField()
    options = serializers.DictField(child=serializers.CharField())
    parts = BundlePartShape(many=True)
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


class RefusedLineShape(serializers.Serializer):
    title = serializers.CharField()
    sku_id = serializers.IntegerField(allow_null=True)
    reason_code = serializers.ChoiceField(choices=["off_shelf", "sold_out", "limit"])
    reason = serializers.CharField()


class ReorderShape(CartShape):
    refused = RefusedLineShape(many=True)


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


class WarrantyShape(serializers.Serializer):
    title = serializers.CharField()
    months = serializers.IntegerField()
    until = serializers.DateField()


class OrderLineShape(serializers.Serializer):
    id = serializers.IntegerField()
    sku_id = serializers.IntegerField(allow_null=True)
    product_id = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    image = serializers.DictField(allow_null=True)
    parts = BundlePartShape(many=True)
    quantity = serializers.IntegerField()
    is_gift = serializers.BooleanField()
    list_fen = serializers.IntegerField()
    payable_fen = serializers.IntegerField()
    steps = StepShape(many=True)
    shipped = serializers.IntegerField()
    refunded = serializers.IntegerField()
    warranty = WarrantyShape(allow_null=True)
    can = serializers.ListField(child=serializers.CharField())


class PresaleShape(serializers.Serializer):
    deposit_fen = serializers.IntegerField()
    balance_fen = serializers.IntegerField()
    balance_from = InstantField()
    balance_until = InstantField()
    deposit_comes_back = serializers.BooleanField()


class StoreShape(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    title = serializers.CharField()
    region_names = serializers.ListField(child=serializers.CharField())
    address = serializers.CharField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    hours = serializers.CharField()
    phone = serializers.CharField()
    events = serializers.CharField()
    pickup = serializers.BooleanField()
    distance_m = serializers.IntegerField(allow_null=True)


class PickupShape(serializers.Serializer):
    store = StoreShape()
    code = serializers.CharField(allow_null=True)
    ready_at = InstantField(allow_null=True)
    keep_until = InstantField(allow_null=True)
    collected_at = InstantField(allow_null=True)


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
    due_fen = serializers.IntegerField()
    presale = PresaleShape(allow_null=True)
    ships_on = serializers.DateField(allow_null=True)
    paid_fen = serializers.IntegerField()
    refunded_fen = serializers.IntegerField()
    address = serializers.DictField(allow_null=True)
    delivery = serializers.ChoiceField(choices=Order.Delivery.values)
    arrival = ArrivalShape(allow_null=True, required=False)
    pickup = PickupShape(allow_null=True)
    note = serializers.CharField(allow_null=True)
    invoice = serializers.DictField(allow_null=True)
    shipments = ShipmentShape(many=True)
    payments = PaymentShape(many=True)
    timeline = serializers.ListField(child=serializers.DictField())
    can = serializers.ListField(child=serializers.CharField())
