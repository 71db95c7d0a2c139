"""Bodies of after-sales: strict and bounded."""

from datetime import date
from typing import Any

from rest_framework import serializers

from mall.api.base import StrictSerializer
from mall.api.choices import AFTER_SALE_KINDS, AFTER_SALE_REASONS, PICKUP_WINDOWS, UPLOAD_PURPOSES
from mall.api.fields import ChoiceField, IdField, QuantityField, TextField
from orders.services import MAX_LINES, MOST_PICTURES, PickupWish, Request, Wish


class DayField(serializers.DateField):
    """A day such as 2026-11-22; only text of this form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def to_internal_value(self, value: Any) -> date:
        if type(value) is not str or not value.isascii():
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class AfterSaleItemBody(StrictSerializer):
    line_id = IdField()
    quantity = QuantityField()
    exchange_sku_id = IdField(required=False)


class PickupBody(StrictSerializer):
    day = DayField()
    window = ChoiceField(choices=PICKUP_WINDOWS)


class AfterSaleWishBody(StrictSerializer):
    items = serializers.ListField(child=AfterSaleItemBody(), min_length=1, max_length=MAX_LINES)
    kind = ChoiceField(choices=AFTER_SALE_KINDS)
    reason_code = ChoiceField(choices=AFTER_SALE_REASONS)


class AfterSaleBody(AfterSaleWishBody):
    note = TextField(max_length=500, required=False, allow_blank=True)
    upload_ids = serializers.ListField(child=IdField(), max_length=MOST_PICTURES, required=False)
    pickup = PickupBody(required=False)


class ReturnParcelBody(StrictSerializer):
    carrier = TextField(max_length=20)
    tracking_no = TextField(max_length=40)


class UploadBody(StrictSerializer):
    file = serializers.FileField(max_length=200)
    purpose = ChoiceField(choices=UPLOAD_PURPOSES)


def wish_of(body: dict[str, Any]) -> Wish:
    """What is asked for; a line named twice counts once, with its last number."""
    pieces = {item["line_id"]: item["quantity"] for item in body["items"]}
    return Wish(body["kind"], body["reason_code"], pieces)


def request_of(body: dict[str, Any]) -> Request:
    """The whole request."""
    pickup = body.get("pickup")
    return Request(
        wish=wish_of(body),
        text=body.get("note", ""),
        upload_ids=tuple(body.get("upload_ids", ())),
        pickup=PickupWish(pickup["day"], pickup["window"]) if pickup else None,
        exchange_skus=tuple(
            (item["line_id"], item["exchange_sku_id"])
            for item in body["items"]
            if "exchange_sku_id" in item
        ),
    )
