"""What must hold of stock."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.invariants import Invariant

ITEM = "'stock ' || item.id || ' (sku ' || sku_id || ', warehouse ' || warehouse_id || ')'"
BALANCES = ("on_hand", "reserved", "in_transit", "defective")


def _before(name: str) -> str:
    """A balance as the movement before this one left it."""
    return f"COALESCE(LAG({name}_after) OVER w, 0) AS {name}_before"


OPEN_PAPERS = (
    "SELECT target_id AS place, line.sku_id AS goods,"
    " pieces - received - lost - returned AS pieces"
    " FROM inventory_transferline line JOIN inventory_transfer paper ON paper.id = transfer_id"
    " WHERE status = 'sent' UNION ALL"
    " SELECT warehouse_id, line.sku_id, quantity - received - given_up"
    " FROM inventory_purchaseorderline line JOIN inventory_purchaseorder paper"
    " ON paper.id = order_id WHERE status IN ('approved', 'sent', 'part_received')"
)
"""What is still to come to each warehouse, by the papers that brought it on its way."""


INVARIANTS = (
    Invariant(
        "INV-01",
        _("0 <= reserved <= on hand for every stock row"),
        f"SELECT {ITEM} FROM inventory_stockitem item WHERE reserved < 0 OR reserved > on_hand"
        " OR in_transit < 0 OR defective < 0",
    ),
    Invariant(
        "INV-03a",
        _("stock equals the sum of its movements"),
        f"SELECT {ITEM} FROM inventory_stockitem item LEFT JOIN ("
        " SELECT item_id, SUM(delta_on_hand) AS on_hand, SUM(delta_reserved) AS reserved,"
        " SUM(delta_in_transit) AS in_transit, SUM(delta_defective) AS defective"
        " FROM inventory_stockmovement GROUP BY item_id) moved ON moved.item_id = item.id"
        " WHERE item.on_hand <> COALESCE(moved.on_hand, 0)"
        " OR item.reserved <> COALESCE(moved.reserved, 0)"
        " OR item.in_transit <> COALESCE(moved.in_transit, 0)"
        " OR item.defective <> COALESCE(moved.defective, 0)",
    ),
    Invariant(
        "INV-03b",
        _("reserved equals what open reservations hold"),
        f"SELECT {ITEM} FROM inventory_stockitem item LEFT JOIN ("
        " SELECT item_id, SUM(quantity - consumed - released - lent) AS held"
        " FROM inventory_reservation GROUP BY item_id) r ON r.item_id = item.id"
        " WHERE item.reserved <> COALESCE(r.held, 0)",
    ),
    Invariant(
        "INV-03c",
        _("each movement's balances follow from the one before it"),
        "SELECT 'movement ' || id FROM (SELECT id, "
        + ", ".join(f"{name}_after, delta_{name}, {_before(name)}" for name in BALANCES)
        + " FROM inventory_stockmovement WINDOW w AS (PARTITION BY item_id ORDER BY id)) m WHERE "
        + " OR ".join(f"{name}_after <> {name}_before + delta_{name}" for name in BALANCES),
    ),
    Invariant(
        "INV-03d",
        _("in transit equals what open transfers and purchase orders still bring"),
        f"SELECT {ITEM} FROM inventory_stockitem item LEFT JOIN ("
        f" SELECT place, goods, SUM(pieces) AS due FROM ({OPEN_PAPERS}) papers"
        " GROUP BY place, goods) paper ON place = item.warehouse_id AND goods = item.sku_id"
        " WHERE item.in_transit <> COALESCE(due, 0)",
    ),
    Invariant(
        "INV-04",
        _("a reservation is spent at most once"),
        "SELECT 'reservation ' || id || ' of ' || source_id FROM inventory_reservation"
        " WHERE consumed + released + lent > quantity",
    ),
    Invariant(
        "INV-04c",
        _("the parts of a bundle are held, shipped and let go together"),
        "SELECT 'line ' || line_key || ' of ' || source_id FROM inventory_reservation r"
        " JOIN inventory_stockitem i ON i.id = r.item_id WHERE source_type = 'order'"
        " GROUP BY source_id, attempt, line_key, warehouse_id HAVING "
        + " OR ".join(
            f"MIN({name} / pieces_each) <> MAX({name} / pieces_each)"
            for name in ("quantity", "consumed", "released")
        ),
    ),
    Invariant(
        "INV-04d",
        _("a bundle has no stock of its own"),
        f"SELECT {ITEM} FROM inventory_stockitem item JOIN catalog_sku sku ON sku.id = sku_id"
        " WHERE sku.is_bundle",
    ),
    Invariant(
        "INV-05a",
        _("what an activity has sold is what its orders took and did not give back"),
        "SELECT 'reservation ' || r.id || ' of activity ' || r.source_id"
        " FROM inventory_reservation r LEFT JOIN ("
        " SELECT lender_id, SUM(quantity - released) AS held FROM inventory_reservation"
        " WHERE lender_id IS NOT NULL GROUP BY lender_id) b ON b.lender_id = r.id"
        " WHERE r.lent <> COALESCE(b.held, 0)",
    ),
    Invariant(
        "INV-43",
        _("one restock alert per crossing, at most one open per stock row"),
        "SELECT 'stock ' || item_id FROM inventory_restockalert WHERE resolved_at IS NULL"
        " GROUP BY item_id HAVING COUNT(*) > 1",
    ),
)
