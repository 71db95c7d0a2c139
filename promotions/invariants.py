"""What must hold of coupons, red packets and draws."""

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
    Invariant(
        "INV-22a",
        _("pieces of a prize given equal its draws and never pass its quota"),
        "SELECT 'prize ' || p.id FROM promotions_prize p LEFT JOIN ("
        " SELECT prize_id, COUNT(*) AS n FROM promotions_draw GROUP BY prize_id) d"
        " ON d.prize_id = p.id WHERE p.kind <> 'nothing'"
        " AND (p.awarded <> COALESCE(d.n, 0) OR p.awarded > p.quota)",
    ),
    Invariant(
        "INV-22b",
        _("every draw has used one chance of its day"),
        "SELECT 'member ' || c.member_id || ' on ' || c.day FROM promotions_drawday c LEFT JOIN ("
        " SELECT lottery_id, member_id, day, COUNT(*) AS n FROM promotions_draw"
        " GROUP BY lottery_id, member_id, day) d ON d.lottery_id = c.lottery_id"
        " AND d.member_id = c.member_id AND d.day = c.day WHERE c.used <> COALESCE(d.n, 0)",
    ),
    Invariant(
        "INV-23a",
        _("a red packet is its shares, what is left and what went back, to the fen"),
        "SELECT 'red packet ' || p.id FROM promotions_redpacket p LEFT JOIN ("
        " SELECT packet_id, COUNT(*) AS n, SUM(amount_fen) AS total FROM promotions_redpacketclaim"
        " GROUP BY packet_id) c ON c.packet_id = p.id"
        " WHERE p.total_fen <> COALESCE(c.total, 0) + p.left_fen + p.returned_fen"
        " OR COALESCE(c.n, 0) + p.left_shares > p.shares",
    ),
    Invariant(
        "INV-23b",
        _("what is left in a red packet lies on its account in the book of money"),
        "SELECT 'red packet ' || p.id FROM promotions_redpacket p LEFT JOIN ("
        " SELECT a.code, SUM(e.amount_fen) AS total FROM kernel_ledgerentry e"
        " JOIN kernel_ledgeraccount a ON a.id = e.account_id"
        " WHERE a.code LIKE 'red_packet:%' GROUP BY a.code) l"
        " ON l.code = 'red_packet:' || p.code WHERE p.left_fen <> -COALESCE(l.total, 0)",
    ),
    Invariant(
        "INV-42a",
        _("what a fund has spent is what its red packets hold and have given"),
        "SELECT 'fund ' || f.id FROM promotions_redpacketfund f LEFT JOIN ("
        " SELECT fund_id, SUM(total_fen - returned_fen) AS total FROM promotions_redpacket"
        " GROUP BY fund_id) p ON p.fund_id = f.id WHERE f.spent_fen <> COALESCE(p.total, 0)",
    ),
)
