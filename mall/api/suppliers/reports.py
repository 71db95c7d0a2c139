"""supplier/orders/<number>/shipped/: a partner says what it does about a sub-order. Signed,
repeatable, safe in any order. O-28, I-23."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import StrictSerializer
from mall.api.choices import REPORT_OUTCOMES, REPORT_STATES, SUB_ORDER_STATES
from mall.api.fields import ChoiceField, TextField
from mall.api.suppliers.signed import SIGNED, SignedEndpoint, warehouse_of_signer
from mall.kernel import clock
from orders.errors import ParcelUnnamed
from orders.models import SubOrder
from orders.services import Report, Reported, report_sub_order


class SubOrderReportBody(StrictSerializer):
    state = ChoiceField(choices=REPORT_STATES)
    carrier = TextField(max_length=20, required=False)
    tracking_no = TextField(max_length=40, required=False)
    reason = TextField(max_length=200, required=False, allow_blank=True)
    reference = TextField(max_length=64, required=False, help_text="the partner's own number")


class SubOrderReportShape(serializers.Serializer):
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=SUB_ORDER_STATES)
    outcome = serializers.ChoiceField(choices=REPORT_OUTCOMES)
    shipment = serializers.CharField(allow_null=True)


class SubOrderReport(SignedEndpoint):
    """Accepted, refused, or shipped with a tracking number. Believed for its signature alone."""

    @extend_schema(
        parameters=SIGNED, request=SubOrderReportBody, responses={200: SubOrderReportShape}
    )
    def post(self, request: Request, number: str) -> Response:
        house = warehouse_of_signer(request)
        body = self.body(SubOrderReportBody)
        has_parcel = bool(body.get("carrier") and body.get("tracking_no"))
        if body["state"] == SubOrder.State.SHIPPED and not has_parcel:
            raise ParcelUnnamed
        report = Report(
            state=body["state"],
            carrier=body.get("carrier", ""),
            tracking_no=body.get("tracking_no", ""),
            reason=body.get("reason", ""),
            outside_no=body.get("reference", ""),
            body=request._request.body.decode("utf-8", "backslashreplace"),
        )
        reported = report_sub_order(
            number=number, warehouse_id=house.pk, report=report, at=clock.now()
        )
        return Response(_shape(reported))


def _shape(reported: Reported) -> dict[str, Any]:
    sub = reported.sub_order
    return SubOrderReportShape(
        {
            "number": sub.number,
            "state": sub.state,
            "outcome": reported.outcome,
            "shipment": sub.shipment.number if sub.shipment else None,
        }
    ).data
