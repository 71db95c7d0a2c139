"""Answers of after-sales, as the schema shows them."""

from rest_framework import serializers

from mall.api.choices import (
    AFTER_SALE_KINDS,
    AFTER_SALE_REASONS,
    AFTER_SALE_STATES,
    UPLOAD_KINDS,
)
from mall.api.fields import InstantField


class RefundLineShape(serializers.Serializer):
    line_id = serializers.IntegerField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()
    amount_fen = serializers.IntegerField()
    points = serializers.IntegerField()
    is_gift = serializers.BooleanField()


class RefundPreviewShape(serializers.Serializer):
    money_fen = serializers.IntegerField()
    goods_fen = serializers.IntegerField()
    freight_fen = serializers.IntegerField()
    gift_charge_fen = serializers.IntegerField()
    points = serializers.IntegerField()
    coupon_returns = serializers.BooleanField(
        allow_null=True, help_text="Whether a coupon of the order comes back; null: it used none."
    )
    lines = RefundLineShape(many=True)
    sentences = serializers.ListField(child=serializers.CharField())


class MissingPartShape(serializers.Serializer):
    sku_id = serializers.IntegerField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()


class AfterSaleLineShape(serializers.Serializer):
    line_id = serializers.IntegerField()
    product_id = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    image = serializers.DictField(allow_null=True)
    quantity = serializers.IntegerField()
    amount_fen = serializers.IntegerField()
    points = serializers.IntegerField()
    is_gift = serializers.BooleanField()
    exchange_sku_id = serializers.IntegerField(allow_null=True)
    grades = serializers.DictField(child=serializers.IntegerField(), allow_null=True)
    missing = MissingPartShape(
        many=True, help_text="Parts of a bundle that did not come back: their share is kept."
    )


class AfterSaleStepShape(serializers.Serializer):
    at = InstantField()
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField(allow_null=True)


class AfterSaleParcelShape(serializers.Serializer):
    carrier = serializers.CharField()
    tracking_no = serializers.CharField()


class AfterSalePickupShape(serializers.Serializer):
    day = serializers.DateField()
    window = serializers.CharField()
    window_label = serializers.CharField()
    state = serializers.CharField()
    state_label = serializers.CharField()


class UploadShape(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=UPLOAD_KINDS)
    url = serializers.CharField()
    srcset = serializers.CharField()
    srcset_avif = serializers.CharField(allow_blank=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alt = serializers.CharField()
    seconds = serializers.IntegerField(allow_null=True, help_text="Of a video.")


class AfterSaleShape(serializers.Serializer):
    number = serializers.CharField()
    order_number = serializers.CharField()
    kind = serializers.ChoiceField(choices=AFTER_SALE_KINDS)
    kind_label = serializers.CharField()
    reason_code = serializers.ChoiceField(choices=AFTER_SALE_REASONS)
    reason = serializers.CharField()
    note = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(choices=AFTER_SALE_STATES)
    state_label = serializers.CharField()
    requested_at = InstantField()
    due_at = InstantField(allow_null=True)
    closed_at = InstantField(allow_null=True)
    lines = AfterSaleLineShape(many=True)
    money_fen = serializers.IntegerField()
    goods_fen = serializers.IntegerField()
    freight_fen = serializers.IntegerField()
    gift_charge_fen = serializers.IntegerField()
    points_back = serializers.IntegerField()
    points_taken = serializers.IntegerField()
    return_freight_fen = serializers.IntegerField()
    pictures = UploadShape(many=True)
    return_parcel = AfterSaleParcelShape(allow_null=True)
    replacement = AfterSaleParcelShape(allow_null=True)
    pickup = AfterSalePickupShape(allow_null=True)
    timeline = AfterSaleStepShape(many=True)
    can = serializers.ListField(child=serializers.ChoiceField(choices=["cancel", "send_back"]))
