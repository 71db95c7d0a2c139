"""What stock keeps, beside its movements and reservations."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.balances import Balance

NAME = "'stock ' || i.id || ' (sku ' || i.sku_id || ', warehouse ' || i.warehouse_id || ')'"


def _moved(column: str) -> str:
    return (
        f"SELECT {NAME}, i.{column}, COALESCE(m.total, 0) FROM inventory_stockitem i LEFT JOIN"  # noqa: S608
        f" (SELECT item_id, SUM(delta_{column}) AS total FROM inventory_stockmovement"
        " GROUP BY item_id) m ON m.item_id = i.id"
    )


BALANCES = (
    Balance("stock.on_hand", _("pieces on hand, by their movements"), _moved("on_hand")),
    Balance("stock.reserved", _("pieces reserved, by their movements"), _moved("reserved")),
    Balance("stock.in_transit", _("pieces in transit, by their movements"), _moved("in_transit")),
    Balance("stock.defective", _("defective pieces, by their movements"), _moved("defective")),
    Balance(
        "stock.held",
        _("pieces reserved, by open reservations"),
        f"SELECT {NAME}, i.reserved, COALESCE(r.held, 0) FROM inventory_stockitem i LEFT JOIN"  # noqa: S608
        " (SELECT item_id, SUM(quantity - consumed - released - lent) AS held"
        " FROM inventory_reservation GROUP BY item_id) r ON r.item_id = i.id",
    ),
    Balance(
        "reservation.lent",
        _("pieces of activities that orders hold, by these orders"),
        "SELECT 'reservation ' || r.id || ' of activity ' || r.source_id, r.lent,"
        " COALESCE(b.held, 0) FROM inventory_reservation r LEFT JOIN ("
        " SELECT lender_id, SUM(quantity - released) AS held FROM inventory_reservation"
        " WHERE lender_id IS NOT NULL GROUP BY lender_id) b ON b.lender_id = r.id"
        " WHERE r.source_type = 'activity'",
    ),
)
