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
        "INV-17d",
        _("the budget of a coupon has borne what its copies take off unpaid and paid orders"),
        "SELECT 'coupon ' || c.code FROM promotions_coupon c LEFT JOIN ("
        " SELECT coupon_id, SUM(off_fen) AS off FROM promotions_coupongrant"
        " WHERE state IN ('locked', 'used') GROUP BY coupon_id) g ON g.coupon_id = c.id"
        " WHERE c.budget_fen IS NOT NULL AND c.spent_fen <> COALESCE(g.off, 0)",
    ),
    Invariant(
        "INV-17e",
        _("a coupon code was redeemed as often as it is counted, and gave a copy each time"),
        "SELECT 'code ' || k.id FROM promotions_couponcode k LEFT JOIN ("
        " SELECT source_id, COUNT(*) AS given FROM promotions_coupongrant"
        " WHERE source_type = 'code' GROUP BY source_id) g"
        " ON g.source_id = k.batch_id || ':' || k.id WHERE k.uses <> COALESCE(g.given, 0)",
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
    Invariant(
        "INV-18a",
        _("pieces taken of an activity equal what its orders hold, within the quota"),
        "SELECT 'activity ' || i.campaign_id || ', sku ' || i.sku_id FROM promotions_activityitem i"
        " LEFT JOIN (SELECT item_id, SUM(pieces) AS held FROM promotions_offerhold"
        " WHERE state <> 'freed' GROUP BY item_id) h ON h.item_id = i.id"
        " WHERE i.taken <> COALESCE(h.held, 0) OR i.taken > i.quota",
    ),
    Invariant(
        "INV-18b",
        _("a member's count in an activity equals what the member's orders hold"),
        "SELECT 'item ' || COALESCE(t.item_id, h.item_id) || ', member '"
        " || COALESCE(t.member_id, h.member_id) FROM promotions_membertake t FULL JOIN ("
        " SELECT item_id, member_id, SUM(pieces) AS held FROM promotions_offerhold"
        " WHERE state <> 'freed' GROUP BY item_id, member_id) h"
        " ON h.item_id = t.item_id AND h.member_id = t.member_id"
        " WHERE COALESCE(t.pieces, 0) <> COALESCE(h.held, 0)",
    ),
    Invariant(
        "INV-24a",
        _("the seats of an open team are counted right, and each is held by a live order"),
        "SELECT 'team ' || t.number FROM promotions_team t LEFT JOIN ("
        " SELECT s.team_id, COUNT(*) AS taken, COUNT(s.paid_at) AS paid,"
        " COUNT(*) FILTER (WHERE h.state = CASE WHEN s.paid_at IS NULL THEN 'held'"
        " ELSE 'confirmed' END AND h.reference = tt.number) AS live"
        " FROM promotions_teamseat s JOIN promotions_offerhold h ON h.id = s.hold_id"
        " JOIN promotions_team tt ON tt.id = s.team_id GROUP BY s.team_id) n ON n.team_id = t.id"
        " WHERE t.state = 'open' AND (t.seats_taken <> COALESCE(n.taken, 0)"
        " OR t.seats_paid <> COALESCE(n.paid, 0) OR t.seats_taken <> COALESCE(n.live, 0))",
    ),
    Invariant(
        "INV-24b",
        _("a complete team has as many paid seats as its size"),
        "SELECT 'team ' || t.number FROM promotions_team t WHERE t.state = 'succeeded' AND t.size"
        " <> (SELECT COUNT(s.paid_at) FROM promotions_teamseat s WHERE s.team_id = t.id)",
    ),
    Invariant(
        "INV-24c",
        _("a team ends once: success and failure are told once at most"),
        "SELECT 'team ' || (payload ->> 'team_number') FROM kernel_outboxevent"
        " WHERE name IN ('promotions.group_succeeded', 'promotions.group_failed')"
        " GROUP BY payload ->> 'team_number' HAVING COUNT(*) > 1",
    ),
    Invariant(
        "INV-25a",
        _("the cuts of a bargain add up to what is cut, one a friend"),
        "SELECT 'bargain ' || b.number FROM promotions_bargainstart b LEFT JOIN ("
        " SELECT start_id, COUNT(*) AS helps, SUM(cut_fen) AS cut FROM promotions_bargainhelp"
        " GROUP BY start_id) h ON h.start_id = b.id"
        " WHERE b.helps <> COALESCE(h.helps, 0) OR b.cut_fen <> COALESCE(h.cut, 0)"
        " OR (b.helps = b.most_helps AND b.start_fen - b.cut_fen <> b.floor_fen)",
    ),
    Invariant(
        "INV-25b",
        _("nobody helps with their own bargain"),
        "SELECT 'bargain ' || b.number FROM promotions_bargainstart b"
        " JOIN promotions_bargainhelp h ON h.start_id = b.id AND h.helper_id = b.member_id",
    ),
    Invariant(
        "INV-25c",
        _("a bargain that is ordered or bought has an order holding it, and no other has"),
        "SELECT 'bargain ' || b.number FROM promotions_bargainstart b LEFT JOIN ("
        " SELECT h.reference, MAX(h.state) AS state, COUNT(*) AS held FROM promotions_offerhold h"
        " WHERE h.state <> 'freed' GROUP BY h.reference) o ON o.reference = b.number"
        " WHERE (b.state = 'ordered' AND (o.held, o.state) IS DISTINCT FROM (1, 'held'))"
        " OR (b.state = 'bought' AND (o.held, o.state) IS DISTINCT FROM (1, 'confirmed'))"
        " OR (b.state IN ('cutting', 'over') AND o.held > 0)",
    ),
    Invariant(
        "INV-18f",
        _("what is spent of a campaign's budget equals its uses and never passes it"),
        "SELECT 'campaign ' || c.id FROM promotions_campaign c LEFT JOIN ("
        " SELECT campaign_id, SUM(amount_fen - returned_fen) AS used FROM promotions_budgetuse"
        " GROUP BY campaign_id) u ON u.campaign_id = c.id WHERE c.budget_fen IS NOT NULL"
        " AND (c.spent_fen <> COALESCE(u.used, 0) OR c.spent_fen > c.budget_fen)",
    ),
    Invariant(
        "INV-18g",
        _("what a member has of a limited sale equals its open uses"),
        "SELECT 'campaign ' || t.campaign_id || ', member ' || t.member_id"
        " FROM promotions_saletake t LEFT JOIN (SELECT campaign_id, member_id,"
        " SUM(pieces) AS used FROM promotions_saleuse"
        " WHERE returned_at IS NULL GROUP BY campaign_id, member_id) u"
        " ON u.campaign_id = t.campaign_id AND u.member_id = t.member_id"
        " WHERE t.pieces <> COALESCE(u.used, 0)",
    ),
)
