"""supplier/after-sales/: what buyers ask about goods that a supplier sent, and its answer. Signed,
repeatable. I-26."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.errors import SupplierKeyRefused
from inventory.models import Supplier
from mall.api.base import StrictSerializer
from mall.api.choices import AFTER_SALE_KINDS, AFTER_SALE_REASONS, REPORT_OUTCOMES
from mall.api.fields import InstantField, TextField
from mall.api.suppliers.signed import SIGNED, SignedEndpoint, warehouse_of_signer
from mall.kernel import clock
from orders.models import AfterSale, PartnerReport
from orders.selectors import asked_of
from orders.services import note_supplier_answer


class AskedLineShape(serializers.Serializer):
    code = serializers.CharField()
    pieces = serializers.IntegerField()


class AskedCaseShape(serializers.Serializer):
    number = serializers.CharField()
    sub_orders = serializers.ListField(child=serializers.CharField())
    kind = serializers.ChoiceField(choices=AFTER_SALE_KINDS)
    reason = serializers.ChoiceField(choices=AFTER_SALE_REASONS)
    text = serializers.CharField(help_text="in the buyer's words")
    requested_at = InstantField()
    lines = AskedLineShape(many=True)


class AskedCasesShape(serializers.Serializer):
    cases = AskedCaseShape(many=True)


class SupplierAnswerBody(StrictSerializer):
    note = TextField(max_length=160, required=False, allow_blank=True)


class SupplierAnswerShape(serializers.Serializer):
    number = serializers.CharField()
    outcome = serializers.ChoiceField(choices=REPORT_OUTCOMES)


class SupplierAfterSales(SignedEndpoint):
    """Open cases that wait for the signer's answer, the oldest first, 100 at most."""

    @extend_schema(parameters=SIGNED, responses={200: AskedCasesShape})
    def get(self, request: Request) -> Response:
        cases = [_case(case) for case in asked_of(_supplier(request))]
        return Response(AskedCasesShape({"cases": cases}).data)


class SupplierAnswer(SignedEndpoint):
    """The first answer counts, from its arrival here; a repeat changes nothing."""

    @extend_schema(
        parameters=SIGNED, request=SupplierAnswerBody, responses={200: SupplierAnswerShape}
    )
    def post(self, request: Request, number: str) -> Response:
        supplier = _supplier(request)
        body = self.body(SupplierAnswerBody)
        is_new = note_supplier_answer(
            number=number, supplier_id=supplier.pk, note=body.get("note", ""), at=clock.now()
        )
        outcome = PartnerReport.Outcome.APPLIED if is_new else PartnerReport.Outcome.REPEATED
        return Response(SupplierAnswerShape({"number": number, "outcome": outcome}).data)


def _supplier(request: Request) -> Supplier:
    """The supplier behind the key: its own, or that of the way to its house. Raises:
    SupplierKeyRefused, also for a cloud warehouse, which sells us nothing."""
    supplier = warehouse_of_signer(request).supplier
    if supplier is None:
        raise SupplierKeyRefused
    return supplier


def _case(case: AfterSale) -> dict[str, Any]:
    return {
        "number": case.number,
        "sub_orders": [sub.number for sub in case.order.sub_orders.all()],
        "kind": case.kind,
        "reason": case.reason,
        "text": case.text,
        "requested_at": case.requested_at,
        "lines": [{"code": row.line.sku_code, "pieces": row.quantity} for row in case.lines.all()],
    }
