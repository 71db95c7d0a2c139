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
