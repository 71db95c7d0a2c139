"""The front door of members: every write, explicitly re-exported."""

from members.phone import normal_phone
from members.services.addressing import delete_address, save_address, set_default_address
from members.services.archiving import archive_customers
from members.services.checking_in import CheckIn, check_in
from members.services.coding import check_code, forget_old_codes, send_code
from members.services.crediting import credit_wallet, debit_wallet, recall_reward
from members.services.earning import (
    earn_points,
    expire_points,
    return_points,
    reverse_points,
    spend_points,
)
from members.services.editing import (
    close_account,
    edit_profile,
    read_inbox,
    reopen_account,
    save_operator,
)
from members.services.growing import add_growth, expire_growth, take_back_growth
from members.services.guarding import forget_old_tries
from members.services.holding import (
    end_sessions,
    end_sign_in,
    end_web_session,
    open_sign_in,
    renew_sign_in,
)
from members.services.joining import CONSENT_VERSION, agree, join
from members.services.ranking import change_loyalty_policy, change_tier
from members.services.remembering import set_history
from members.services.segmenting import (
    MOST_DAYS,
    check_segment_rule,
    fill_segment,
    fill_segment_by_rule,
    one_rule,
    refill_segments,
    register_segment_rule,
    segment_rules,
)
from members.services.signing_in import (
    bind_wechat,
    register,
    reset_password,
    set_password,
    sign_in_code,
    sign_in_password,
    sign_in_wechat,
)
from members.services.staffing import enrol_app, reset_app, show_app_code
from members.services.talking import (
    close_silent_tickets,
    close_ticket,
    open_ticket,
    say_as_member,
    say_as_shop,
)
from members.services.verifying import (
    NewSecret,
    add_authenticator,
    change_phone,
    confirm_authenticator,
    forget_old_proofs,
    is_proved,
    need_verification,
    prove,
    remove_authenticator,
    spend_proof,
)
from members.services.withdrawing import (
    approve_withdrawal,
    change_wallet_policy,
    freeze_for_withdrawal,
    pay_withdrawal,
    reject_withdrawal,
    request_withdrawal,
)

__all__ = [
    "MOST_DAYS",
    "refill_segments",
    "segment_rules",
    "close_silent_tickets",
    "close_ticket",
    "open_ticket",
    "say_as_member",
    "say_as_shop",
    "set_history",
    "NewSecret",
    "need_verification",
    "spend_proof",
    "prove",
    "is_proved",
    "forget_old_proofs",
    "confirm_authenticator",
    "remove_authenticator",
    "change_phone",
    "add_authenticator",
    "CONSENT_VERSION",
    "CheckIn",
    "add_growth",
    "agree",
    "approve_withdrawal",
    "archive_customers",
    "bind_wechat",
    "change_loyalty_policy",
    "change_tier",
    "change_wallet_policy",
    "check_code",
    "check_in",
    "check_segment_rule",
    "close_account",
    "credit_wallet",
    "debit_wallet",
    "delete_address",
    "earn_points",
    "edit_profile",
    "end_sessions",
    "end_sign_in",
    "end_web_session",
    "enrol_app",
    "expire_growth",
    "expire_points",
    "fill_segment",
    "fill_segment_by_rule",
    "forget_old_codes",
    "forget_old_tries",
    "freeze_for_withdrawal",
    "join",
    "normal_phone",
    "one_rule",
    "open_sign_in",
    "pay_withdrawal",
    "read_inbox",
    "recall_reward",
    "register",
    "register_segment_rule",
    "reject_withdrawal",
    "renew_sign_in",
    "reopen_account",
    "request_withdrawal",
    "reset_app",
    "reset_password",
    "return_points",
    "reverse_points",
    "save_address",
    "save_operator",
    "send_code",
    "set_default_address",
    "set_password",
    "show_app_code",
    "sign_in_code",
    "sign_in_password",
    "sign_in_wechat",
    "spend_points",
    "take_back_growth",
]
