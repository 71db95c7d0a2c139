"""Counters and budgets of offers, beside what used them."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.balances import Balance, Unit

BALANCES = (
    Balance(
        "coupon.issued",
        _("coupons issued, by the copies that members hold"),
        "SELECT 'coupon ' || c.code, c.issued, COALESCE(g.n, 0) FROM promotions_coupon c"
        " LEFT JOIN (SELECT coupon_id, COUNT(*) AS n FROM promotions_coupongrant"
        " GROUP BY coupon_id) g ON g.coupon_id = c.id",
    ),
    Balance(
        "coupon.spent",
        _("budgets of coupons, by the copies in use"),
        "SELECT 'coupon ' || c.code, c.spent_fen, COALESCE(g.off, 0) FROM promotions_coupon c"
        " LEFT JOIN (SELECT coupon_id, SUM(off_fen) AS off FROM promotions_coupongrant"
        " WHERE state IN ('locked', 'used') GROUP BY coupon_id) g ON g.coupon_id = c.id"
        " WHERE c.budget_fen IS NOT NULL",
        unit=Unit.FEN,
    ),
    Balance(
        "coupon_code.uses",
        _("uses of coupon codes, by the copies they gave"),
        "SELECT 'code ' || k.id, k.uses, COALESCE(g.n, 0) FROM promotions_couponcode k LEFT JOIN"
        " (SELECT source_id, COUNT(*) AS n FROM promotions_coupongrant"
        " WHERE source_type = 'code' GROUP BY source_id) g"
        " ON g.source_id = k.batch_id || ':' || k.id",
    ),
    Balance(
        "campaign.spent",
        _("budgets of campaigns, by the orders that used them"),
        "SELECT 'campaign ' || c.id, c.spent_fen, COALESCE(u.used, 0) FROM promotions_campaign c"
        " LEFT JOIN (SELECT campaign_id, SUM(amount_fen - returned_fen) AS used"
        " FROM promotions_budgetuse GROUP BY campaign_id) u ON u.campaign_id = c.id"
        " WHERE c.budget_fen IS NOT NULL",
        unit=Unit.FEN,
    ),
    Balance(
        "activity.taken",
        _("quotas of activities, by the orders that hold pieces"),
        "SELECT 'activity ' || i.campaign_id || ', sku ' || i.sku_id, i.taken,"
        " COALESCE(h.held, 0) FROM promotions_activityitem i LEFT JOIN (SELECT item_id,"
        " SUM(pieces) AS held FROM promotions_offerhold WHERE state <> 'freed'"
        " GROUP BY item_id) h ON h.item_id = i.id",
    ),
    Balance(
        "activity.member",
        _("members' pieces of activities, by their orders"),
        "SELECT 'item ' || COALESCE(t.item_id, h.item_id) || ', member '"
        " || COALESCE(t.member_id, h.member_id), COALESCE(t.pieces, 0), COALESCE(h.held, 0)"
        " FROM promotions_membertake t FULL JOIN (SELECT item_id, member_id,"
        " SUM(pieces) AS held FROM promotions_offerhold WHERE state <> 'freed'"
        " GROUP BY item_id, member_id) h ON h.item_id = t.item_id AND h.member_id = t.member_id",
    ),
    Balance(
        "sale.member",
        _("members' pieces of limited sales, by their orders"),
        "SELECT 'campaign ' || t.campaign_id || ', member ' || t.member_id, t.pieces,"
        " COALESCE(u.used, 0) FROM promotions_saletake t LEFT JOIN (SELECT campaign_id, member_id,"
        " SUM(pieces) AS used FROM promotions_saleuse WHERE returned_at IS NULL"
        " GROUP BY campaign_id, member_id) u"
        " ON u.campaign_id = t.campaign_id AND u.member_id = t.member_id",
    ),
    Balance(
        "fund.spent",
        _("red packet funds, by their packets"),
        "SELECT 'fund ' || f.id, f.spent_fen, COALESCE(p.total, 0) FROM promotions_redpacketfund f"
        " LEFT JOIN (SELECT fund_id, SUM(total_fen - returned_fen) AS total"
        " FROM promotions_redpacket GROUP BY fund_id) p ON p.fund_id = f.id",
        unit=Unit.FEN,
    ),
    Balance(
        "packet.left",
        _("what is left in red packets, by their shares"),
        "SELECT 'red packet ' || p.id, p.left_fen,"
        " p.total_fen - p.returned_fen - COALESCE(c.total, 0) FROM promotions_redpacket p"
        " LEFT JOIN (SELECT packet_id, SUM(amount_fen) AS total FROM promotions_redpacketclaim"
        " GROUP BY packet_id) c ON c.packet_id = p.id",
        unit=Unit.FEN,
    ),
    Balance(
        "prize.awarded",
        _("prizes given, by their draws"),
        "SELECT 'prize ' || p.id, p.awarded, COALESCE(d.n, 0) FROM promotions_prize p LEFT JOIN"
        " (SELECT prize_id, COUNT(*) AS n FROM promotions_draw GROUP BY prize_id) d"
        " ON d.prize_id = p.id WHERE p.kind <> 'nothing'",
    ),
)
