"""Bodies of me/, and the answers that the schema shows."""

from rest_framework import serializers

from mall.api.base import StrictSerializer
from mall.api.fields import IdField, InstantField, StrictBooleanField, TextField


class TierNameShape(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    rate_bp = serializers.IntegerField()


class MemberShape(serializers.Serializer):
    id = serializers.IntegerField()
    nickname = serializers.CharField()
    phone_masked = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)
    tier = TierNameShape()
    growth_fen = serializers.IntegerField()
    points = serializers.IntegerField()
    unread = serializers.IntegerField()
    coupons_count = serializers.IntegerField()


class ProfileBody(StrictSerializer):
    nickname = TextField(max_length=40, required=False)
    birthday = serializers.DateField(required=False)
    language = TextField(max_length=10, required=False)


class AddressBody(StrictSerializer):
    name = TextField(max_length=40)
    phone = TextField(max_length=20)
    region_code = TextField(max_length=9)
    detail = TextField(max_length=120)
    is_default = StrictBooleanField(required=False)
    tag = TextField(max_length=10, required=False, allow_blank=True, allow_null=True)


class AddressChangeBody(AddressBody):
    """Any of the fields of an address."""

    name = TextField(max_length=40, required=False)
    phone = TextField(max_length=20, required=False)
    region_code = TextField(max_length=9, required=False)
    detail = TextField(max_length=120, required=False)


class AddressShape(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    phone = serializers.CharField()
    region_code = serializers.CharField()
    region_names = serializers.ListField(child=serializers.CharField())
    detail = serializers.CharField()
    is_default = serializers.BooleanField()
    tag = serializers.CharField(allow_null=True)


class PointsEntryShape(serializers.Serializer):
    id = serializers.IntegerField()
    at = InstantField()
    delta = serializers.IntegerField()
    balance = serializers.IntegerField()
    reason_code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    expires_at = InstantField(allow_null=True)
    order_number = serializers.CharField(allow_null=True)


class CheckInShape(serializers.Serializer):
    day = serializers.DateField()
    streak = serializers.IntegerField()
    points = serializers.IntegerField()


class MonthShape(serializers.Serializer):
    month = serializers.CharField()
    days = serializers.ListField(child=serializers.DateField())
    streak = serializers.IntegerField()
    points = serializers.IntegerField()
    done = serializers.BooleanField()


class PerkShape(serializers.Serializer):
    icon = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class TierShape(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    threshold_fen = serializers.IntegerField()
    rate_bp = serializers.IntegerField()
    points_rate_bp = serializers.IntegerField()
    free_freight_fen = serializers.IntegerField(allow_null=True)
    perks = PerkShape(many=True)


class NextTierShape(TierShape):
    missing_fen = serializers.IntegerField()


class StandingShape(TierShape):
    growth_fen = serializers.IntegerField()
    next = NextTierShape(allow_null=True)
    ladder = TierShape(many=True)


class MessageShape(serializers.Serializer):
    id = serializers.IntegerField()
    at = InstantField()
    template = serializers.CharField()
    title = serializers.CharField()
    body = serializers.CharField()
    url = serializers.CharField(allow_null=True)
    is_read = serializers.BooleanField()


class ReadBody(StrictSerializer):
    """One message, or all of them without an id."""

    id = IdField(required=False)


class ReadShape(serializers.Serializer):
    read = serializers.IntegerField()


class SessionShape(serializers.Serializer):
    id = serializers.UUIDField()
    door = serializers.CharField()
    device = serializers.CharField()
    client_ip = serializers.CharField(allow_null=True)
    began_at = InstantField()
    seen_at = InstantField()
    is_current = serializers.BooleanField()
