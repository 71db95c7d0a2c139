"""What must hold of orders and money."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.invariants import Invariant
from orders.balances import EDITIONS_TAKEN

PAID = "('paid', 'part_shipped', 'shipped', 'received', 'completed')"

ESCROW_BY_ORDER = (
    "SELECT order_id, -SUM(amount_fen) AS held FROM ("
    " SELECT COALESCE(p.order_id, r.order_id, o.id) AS order_id, e.amount_fen"
    " FROM kernel_ledgerentry e JOIN kernel_ledgeraccount a ON a.id = e.account_id"
    " JOIN kernel_ledgertransaction t ON t.id = e.transaction_id"
    " LEFT JOIN orders_payment p ON t.kind = 'payment' AND p.payment_no = t.reference"
    " LEFT JOIN orders_refund r ON t.kind = 'refund' AND r.refund_no = t.reference"
    " LEFT JOIN orders_order o ON t.kind IN ('settlement', 'escrow_opening')"
    " AND o.number = t.reference"
    " WHERE a.code = 'escrow') x WHERE order_id IS NOT NULL GROUP BY order_id"
)
"""What the book holds in the escrow, by order: every posting there names its cause."""

HELD_BY_PARTNERS = (
    "SELECT o.id AS order_id, i.warehouse_id, r.line_key AS place,"
    " SUM(r.quantity - r.consumed - r.released - r.lent) AS pieces"
    " FROM inventory_reservation r JOIN inventory_stockitem i ON i.id = r.item_id"
    " JOIN orders_order o ON r.source_type = 'order' AND o.number = r.source_id"
    " GROUP BY o.id, i.warehouse_id, r.line_key"
)
"""Pieces of orders by warehouse and line, shipped ones not counted."""

INVARIANTS = (
    Invariant(
        "INV-06a",
        _("what is taken of a limited edition, in all and by each member, is what orders have"),
        "SELECT 'product ' || COALESCE(t.product_id, u.product_id)"  # noqa: S608 - our own SQL
        " || COALESCE(', member ' || t.member_id, '')"
        f" FROM orders_editiontake t FULL JOIN ({EDITIONS_TAKEN}) u"
        " ON u.product_id = t.product_id AND u.place = COALESCE(t.member_id, 0)"
        " WHERE COALESCE(t.pieces, 0) <> COALESCE(u.taken, 0)",
    ),
    Invariant(
        "INV-06b",
        _("a closed order has nothing of a limited edition, and any other all that it took"),
        "SELECT 'order ' || o.number FROM orders_editionuse u"
        " JOIN orders_order o ON o.id = u.order_id"
        " WHERE (o.status = 'closed') <> (u.returned_at IS NOT NULL)",
    ),
    Invariant(
        "INV-28c",
        _("a sub-order that is not sent yet is what its order holds in that warehouse"),
        "SELECT 'sub-order ' || s.number FROM orders_suborder s WHERE s.state IN"
        " ('pending', 'sent', 'accepted') AND EXISTS (SELECT 1 FROM (SELECT l.position::text AS"
        " place, x.quantity AS pieces FROM orders_suborderline x JOIN orders_orderline l"
        " ON l.id = x.line_id WHERE x.sub_order_id = s.id) a FULL JOIN (SELECT place, pieces"
        f" FROM ({HELD_BY_PARTNERS}) h WHERE h.order_id = s.order_id"
        " AND h.warehouse_id = s.warehouse_id AND h.pieces > 0) b ON b.place = a.place"
        " WHERE a.pieces IS DISTINCT FROM b.pieces)",
    ),
    Invariant(
        "INV-28d",
        _("a shipped sub-order has a shipment of its order that holds its pieces"),
        "SELECT 'sub-order ' || s.number FROM orders_suborder s"
        " JOIN orders_suborderline x ON x.sub_order_id = s.id"
        " JOIN orders_shipment p ON p.id = s.shipment_id"
        " LEFT JOIN orders_shipmentline l ON l.shipment_id = p.id AND l.line_id = x.line_id"
        " WHERE s.state = 'shipped' AND (p.order_id <> s.order_id"
        " OR COALESCE(l.quantity, 0) < x.quantity)",
    ),
    Invariant(
        "INV-09a",
        _("payable = goods - discounts + freight = lines + freight, on every order"),
        "SELECT 'order ' || o.number FROM orders_order o LEFT JOIN ("
        " SELECT order_id, SUM(list_fen) AS listed, SUM(payable_fen) AS payable FROM"
        " orders_orderline"
        " GROUP BY order_id) l ON l.order_id = o.id"
        " WHERE o.payable_fen <> o.goods_fen - o.discount_fen + o.freight_fen"
        " OR o.goods_fen <> COALESCE(l.listed, 0) OR o.payable_fen <> COALESCE(l.payable, 0) +"
        " o.freight_fen",
    ),
    Invariant(
        "INV-09b",
        _("list price - steps = payable, on every line"),
        "SELECT 'line ' || l.id || ' of order ' || l.order_id FROM orders_orderline l LEFT JOIN ("
        " SELECT line_id, SUM(amount_fen) AS off FROM orders_orderlinestep GROUP BY line_id) s"
        " ON s.line_id = l.id"
        " WHERE l.payable_fen <> l.list_fen - COALESCE(s.off, 0) OR l.payable_fen < 0",
    ),
    Invariant(
        "INV-11",
        _("an order's status is where its history ends"),
        "SELECT 'order ' || o.number FROM orders_order o JOIN LATERAL ("
        " SELECT to_status FROM orders_orderhistory h WHERE h.order_id = o.id ORDER BY h.id DESC"
        " LIMIT 1) h ON true"
        " WHERE h.to_status <> o.status",
    ),
    Invariant(
        "INV-12",
        _("a paid order has exactly one accepted payment a leg, of its whole amount"),
        "SELECT 'order ' || o.number FROM orders_order o LEFT JOIN ("
        " SELECT order_id, COUNT(*) AS n, SUM(amount_fen) AS total FROM orders_payment"
        " WHERE status = 'succeeded' AND NOT is_surplus GROUP BY order_id) p ON p.order_id = o.id"
        f" WHERE o.source <> 'import' AND ((o.status IN {PAID}"
        " AND (COALESCE(p.n, 0) <> CASE WHEN o.deposit_fen > 0 THEN 2 ELSE 1 END"
        " OR p.total <> o.payable_fen OR o.paid_fen <> o.payable_fen))"
        " OR (o.status = 'unpaid' AND (COALESCE(p.total, 0) <> o.paid_fen"
        " OR o.paid_fen NOT IN (0, o.deposit_fen))))",
    ),
    Invariant(
        "INV-13",
        _("an order of nothing is paid without a provider, and no other"),
        "SELECT 'payment ' || p.payment_no FROM orders_payment p JOIN orders_order o ON o.id ="
        " p.order_id"
        " WHERE (p.provider = 'none') <> (o.payable_fen = 0)",
    ),
    Invariant(
        "INV-14a",
        _("the ledger holds each accepted payment and each refund, to the fen"),
        "SELECT 'payment ' || p.payment_no FROM orders_payment p WHERE p.status = 'succeeded'"
        " AND p.amount_fen > 0"
        " AND p.provider <> 'import'"
        " AND NOT EXISTS (SELECT 1 FROM kernel_ledgertransaction t JOIN kernel_ledgerentry e ON"
        " e.transaction_id = t.id"
        " WHERE t.kind = 'payment' AND t.reference = p.payment_no AND e.amount_fen = p.amount_fen)"
        " UNION ALL SELECT 'refund ' || r.refund_no FROM orders_refund r WHERE r.status ="
        " 'succeeded'"
        " AND r.reason <> 'import'"
        " AND NOT EXISTS (SELECT 1 FROM kernel_ledgertransaction t JOIN kernel_ledgerentry e ON"
        " e.transaction_id = t.id"
        " WHERE t.kind = 'refund' AND t.reference = r.refund_no AND e.amount_fen = r.amount_fen)",
    ),
    Invariant(
        "INV-14b",
        _("every surplus payment is refunded or being refunded"),
        "SELECT 'payment ' || p.payment_no FROM orders_payment p WHERE p.is_surplus AND NOT"
        " EXISTS ("
        " SELECT 1 FROM orders_refund r WHERE r.payment_id = p.id AND r.status <> 'failed')",
    ),
    Invariant(
        "INV-14e",
        _("the escrow holds of every order what was paid, less what went back or was settled"),
        "SELECT 'order ' || number FROM (SELECT o.number, COALESCE(b.held, 0) AS booked,"
        " COALESCE(p.total, 0) - COALESCE(r.total, 0) - o.settled_fen AS held"
        " FROM orders_order o LEFT JOIN (SELECT order_id, SUM(amount_fen) AS total"
        " FROM orders_payment WHERE status = 'succeeded' AND NOT is_surplus GROUP BY order_id) p"
        " ON p.order_id = o.id LEFT JOIN (SELECT r.order_id, SUM(r.amount_fen) AS total"
        " FROM orders_refund r JOIN orders_order ro ON ro.id = r.order_id"
        " WHERE r.status = 'succeeded' AND r.reason <> 'surplus'"
        " AND (ro.settled_at IS NULL OR r.created_at <= ro.settled_at) GROUP BY r.order_id) r"
        f" ON r.order_id = o.id LEFT JOIN ({ESCROW_BY_ORDER}) b ON b.order_id = o.id"
        " WHERE o.source <> 'import') e WHERE booked <> held",
    ),
    Invariant(
        "INV-14f",
        _("the escrow as a whole is what its orders hold: nothing lies there unnamed"),
        "SELECT 'escrow' FROM (SELECT (SELECT COALESCE(SUM(e.amount_fen), 0)"
        " FROM kernel_ledgerentry e JOIN kernel_ledgeraccount a ON a.id = e.account_id"
        " WHERE a.code = 'escrow') AS booked,"
        f" (SELECT COALESCE(SUM(held), 0) FROM ({ESCROW_BY_ORDER}) b) AS named) t"
        " WHERE booked <> -named",
    ),
    Invariant(
        "INV-14g",
        _("a completed order is settled: nothing but refunds on their way is held of it"),
        "SELECT 'order ' || o.number FROM orders_order o"
        " WHERE o.status = 'completed' AND o.source <> 'import' AND o.settled_at IS NULL",
    ),
    Invariant(
        "INV-15",
        _("refunds never pass what was paid, per payment and per order"),
        "SELECT 'payment ' || p.payment_no FROM orders_payment p JOIN orders_refund r ON"
        " r.payment_id = p.id"
        " WHERE r.status <> 'failed' GROUP BY p.id, p.payment_no, p.amount_fen HAVING"
        " SUM(r.amount_fen) > p.amount_fen"
        " UNION ALL SELECT 'order ' || number FROM orders_order WHERE refunded_fen > paid_fen",
    ),
    Invariant(
        "INV-28",
        _("shipped pieces of a line equal its parcels and never pass its quantity"),
        "SELECT 'line ' || l.id FROM orders_orderline l LEFT JOIN ("
        " SELECT line_id, SUM(quantity) AS n FROM orders_shipmentline GROUP BY line_id) s ON"
        " s.line_id = l.id"
        " JOIN orders_order o ON o.id = l.order_id"
        " WHERE o.source <> 'import' AND (l.shipped <> COALESCE(s.n, 0) OR l.shipped > l.quantity)",
    ),
    Invariant(
        "INV-29",
        _("reviews are written by buyers of received lines"),
        "SELECT 'review ' || r.id FROM orders_review r JOIN orders_orderline l ON l.id = r.line_id"
        " JOIN orders_order o ON o.id = l.order_id"
        " WHERE o.member_id IS DISTINCT FROM r.member_id OR o.received_at IS NULL",
    ),
    Invariant(
        "INV-04b",
        _("what an order holds in stock fits its state"),
        "SELECT 'order ' || o.number FROM orders_order o JOIN inventory_reservation r"
        " ON r.source_type = 'order' AND r.source_id = o.number"
        " WHERE o.status IN ('closed', 'shipped', 'received', 'completed')"
        " GROUP BY o.number HAVING SUM(r.quantity - r.consumed - r.released) > 0"
        " UNION ALL SELECT 'line ' || l.id FROM inventory_reservation r"
        " JOIN inventory_stockitem i ON i.id = r.item_id"
        " JOIN orders_order o ON r.source_type = 'order' AND r.source_id = o.number"
        " JOIN orders_orderline l ON l.order_id = o.id AND l.position::text = r.line_key"
        " WHERE r.quantity > r.consumed + r.released + r.lent GROUP BY l.id, i.sku_id"
        " HAVING SUM((r.quantity - r.consumed - r.released - r.lent) / r.pieces_each)"
        " > l.quantity - l.withdrawn - l.shipped",
    ),
    Invariant(
        "INV-04e",
        _("a bundle's line holds every part in the number that it was sold with"),
        "SELECT 'line ' || l.id FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id"
        " JOIN inventory_reservation r ON r.source_type = 'order' AND r.source_id = o.number"
        " AND r.line_key = l.position::text JOIN inventory_stockitem i ON i.id = r.item_id"
        " WHERE l.parts IS NOT NULL GROUP BY l.id, r.attempt, i.warehouse_id"
        " HAVING COUNT(*) <> JSONB_ARRAY_LENGTH(l.parts) OR NOT BOOL_AND(l.parts @>"
        " JSONB_BUILD_ARRAY(JSONB_BUILD_OBJECT('sku_id', i.sku_id, 'quantity', r.pieces_each)))",
    ),
    Invariant(
        "INV-18c",
        _("an order in an activity holds its pieces while it is open, and none when it is closed"),
        "SELECT 'order ' || o.number FROM orders_order o LEFT JOIN promotions_offerhold h"
        " ON h.order_number = o.number AND h.state <> 'freed' AND h.member_id = o.member_id"
        " WHERE o.offer_kind <> '' AND (o.status = 'closed') <> (h.id IS NULL)",
    ),
    Invariant(
        "INV-05b",
        _("a flash sale that is on has set aside what is left of its quota"),
        "SELECT 'flash sale ' || c.id || ', sku ' || i.sku_id FROM promotions_stocklock l"
        " JOIN promotions_campaign c ON c.id = l.campaign_id"
        " JOIN promotions_activityitem i ON i.campaign_id = c.id LEFT JOIN ("
        " SELECT source_id, line_key, SUM(quantity - consumed - released - lent) AS held"
        " FROM inventory_reservation WHERE source_type = 'activity'"
        " GROUP BY source_id, line_key) r"
        " ON r.source_id = c.id::text AND r.line_key = i.sku_id::text"
        " WHERE l.state = 'locked' AND c.status IN ('approved', 'live', 'paused')"
        " AND c.ends_at > NOW() AND i.quota - i.taken <> COALESCE(r.held, 0)",
    ),
    Invariant(
        "INV-16a",
        _("a locked or used coupon belongs to exactly one order of its owner"),
        "SELECT 'grant ' || g.id FROM promotions_coupongrant g"
        " LEFT JOIN orders_order o ON o.number = g.order_number AND o.member_id = g.member_id"
        " WHERE g.state <> 'usable' AND o.id IS NULL",
    ),
    Invariant(
        "INV-16b",
        _("a used coupon's order is paid, a locked one's is unpaid"),
        "SELECT 'grant ' || g.id FROM promotions_coupongrant g JOIN orders_order o ON o.number ="
        " g.order_number"
        " WHERE (g.state = 'locked' AND o.status <> 'unpaid') OR (g.state = 'used' AND o.paid_at"
        " IS NULL)",
    ),
    Invariant(
        "INV-14c",
        _("the donation account of the book is the donations that stand"),
        "SELECT 'donations' FROM (SELECT"
        " (SELECT COALESCE(SUM(e.amount_fen), 0) FROM kernel_ledgerentry e"
        " JOIN kernel_ledgeraccount a ON a.id = e.account_id WHERE a.code = 'donations') AS booked,"
        " (SELECT COALESCE(SUM(amount_fen), 0) FROM orders_donation WHERE reversed_at IS NULL)"
        " AS given) d WHERE d.booked <> -d.given",
    ),
    Invariant(
        "INV-14d",
        _("no donation stands for an order whose money went back whole"),
        "SELECT 'order ' || o.number FROM orders_donation d"
        " JOIN orders_order o ON o.id = d.order_id"
        " WHERE d.reversed_at IS NULL AND o.refunded_fen >= o.paid_fen"
        " AND NOT EXISTS (SELECT 1 FROM kernel_outboxevent e WHERE e.done_at IS NULL)",
    ),
    Invariant(
        "INV-24d",
        _("orders of a failed group end, and the money goes back whole"),
        "SELECT 'order ' || o.number FROM orders_order o JOIN promotions_team t"
        " ON o.offer_kind = 'group' AND o.offer_reference = t.number AND t.state = 'failed'"
        " WHERE (o.status = 'paid' OR (o.status = 'closed' AND o.refunded_fen <> o.paid_fen))"
        " AND NOT EXISTS (SELECT 1 FROM kernel_outboxevent e WHERE e.done_at IS NULL)",
    ),
    Invariant(
        "INV-24e",
        _("only orders of an open group wait for it"),
        "SELECT 'order ' || o.number FROM orders_order o LEFT JOIN promotions_team t"
        " ON t.number = o.offer_reference WHERE o.stage = 'grouping'"
        " AND (t.id IS NULL OR o.status <> 'paid' OR (t.state <> 'open'"
        " AND NOT EXISTS (SELECT 1 FROM kernel_outboxevent e WHERE e.done_at IS NULL)))",
    ),
    Invariant(
        "INV-15b",
        _("pieces and fen of a line in after-sales, and paid back, are those of its cases"),
        "SELECT 'line ' || l.id FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id"
        " LEFT JOIN (SELECT a.line_id,"
        " SUM(a.quantity) FILTER (WHERE s.state IN (%s)) AS pieces,"
        " SUM(a.entitled_fen) FILTER (WHERE s.state IN (%s)) AS fen,"
        " SUM(a.unshipped) FILTER (WHERE s.state IN (%s)) AS held,"
        " SUM(a.quantity) FILTER (WHERE s.state IN ('refunding', 'done')"
        " AND s.kind <> 'exchange') AS back,"
        " SUM(a.amount_fen) FILTER (WHERE s.state IN ('refunding', 'done')"
        " AND s.kind <> 'exchange') AS back_fen"
        " FROM orders_aftersaleline a JOIN orders_aftersale s ON s.id = a.after_sale_id"
        " GROUP BY a.line_id) c ON c.line_id = l.id"
        " WHERE l.refunding <> COALESCE(c.pieces, 0) OR l.refunding_fen <> COALESCE(c.fen, 0)"
        " OR l.withdrawing <> COALESCE(c.held, 0)"
        " OR (c.line_id IS NOT NULL AND l.refunded < COALESCE(c.back, 0))"
        " OR (c.line_id IS NOT NULL AND l.refunded_fen < COALESCE(c.back_fen, 0))"
        % (("'requested', 'approved', 'awaiting_return', 'returning', 'inspected'",) * 3),
    ),
    Invariant(
        "INV-15c",
        _("an order's refunds are what its lines, its freight and its gifts add up to"),
        "SELECT 'order ' || o.number FROM orders_order o JOIN ("
        " SELECT order_id, SUM(refunded_fen) AS goods FROM orders_orderline GROUP BY order_id) l"
        " ON l.order_id = o.id LEFT JOIN ("
        " SELECT order_id, SUM(gift_charge_fen) AS gifts FROM orders_aftersale"
        " WHERE state IN ('refunding', 'done') GROUP BY order_id) g ON g.order_id = o.id"
        " WHERE o.source <> 'import' AND o.paid_fen = o.payable_fen"
        " AND EXISTS (SELECT 1 FROM orders_aftersale a WHERE a.order_id = o.id)"
        " AND o.refunded_fen <> l.goods + o.freight_refunded_fen - COALESCE(g.gifts, 0)",
    ),
    Invariant(
        "INV-15d",
        _("a case that is paid back has refunds of exactly its money"),
        "SELECT 'case ' || c.number FROM orders_aftersale c LEFT JOIN ("
        " SELECT after_sale_id, SUM(amount_fen) AS fen FROM orders_refund GROUP BY after_sale_id) r"
        " ON r.after_sale_id = c.id WHERE COALESCE(r.fen, 0) <> CASE"
        " WHEN c.state IN ('refunding', 'done') THEN"
        " c.goods_fen + c.freight_fen - c.gift_charge_fen ELSE 0 END",
    ),
    Invariant(
        "INV-11b",
        _("a case's state is where its history ends"),
        "SELECT 'case ' || c.number FROM orders_aftersale c LEFT JOIN LATERAL ("
        " SELECT to_state FROM orders_aftersaleevent e WHERE e.after_sale_id = c.id"
        " ORDER BY e.id DESC LIMIT 1) h ON true WHERE h.to_state IS DISTINCT FROM c.state",
    ),
    Invariant(
        "INV-28b",
        _("pieces shipped, paid back unshipped and held back never pass a line's quantity"),
        "SELECT 'line ' || id FROM orders_orderline"
        " WHERE shipped + withdrawn + withdrawing > quantity",
    ),
    Invariant(
        "INV-20b",
        _("points that cases gave back never pass what the order had spent"),
        "SELECT 'order ' || o.number FROM orders_order o JOIN orders_aftersale c"
        " ON c.order_id = o.id AND c.state IN ('refunding', 'done')"
        " GROUP BY o.id, o.number, o.points_used, o.points_earned"
        " HAVING SUM(c.points_back) > o.points_used OR SUM(c.points_taken) > o.points_earned",
    ),
    Invariant(
        "INV-84",
        _("nobody said yes to their own compensation, and each that is paid is in the wallet"),
        "SELECT 'compensation ' || c.number FROM orders_compensation c LEFT JOIN"
        " members_walletentry w ON w.kind = 'compensation' AND w.reference = c.number"
        " WHERE c.decided_by_id = c.requested_by_id OR (c.state = 'paid') <> (w.id IS NOT NULL)"
        " OR (w.id IS NOT NULL AND w.delta_fen <> c.amount_fen)",
    ),
)
