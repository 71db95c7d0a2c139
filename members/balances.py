"""What members own, beside its entries."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.balances import Balance, Unit

BALANCES = (
    Balance(
        "points.balance",
        _("points, by their entries"),
        "SELECT 'points of member ' || a.member_id, a.balance, COALESCE(e.total, 0)"
        " FROM members_pointsaccount a LEFT JOIN (SELECT account_id, SUM(delta) AS total"
        " FROM members_pointsentry GROUP BY account_id) e ON e.account_id = a.id",
    ),
    Balance(
        "member.growth",
        _("growth, by its entries"),
        "SELECT 'growth of member ' || m.id, m.growth_fen, COALESCE(g.total, 0)"
        " FROM members_member m LEFT JOIN (SELECT member_id, SUM(delta_fen) AS total"
        " FROM members_growthentry GROUP BY member_id) g ON g.member_id = m.id",
        unit=Unit.HUNDREDTHS,
    ),
    Balance(
        "wallet.balance",
        _("wallets, by their entries"),
        "SELECT 'wallet of member ' || w.member_id, w.balance_fen, COALESCE(e.total, 0)"
        " FROM members_wallet w LEFT JOIN (SELECT wallet_id, SUM(delta_fen) AS total"
        " FROM members_walletentry GROUP BY wallet_id) e ON e.wallet_id = w.id",
        unit=Unit.FEN,
    ),
    Balance(
        "wallet.book",
        _("wallets, by the book of money"),
        "SELECT 'wallet of member ' || w.member_id, w.balance_fen, -COALESCE(l.total, 0)"
        " FROM members_wallet w LEFT JOIN (SELECT a.code, SUM(e.amount_fen) AS total"
        " FROM kernel_ledgerentry e JOIN kernel_ledgeraccount a ON a.id = e.account_id"
        " WHERE a.code LIKE 'wallet:%' GROUP BY a.code) l ON l.code = 'wallet:' || w.member_id",
        unit=Unit.FEN,
    ),
    Balance(
        "wallet.frozen",
        _("what is frozen in wallets, by open withdrawals"),
        "SELECT 'wallet of member ' || w.member_id, w.frozen_fen, COALESCE(o.total, 0)"
        " FROM members_wallet w LEFT JOIN (SELECT wallet_id, SUM(amount_fen) AS total"
        " FROM members_withdrawal WHERE state IN ('requested', 'approved')"
        " GROUP BY wallet_id) o ON o.wallet_id = w.id",
        unit=Unit.FEN,
    ),
)
