"""What orders and the book of money keep, beside the payments and refunds behind it."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.balances import Balance, Unit

BOOK = (
    "SELECT a.code, SUM(e.amount_fen) AS total FROM kernel_ledgerentry e"
    " JOIN kernel_ledgeraccount a ON a.id = e.account_id GROUP BY a.code"
)
PAID_BY_ORDER = (
    "SELECT order_id, SUM(amount_fen) AS total FROM orders_payment"
    " WHERE status = 'succeeded' AND NOT is_surplus GROUP BY order_id"
)

EDITIONS_TAKEN = (
    "SELECT product_id, place, SUM(pieces) AS taken FROM ("
    " SELECT product_id, 0 AS place, pieces FROM orders_editionuse"
    " WHERE in_all AND returned_at IS NULL"
    " UNION ALL SELECT u.product_id, o.member_id, u.pieces FROM orders_editionuse u"
    " JOIN orders_order o ON o.id = u.order_id"
    " WHERE u.of_member AND u.returned_at IS NULL) x GROUP BY product_id, place"
)
"""Pieces that orders have of limited products: by member, and by place 0 in all."""

BALANCES = (
    Balance(
        "order.paid",
        _("what orders were paid, by their accepted payments"),
        "SELECT 'order ' || o.number, o.paid_fen, COALESCE(p.total, 0) FROM orders_order o"  # noqa: S608 - our own SQL
        f" LEFT JOIN ({PAID_BY_ORDER}) p ON p.order_id = o.id WHERE o.source <> 'import'",
        unit=Unit.FEN,
    ),
    Balance(
        "order.refunded",
        _("what orders gave back, by their refunds"),
        "SELECT 'order ' || o.number, o.refunded_fen, COALESCE(r.total, 0) FROM orders_order o"
        " LEFT JOIN (SELECT order_id, SUM(amount_fen) AS total FROM orders_refund"
        " WHERE reason <> 'surplus' GROUP BY order_id) r ON r.order_id = o.id"
        " WHERE o.source <> 'import'",
        unit=Unit.FEN,
    ),
    Balance(
        "order.settled",
        _("what orders settled, by the book of money"),
        "SELECT 'order ' || o.number, o.settled_fen, COALESCE(s.total, 0) FROM orders_order o"
        " JOIN (SELECT t.reference, SUM(e.amount_fen) AS total FROM kernel_ledgertransaction t"
        " JOIN kernel_ledgerentry e ON e.transaction_id = t.id"
        " JOIN kernel_ledgeraccount a ON a.id = e.account_id AND a.code = 'escrow'"
        " WHERE t.kind = 'settlement' GROUP BY t.reference) s ON s.reference = o.number",
        unit=Unit.FEN,
    ),
    Balance(
        "edition.taken",
        _("pieces taken of limited editions, in all and by members, by their orders"),
        "SELECT 'product ' || COALESCE(t.product_id, u.product_id) || CASE"  # noqa: S608 - our own SQL
        " COALESCE(t.member_id, u.place) WHEN 0 THEN ' in all'"
        " ELSE ', member ' || COALESCE(t.member_id, u.place) END,"
        " COALESCE(t.pieces, 0), COALESCE(u.taken, 0)"
        f" FROM orders_editiontake t FULL JOIN ({EDITIONS_TAKEN}) u"
        " ON u.product_id = t.product_id AND u.place = COALESCE(t.member_id, 0)",
    ),
    Balance(
        "book.provider",
        _("money at each provider, by payments and refunds"),
        "SELECT 'provider:' || c.provider, COALESCE(b.total, 0), c.total FROM ("  # noqa: S608 - our own SQL
        " SELECT provider, SUM(fen) AS total FROM ("
        " SELECT provider, amount_fen AS fen FROM orders_payment WHERE status = 'succeeded'"
        " AND amount_fen > 0 AND provider NOT IN ('import', 'wallet')"
        " UNION ALL SELECT p.provider, -r.amount_fen FROM orders_refund r"
        " JOIN orders_payment p ON p.id = r.payment_id WHERE r.status = 'succeeded'"
        " AND p.provider NOT IN ('import', 'wallet')) moved GROUP BY provider) c"
        f" LEFT JOIN ({BOOK}) b ON b.code = 'provider:' || c.provider",
        unit=Unit.FEN,
    ),
    Balance(
        "book.wallet",
        _("what passed from wallets to orders leaves nothing between them"),
        "SELECT 'provider:wallet', COALESCE((SELECT total FROM ("  # noqa: S608 - our own SQL
        f"{BOOK}) b WHERE b.code = 'provider:wallet'), 0),"
        " COALESCE((SELECT SUM(r.amount_fen) FROM orders_refund r"
        " JOIN orders_payment p ON p.id = r.payment_id"
        " JOIN members_walletentry w ON w.kind = 'refund' AND w.reference = r.refund_no"
        " WHERE p.provider = 'wallet' AND r.status <> 'succeeded'), 0)",
        unit=Unit.FEN,
    ),
    Balance(
        "book.escrow",
        _("the escrow, by what orders were paid, gave back and settled"),
        f"SELECT 'escrow', -COALESCE((SELECT total FROM ({BOOK}) b WHERE b.code = 'escrow'), 0),"  # noqa: S608 - our own SQL
        " COALESCE((SELECT SUM(COALESCE(p.total, 0) - COALESCE(r.total, 0) - o.settled_fen)"
        f" FROM orders_order o LEFT JOIN ({PAID_BY_ORDER}) p ON p.order_id = o.id LEFT JOIN"
        " (SELECT f.order_id, SUM(f.amount_fen) AS total FROM orders_refund f"
        " JOIN orders_order fo ON fo.id = f.order_id WHERE f.status = 'succeeded'"
        " AND f.reason <> 'surplus' AND (fo.settled_at IS NULL OR f.created_at <= fo.settled_at)"
        " GROUP BY f.order_id) r ON r.order_id = o.id WHERE o.source <> 'import'), 0)",
        unit=Unit.FEN,
    ),
    Balance(
        "book.surplus",
        _("surplus money, by surplus payments that did not go back yet"),
        f"SELECT 'surplus', -COALESCE((SELECT total FROM ({BOOK}) b WHERE b.code = 'surplus'), 0),"  # noqa: S608 - our own SQL
        " COALESCE((SELECT SUM(amount_fen) FROM orders_payment WHERE is_surplus), 0)"
        " - COALESCE((SELECT SUM(amount_fen) FROM orders_refund"
        " WHERE reason = 'surplus' AND status = 'succeeded'), 0)",
        unit=Unit.FEN,
    ),
    Balance(
        "product.sales",
        _("pieces sold of each product, by paid orders; while events wait they are not compared"),
        "SELECT 'product ' || p.id, p.sales_count, COALESCE(s.pieces, 0) FROM catalog_product p"
        " LEFT JOIN (SELECT l.product_id, SUM(l.quantity - l.refunded) AS pieces"
        " FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id"
        " WHERE o.paid_at IS NOT NULL AND o.source <> 'import' AND NOT l.is_gift"
        " GROUP BY l.product_id) s ON s.product_id = p.id"
        " WHERE NOT EXISTS (SELECT 1 FROM kernel_outboxevent WHERE done_at IS NULL AND name IN"
        " ('orders.order_paid', 'orders.order_closed', 'orders.after_sale_paid_back'))",
    ),
)
