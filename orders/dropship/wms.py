"""The interface of a cloud warehouse: outbound orders of our own goods. Source: I-23."""

from orders.dropship.base import Outbound, Word
from orders.dropship.signed import SignedPartner


class CloudWarehouse(SignedPartner):
    """`POST <url>/outbound` and `POST <url>/outbound/cancel`; it knows our SKU codes."""

    def forward(self, outbound: Outbound) -> Word:
        return self.tell(
            "/outbound",
            outbound.number,
            {
                "number": outbound.number,
                "warehouse": outbound.warehouse,
                "consignee": {
                    "name": outbound.receiver_name,
                    "mobile": outbound.receiver_phone,
                    "region_code": outbound.region_code,
                    "address": outbound.place,
                },
                "items": [{"sku": line.sku, "quantity": line.pieces} for line in outbound.lines],
            },
        )

    def recall(self, number: str) -> Word:
        return self.tell("/outbound/cancel", number, {"number": number})
