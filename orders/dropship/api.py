"""A supplier's interface: orders to be sent to our buyers (docs/suppliers.md)."""

from orders.dropship.base import Outbound, Word
from orders.dropship.signed import SignedPartner


class SupplierApi(SignedPartner):
    """`POST <url>/orders` and `POST <url>/orders/cancel`."""

    def forward(self, outbound: Outbound) -> Word:
        return self.tell(
            "/orders",
            outbound.number,
            {
                "number": outbound.number,
                "receiver": {
                    "name": outbound.receiver_name,
                    "phone": outbound.receiver_phone,
                    "region_code": outbound.region_code,
                    "address": outbound.place,
                },
                "note": outbound.note,
                "lines": [
                    {
                        "code": line.code,
                        "sku": line.sku,
                        "title": line.title,
                        "pieces": line.pieces,
                    }
                    for line in outbound.lines
                ],
            },
        )

    def recall(self, number: str) -> Word:
        return self.tell("/orders/cancel", number, {"number": number})
