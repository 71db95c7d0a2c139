"""Bodies of cart, checkout, orders and payments: strict, bounded, each field with its refusal."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from mall.api.base import StrictSerializer
from mall.api.fields import (
    MAX_ID,
    ChoiceField,
    IdField,
    QuantityField,
    StrictBooleanField,
    StrictIntegerField,
    TextField,
)
from mall.kernel.db import unsafe_reason
from orders.models import Order, Payment
from orders.selectors import HIDDEN, TO_REVIEW, TO_SHIP
from orders.services import EXPLANATIONS, MAX_LINES, clean_source, is_tax_no
from promotions.models import Campaign

MOST_COUPONS = 10
MOST_POINTS = 10_000_000
MOST_REFERENCE = 40
MOST_EXPERIMENTS, MOST_NAME = 20, 40


class SourceField(TextField):
    """What led to a line: live:12, content:spring, share (O-55)."""

    default_error_messages = {"source": _("A kind of place, and which one: live:12.")}

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        if text and not clean_source(text):
            self.fail("source")
        return text


class CartLineBody(StrictSerializer):
    sku_id = IdField()
    quantity = QuantityField()
    source = SourceField(max_length=60, required=False, allow_blank=True)  # type: ignore[assignment]


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}]})
class OfferIdField(serializers.Field):
    """An activity's id, or the number of a bargain; read as text."""

    default_error_messages = {"invalid": _("A positive whole number, or a number in letters.")}

    def to_internal_value(self, data: Any) -> str:
        is_id = type(data) is int and 0 < data <= MAX_ID
        is_number = type(data) is str and re.fullmatch(r"[0-9A-Za-z]{1,40}", data)
        if not (is_id or is_number):
            self.fail("invalid")
        return str(data)

    def to_representation(self, value: Any) -> Any:
        return value


class OfferBody(StrictSerializer):
    """The activity that a line is put in for; ``team_id`` joins a team of a group buy."""

    kind = ChoiceField(choices=[str(kind) for kind in Campaign.ACTIVITIES])
    id = OfferIdField()
    team_id = TextField(max_length=MOST_REFERENCE, required=False)


class OrderLineBody(CartLineBody):
    offer = OfferBody(required=False)
    gift_choice = IdField(required=False)


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
        child=OrderLineBody(), min_length=1, max_length=MAX_LINES, required=False
    )
    cart = StrictBooleanField(required=False)
    address_id = IdField(required=False)
    region_code = TextField(max_length=9, required=False)
    store_id = IdField(required=False)
    coupon_grant_ids = serializers.ListField(
        child=IdField(), max_length=MOST_COUPONS, required=False
    )
    auto_coupons = StrictBooleanField(required=False)
    points = StrictIntegerField(min_value=0, max_value=MOST_POINTS, required=False)
    gift_choices = serializers.ListField(child=IdField(), max_length=MOST_COUPONS, required=False)
    explain = serializers.ListField(
        child=ChoiceField(choices=EXPLANATIONS), max_length=len(EXPLANATIONS), required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("lines")) == bool(attrs.get("cart")):
            raise ValidationError({"lines": _("Send either lines or cart: true.")})
        if len({"address_id", "region_code", "store_id"} & attrs.keys()) > 1:
            raise ValidationError(
                {"region_code": _("Send one of address_id, region_code and store_id.")}
            )
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
        if attrs["kind"] == "company" and not is_tax_no(attrs["tax_no"]):
            raise ValidationError({"tax_no": _("This is no tax number of a company.")})
        return attrs


class ReceiverBody(StrictSerializer):
    """Who fetches an order in a store."""

    name = TextField(max_length=40)
    phone = TextField(max_length=20)


class ExperimentsField(serializers.DictField):
    """Which arm of which experiment the shopper saw: short names, short arms."""

    default_error_messages = {
        "names": _("At most 20 experiments, names of 40 characters at most."),
        "unsafe": _("This text holds characters that cannot be stored."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=TextField(max_length=40), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        names = data if isinstance(data, dict) else ()
        if len(names) > MOST_EXPERIMENTS or any(len(name) > MOST_NAME for name in names):
            self.fail("names")
        if any(unsafe_reason(name) for name in names):
            self.fail("unsafe")
        return super().to_internal_value(data)


class OrderBody(QuoteBody):
    """The body of a quote with its hash, and what goes with the order."""

    receiver = ReceiverBody(required=False)
    quote_hash = TextField(max_length=64)
    note = TextField(max_length=200, required=False, allow_blank=True)
    invoice = InvoiceBody(required=False)
    source = ChoiceField(  # type: ignore[assignment]
        choices=[Order.Source.WEB, Order.Source.MINIPROGRAM], default=Order.Source.WEB
    )
    channel = TextField(max_length=20, required=False, allow_blank=True)
    device = ChoiceField(choices=Order.Device.values, required=False, allow_blank=True)
    campaign = TextField(max_length=60, required=False, allow_blank=True)
    experiments = ExperimentsField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if "store_id" not in attrs and "address_id" not in attrs:
            raise ValidationError({"address_id": _("Say where it goes: an address or a store.")})
        if "store_id" in attrs and "receiver" not in attrs:
            raise ValidationError({"receiver": _("Say who fetches it: name and phone.")})
        return attrs


class PayBody(StrictSerializer):
    provider = TextField(max_length=15)
    scene = ChoiceField(choices=["jsapi", "native", "h5", "page", "wap", "sandbox", "wallet"])
    leg = ChoiceField(choices=Payment.Leg.values, required=False)


class CancelBody(StrictSerializer):
    reason = TextField(max_length=200, required=False, allow_blank=True)


class EmptyBody(StrictSerializer):
    """A deed that needs no words."""


class OrderQuery(serializers.Serializer):
    """Known query names of the order list; unknown ones are ignored."""

    status = ChoiceField(
        choices=[*Order.Status.values, TO_SHIP, TO_REVIEW, HIDDEN], required=False, allow_blank=True
    )
    q = TextField(max_length=60, required=False, allow_blank=True)
