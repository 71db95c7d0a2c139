"""When goods arrive, as the schema shows it; the dict is `inventory.presenting.arrival_dict`."""

from rest_framework import serializers

from inventory.models import PromiseCode
from mall.api.fields import InstantField


class ArrivalShape(serializers.Serializer):
    """What is promised to an order that is paid now; ``pay_by`` is until when it holds."""

    code = serializers.ChoiceField(choices=PromiseCode.values)
    title = serializers.CharField()
    text = serializers.CharField()
    arrives_on = serializers.DateField()
    due_at = InstantField()
    pay_by = InstantField(allow_null=True)
