"""What must hold of coupons."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.invariants import Invariant

INVARIANTS = (
    Invariant(
        "INV-17a",
        _("issued pieces of a coupon equal its grants and never pass its total"),
        "SELECT 'coupon ' || c.code FROM promotions_coupon c LEFT JOIN ("
        " SELECT coupon_id, COUNT(*) AS given FROM promotions_coupongrant GROUP BY coupon_id) g"
        " ON g.coupon_id = c.id WHERE c.issued <> COALESCE(g.given, 0) OR c.issued > c.total",
    ),
    Invariant(
        "INV-17b",
        _("nobody holds more copies of a coupon than allowed"),
        "SELECT 'coupon ' || c.code || ', member ' || g.member_id FROM promotions_coupongrant g"
        " JOIN promotions_coupon c ON c.id = g.coupon_id"
        " GROUP BY c.code, g.member_id HAVING COUNT(*) > MAX(g.allowed)",
    ),
    Invariant(
        "INV-17c",
        _("a dispatch gives no member a second copy"),
        "SELECT 'coupon ' || coupon_id || ', member ' || member_id FROM promotions_coupongrant"
        " WHERE source_type = 'dispatch' GROUP BY coupon_id, member_id, source_id"
        " HAVING COUNT(*) > 1",
    ),
)
