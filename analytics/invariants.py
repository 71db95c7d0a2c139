"""What must hold of reports."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.invariants import Invariant

INVARIANTS = (
    Invariant(
        "INV-33",
        _("a closed day's report equals the orders paid that day"),
        "SELECT 'report of ' || d.day FROM analytics_dailyreport d LEFT JOIN ("
        " SELECT (paid_at AT TIME ZONE 'Asia/Shanghai')::date AS day, SUM(paid_fen) AS paid,"
        " COUNT(*) AS n"
        " FROM orders_order WHERE paid_at IS NOT NULL GROUP BY 1) p ON p.day = d.day"
        " WHERE d.as_of >= ((d.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')"
        " AND (d.gmv_fen <> COALESCE(p.paid, 0) OR d.paid_orders <> COALESCE(p.n, 0))",
    ),
)
