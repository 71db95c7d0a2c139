"""What must hold of reports."""

from mall.kernel.invariants import Invariant

INVARIANTS = (
    Invariant(
        "INV-33",
        "a closed day's report equals the payments of that day",
        "SELECT 'report of ' || d.day FROM analytics_dailyreport d LEFT JOIN ("
        " SELECT (succeeded_at AT TIME ZONE 'Asia/Shanghai')::date AS day, SUM(amount_fen) AS paid"
        " FROM orders_payment WHERE status = 'succeeded' AND NOT is_surplus GROUP BY 1) p ON p.day = d.day"
        " WHERE d.as_of >= ((d.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') AND d.gmv_fen <> COALESCE(p.paid, 0)",
    ),
)
