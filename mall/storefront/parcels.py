"""The parcel that is on its way, for the member's overview."""

from typing import Any

from catalog import presenting
from mall.kernel import clock
from mall.storefront.deals import headline, trace_label
from orders.models import Order
from orders.presenting import shipment_dict
from orders.selectors import orders_of


def parcel(member_id: int) -> dict[str, Any] | None:
    """The latest parcel: its order, a picture, where it was last seen. Queries: 9."""
    order = orders_of(member_id, status=Order.Status.SHIPPED).first()
    if order is None:
        return None
    shipments = [shipment_dict(row) for row in order.shipments.all()]
    last = shipments[-1] if shipments else None
    scans = last["events"] if last else []
    carrier = f"{last['carrier']} {last['tracking_no']}" if last else ""
    return {
        "number": order.number,
        "image": presenting.image(next((line.image for line in order.lines.all()), None)),
        "headline": headline(order, clock.now())["headline"],
        "line": trace_label(scans[0])["label"] if scans else carrier,
    }
