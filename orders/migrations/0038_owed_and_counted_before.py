"""What older code left behind: goods that nobody owes, counts of limited editions, returns that
nobody awaits (I-42, C-15, I-22).

Each statement finds only what is still wrong, so all of them may be run again.
"""

from django.db import migrations

OWED = """
INSERT INTO inventory_suppliercharge (supplier_id, kind, reference, amount_fen, facts, at)
SELECT w.supplier_id, 'dropship', p.number || '/' || w.code,
    SUM(-m.delta_on_hand * COALESCE(g.cost_fen, k.cost_fen, 0)), '{}'::jsonb, p.shipped_at
FROM inventory_stockmovement m
JOIN inventory_stockitem i ON i.id = m.item_id
JOIN inventory_warehouse w ON w.id = i.warehouse_id AND w.supplier_id IS NOT NULL
JOIN catalog_sku k ON k.id = i.sku_id
JOIN orders_shipment p ON p.number = m.source_id
LEFT JOIN inventory_suppliersku g ON g.supplier_id = w.supplier_id AND g.sku_id = i.sku_id
WHERE m.kind = 'sale' AND m.source_type = 'shipment'
    AND NOT EXISTS (SELECT FROM orders_suborder s
        WHERE s.state = 'shipped' AND s.shipment_id = p.id AND s.warehouse_id = w.id)
    AND NOT EXISTS (SELECT FROM orders_aftersale a WHERE a.replacement_id = p.id)
GROUP BY w.supplier_id, w.code, p.number, p.shipped_at
HAVING SUM(-m.delta_on_hand * COALESCE(g.cost_fen, k.cost_fen, 0)) > 0
ORDER BY w.supplier_id, p.shipped_at, p.number
ON CONFLICT (supplier_id, kind, reference) DO NOTHING
"""
"""A parcel that a person sent from a supplier's house left no sub-order and no charge; what its
completion had credited, inventory's 0020 takes back. Once a parcel and house, as agreed with the
supplier, else at the cost we know; no fee, for nobody had asked one. What an exchange sent was
never credited and is left alone."""

GIVEN_BACK = """
WITH back AS (
    UPDATE orders_editionuse u SET returned_at = COALESCE(o.closed_at, now()) FROM orders_order o
    WHERE o.id = u.order_id AND o.status = 'closed' AND u.returned_at IS NULL
    RETURNING u.product_id, o.member_id, u.pieces, u.in_all, u.of_member),
less AS (
    SELECT product_id, NULL::bigint AS member_id, SUM(pieces) AS pieces FROM back
    WHERE in_all GROUP BY product_id
    UNION ALL SELECT product_id, member_id, SUM(pieces) FROM back
    WHERE of_member AND member_id IS NOT NULL GROUP BY product_id, member_id),
held AS (
    SELECT t.id, less.pieces FROM orders_editiontake t JOIN less ON less.product_id = t.product_id
        AND less.member_id IS NOT DISTINCT FROM t.member_id
    ORDER BY t.product_id, t.member_id NULLS FIRST FOR NO KEY UPDATE OF t)
UPDATE orders_editiontake t SET pieces = GREATEST(0, t.pieces - held.pieces)
FROM held WHERE held.id = t.id
"""
"""An order that was paid back whole before receipt closed and kept its pieces. The counts are
locked in the order of docs/locks.md."""


def uncounted(flag: str, member: str) -> str:
    """Clear a flag on revived uses, as many pieces as the count of their place lacks."""
    return f"""
WITH counted AS (
    SELECT u.id, u.product_id, {member} AS member_id, u.pieces, u.order_id
    FROM orders_editionuse u JOIN orders_order o ON o.id = u.order_id
    WHERE u.{flag} AND u.returned_at IS NULL),
lacking AS (
    SELECT c.product_id, c.member_id, SUM(c.pieces) - COALESCE(MAX(t.pieces), 0) AS pieces
    FROM counted c LEFT JOIN orders_editiontake t ON t.product_id = c.product_id
        AND t.member_id IS NOT DISTINCT FROM c.member_id
    GROUP BY c.product_id, c.member_id
    HAVING SUM(c.pieces) > COALESCE(MAX(t.pieces), 0)),
revived AS (
    SELECT c.*, SUM(c.pieces) OVER (PARTITION BY c.product_id, c.member_id
        ORDER BY c.pieces, c.id DESC) AS so_far
    FROM counted c WHERE EXISTS (SELECT FROM orders_orderhistory h
        WHERE h.order_id = c.order_id AND h.from_status = 'closed'))
UPDATE orders_editionuse u SET {flag} = false
FROM revived r JOIN lacking ON lacking.product_id = r.product_id
    AND lacking.member_id IS NOT DISTINCT FROM r.member_id
WHERE u.id = r.id AND u.returned_at IS NULL AND r.so_far <= lacking.pieces
"""  # noqa: S608 - our own SQL


UNCOUNTED_IN_ALL = uncounted("in_all", "NULL::bigint")
UNCOUNTED_OF_MEMBER = uncounted("of_member", "o.member_id")
"""Late money revived a closed order after its product had lost the limit: nothing was counted, yet
the use says so, and would give back what others took."""

CALLED_OFF = """
UPDATE inventory_returnintake r SET status = 'called_off' FROM orders_aftersale a
WHERE a.number = r.after_sale_number AND r.status = 'expected'
    AND a.state IN ('cancelled', 'refused')
"""
"""Cases used to end without a word to the warehouse."""


class Migration(migrations.Migration):
    atomic = False
    safe_because = (
        "each statement commits by itself and locks only the few rows that it mends; amounts of "
        "suppliers are new rows, which a statement that is being drawn leaves to the next one"
    )

    dependencies = [
        ("inventory", "0020_owed_once"),
        ("orders", "0037_times_and_ship_day"),
    ]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (OWED, GIVEN_BACK, UNCOUNTED_IN_ALL, UNCOUNTED_OF_MEMBER, CALLED_OFF)
    ]
