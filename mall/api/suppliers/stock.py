"""supplier/stock/: a supplier tells what it has. Signed, repeatable, every 15 minutes. I-32."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.models import SupplierSync
from inventory.services import StockRow, sync_supplier_stock
from mall.api.base import StrictSerializer
from mall.api.fields import InstantField, StrictIntegerField, TextField
from mall.api.suppliers.signed import SIGNED, SignedEndpoint, signer_of
from mall.kernel import clock

MOST_ROWS = 1000
MOST_PIECES = 10_000_000


class SupplierStockRowBody(StrictSerializer):
    code = TextField(max_length=60)
    pieces = StrictIntegerField(min_value=0, max_value=MOST_PIECES)


class SupplierStockBody(StrictSerializer):
    reference = TextField(max_length=64)
    taken_at = InstantField(required=False)
    items = serializers.ListField(
        child=SupplierStockRowBody(), allow_empty=False, max_length=MOST_ROWS
    )


class SupplierStockRefusalShape(serializers.Serializer):
    row = serializers.IntegerField()
    code = serializers.CharField()
    reason = serializers.CharField(help_text="unknown, twice, older or pieces")


class SupplierStockShape(serializers.Serializer):
    reference = serializers.CharField()
    taken_at = InstantField()
    accepted = serializers.IntegerField()
    refused = SupplierStockRefusalShape(many=True)


class SupplierStock(SignedEndpoint):
    """The stock of a supplier. Believed for its signature alone; the same reference counts once."""

    @extend_schema(
        parameters=SIGNED, request=SupplierStockBody, responses={200: SupplierStockShape}
    )
    def post(self, request: Request) -> Response:
        supplier = signer_of(request)
        body = self.body(SupplierStockBody)
        at = clock.now()
        sync = sync_supplier_stock(
            supplier=supplier,
            reference=body["reference"],
            rows=[
                StockRow(number, row["code"], row["pieces"])
                for number, row in enumerate(body["items"], 1)
            ],
            taken_at=body.get("taken_at", at),
            at=at,
        )
        return Response(_shape(sync))


def _shape(sync: SupplierSync) -> dict[str, Any]:
    return SupplierStockShape(
        {
            "reference": sync.reference,
            "taken_at": sync.taken_at,
            "accepted": sync.accepted,
            "refused": sync.refused,
        }
    ).data
