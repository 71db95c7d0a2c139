"""What must hold of members."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.invariants import Invariant

INVARIANTS = (
    Invariant(
        "INV-19a",
        _("points balance equals the sum of its entries"),
        "SELECT 'points of member ' || a.member_id FROM members_pointsaccount a LEFT JOIN ("
        " SELECT account_id, SUM(delta) AS total FROM members_pointsentry GROUP BY account_id) e"
        " ON e.account_id = a.id"
        " WHERE a.balance <> COALESCE(e.total, 0) OR a.balance < 0 OR a.debt < 0",
    ),
    Invariant(
        "INV-19b",
        _("growth equals the sum of its entries"),
        "SELECT 'growth of member ' || m.id FROM members_member m LEFT JOIN ("
        " SELECT member_id, SUM(delta_fen) AS total FROM members_growthentry GROUP BY member_id) g"
        " ON g.member_id = m.id WHERE m.growth_fen <> COALESCE(g.total, 0)",
    ),
    Invariant(
        "INV-19c",
        _("every member has the tier that the growth reaches"),
        "SELECT 'member ' || m.id FROM members_member m JOIN members_tier t ON t.id = m.tier_id"
        " WHERE t.threshold_fen <> ("
        "SELECT MAX(threshold_fen) FROM members_tier WHERE threshold_fen <= m.growth_fen)",
    ),
    Invariant(
        "INV-27a",
        _("a wallet's balance equals the sum of its entries"),
        "SELECT 'wallet of member ' || w.member_id FROM members_wallet w LEFT JOIN ("
        " SELECT wallet_id, SUM(delta_fen) AS total FROM members_walletentry GROUP BY wallet_id) e"
        " ON e.wallet_id = w.id WHERE w.balance_fen <> COALESCE(e.total, 0)",
    ),
    Invariant(
        "INV-27b",
        _("a wallet's balance equals its account in the book of money"),
        "SELECT 'wallet of member ' || w.member_id FROM members_wallet w LEFT JOIN ("
        " SELECT a.code, SUM(e.amount_fen) AS total FROM kernel_ledgerentry e"
        " JOIN kernel_ledgeraccount a ON a.id = e.account_id"
        " WHERE a.code LIKE 'wallet:%' GROUP BY a.code) l"
        " ON l.code = 'wallet:' || w.member_id WHERE w.balance_fen <> -COALESCE(l.total, 0)",
    ),
    Invariant(
        "INV-27c",
        _("what is frozen in a wallet is what waits to be withdrawn"),
        "SELECT 'wallet of member ' || w.member_id FROM members_wallet w LEFT JOIN ("
        " SELECT wallet_id, SUM(amount_fen) AS total FROM members_withdrawal"
        " WHERE state IN ('requested', 'approved') GROUP BY wallet_id) o"
        " ON o.wallet_id = w.id WHERE w.frozen_fen <> COALESCE(o.total, 0)",
    ),
    Invariant(
        "INV-34a",
        _("at most one default address per member"),
        "SELECT 'member ' || member_id FROM members_address WHERE is_default"
        " GROUP BY member_id HAVING COUNT(*) > 1",
    ),
    Invariant(
        "INV-35a",
        _("every phone number is spelt one way"),
        "SELECT 'account ' || id FROM members_account WHERE phone !~ '^1[3-9][0-9]{9}$'",
    ),
    Invariant(
        "INV-35b",
        _("every member has one points account"),
        "SELECT 'member ' || m.id FROM members_member m"
        " LEFT JOIN members_pointsaccount a ON a.member_id = m.id WHERE a.id IS NULL",
    ),
    Invariant(
        "INV-39",
        _("a closed account has no device signed in"),
        "SELECT 'sign-in ' || s.id FROM members_signin s JOIN members_account a"
        " ON a.id = s.account_id WHERE s.ended_at IS NULL AND NOT a.is_active",
    ),
    Invariant(
        "INV-36",
        _("at most five tries per SMS code"),
        "SELECT 'SMS code ' || id FROM members_smscode WHERE tries > 5",
    ),
)
