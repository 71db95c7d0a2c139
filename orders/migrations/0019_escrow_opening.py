"""Money of orders that are not over moves from the sales account into the escrow (O-41).

Orders that are over count as settled with what they kept; what is still on its way back to their
buyers is held as well. One posting an order. Set-based: three statements, whatever the number of
orders.
"""

from django.db import migrations

NET = """
    SELECT o.id, o.number, o.status, COALESCE(o.completed_at, o.closed_at) AS ended_at,
        p.total AS paid, COALESCE(r.opened, 0) AS opened, COALESCE(r.done, 0) AS done
    FROM orders_order o
    JOIN (SELECT order_id, SUM(amount_fen) AS total FROM orders_payment
        WHERE status = 'succeeded' AND NOT is_surplus AND amount_fen > 0 GROUP BY order_id) p
        ON p.order_id = o.id
    LEFT JOIN (SELECT order_id, SUM(amount_fen) AS opened,
        SUM(amount_fen) FILTER (WHERE status = 'succeeded') AS done
        FROM orders_refund WHERE reason <> 'surplus' GROUP BY order_id) r ON r.order_id = o.id
    WHERE o.source <> 'import'
"""
SETTLED = f"""
UPDATE orders_order SET settled_at = net.ended_at, settled_fen = net.paid - net.opened
FROM ({NET}) net WHERE net.id = orders_order.id AND net.status IN ('completed', 'closed')
    AND orders_order.settled_at IS NULL
"""  # noqa: S608 - no value of anybody's
HELD = f"""
    SELECT net.number, net.paid - net.done - o.settled_fen AS fen
    FROM ({NET}) net JOIN orders_order o ON o.id = net.id
    WHERE net.paid - net.done - o.settled_fen <> 0
"""  # noqa: S608 - no value of anybody's
POSTED = f"""
WITH held AS ({HELD}),
accounts AS (
    INSERT INTO kernel_ledgeraccount (code)
    SELECT code FROM (VALUES ('sales'), ('escrow')) named (code) WHERE EXISTS (SELECT 1 FROM held)
    ON CONFLICT (code) DO UPDATE SET code = excluded.code RETURNING id, code),
posted AS (
    INSERT INTO kernel_ledgertransaction (kind, reference, at)
    SELECT 'escrow_opening', number, now() FROM held RETURNING id, reference)
INSERT INTO kernel_ledgerentry (transaction_id, account_id, amount_fen)
SELECT posted.id, accounts.id, CASE accounts.code WHEN 'sales' THEN held.fen ELSE -held.fen END
FROM posted JOIN held ON held.number = posted.reference CROSS JOIN accounts
"""  # noqa: S608 - no value of anybody's
UNPOSTED = """
WITH held AS (
    SELECT SUM(e.amount_fen) AS fen FROM kernel_ledgerentry e
    JOIN kernel_ledgeraccount a ON a.id = e.account_id WHERE a.code = 'escrow'),
posted AS (
    INSERT INTO kernel_ledgertransaction (kind, reference, at)
    SELECT 'escrow_undone', now()::text, now() FROM held WHERE fen <> 0 RETURNING id)
INSERT INTO kernel_ledgerentry (transaction_id, account_id, amount_fen)
SELECT posted.id, a.id, CASE a.code WHEN 'escrow' THEN -held.fen ELSE held.fen END
FROM posted CROSS JOIN held JOIN kernel_ledgeraccount a ON a.code IN ('escrow', 'sales')
"""
UNSETTLED = (
    "UPDATE orders_order SET settled_at = NULL, settled_fen = 0 WHERE settled_at IS NOT NULL"
)


class Migration(migrations.Migration):
    dependencies = [("orders", "0018_risk_rows")]

    operations = [migrations.RunSQL([SETTLED, POSTED], [UNPOSTED, UNSETTLED])]
