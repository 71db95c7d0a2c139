"""What stock keeps, beside its movements and reservations; what suppliers are owed, beside their
statements."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.balances import Balance, Unit

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
    Balance(
        "book.supplier",
        _("what suppliers are owed, by their confirmed statements that are not paid yet"),
        "SELECT 'supplier:' || COALESCE(b.code, c.code), -COALESCE(b.total, 0),"
        " COALESCE(c.total, 0) FROM (SELECT SUBSTR(a.code, 10) AS code, SUM(e.amount_fen) AS total"
        " FROM kernel_ledgerentry e JOIN kernel_ledgeraccount a ON a.id = e.account_id"
        " WHERE STARTS_WITH(a.code, 'supplier:') GROUP BY a.code) b FULL JOIN ("
        " SELECT s.code, SUM(t.payable_fen) AS total FROM inventory_supplierstatement t"
        " JOIN inventory_supplier s ON s.id = t.supplier_id WHERE t.status = 'confirmed'"
        " GROUP BY s.code) c ON c.code = b.code",
        unit=Unit.FEN,
    ),
)
