"""What members are told; registered in apps.py, rendered in the reader's language."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.notify import MessageTemplate

TIER_RISEN = "members.tier_risen"
TIER_FALLEN = "members.tier_fallen"
POINTS_ARRIVED = "members.points_arrived"
MONEY_ARRIVED = "members.money_arrived"
WITHDRAWAL_PAID = "members.withdrawal_paid"
WITHDRAWAL_REJECTED = "members.withdrawal_rejected"
PASSWORD_CHANGED = "members.password_changed"  # noqa: S105 - a template's name
TICKET_ANSWERED = "members.ticket_answered"
PHONE_CHANGED = "members.phone_changed"
APP_ADDED = "members.app_added"
APP_REMOVED = "members.app_removed"

TEMPLATES = (
    MessageTemplate(
        PHONE_CHANGED,
        _("Your phone number was changed"),
        _("You sign in with %(phone)s now. All other devices were signed out."),
    ),
    MessageTemplate(
        APP_ADDED,
        _("An authenticator app was added"),
        _("It confirms payments and withdrawals. Not you? Then set a new password now."),
    ),
    MessageTemplate(
        APP_REMOVED,
        _("The authenticator app was taken off"),
        _("Codes come by text message now. Not you? Then set a new password now."),
    ),
    MessageTemplate(
        TIER_RISEN,
        _("Welcome to %(tier_title)s"),
        _("Your growth has reached %(growth_yuan)s: the perks of %(tier_title)s are yours."),
    ),
    MessageTemplate(
        TIER_FALLEN,
        _("Your tier is now %(tier_title)s"),
        _("Your growth is now %(growth_yuan)s, so your tier is %(tier_title)s."),
    ),
    MessageTemplate(
        POINTS_ARRIVED,
        _("%(points)s points have arrived"),
        _("You have %(balance)s points now. 100 points are worth ¥1."),
    ),
    MessageTemplate(
        MONEY_ARRIVED,
        _("¥%(amount_yuan)s has arrived in your wallet"),
        _("You have ¥%(balance_yuan)s in your wallet now."),
    ),
    MessageTemplate(
        WITHDRAWAL_PAID,
        _("¥%(amount_yuan)s is on its way to you"),
        _("Your withdrawal was approved and paid out."),
    ),
    MessageTemplate(
        WITHDRAWAL_REJECTED,
        _("Your withdrawal of ¥%(amount_yuan)s was refused"),
        _("The money is in your wallet again. Reason: %(reason)s"),
    ),
    MessageTemplate(
        PASSWORD_CHANGED,
        _("Your password was changed"),
        _("All other devices were signed out. Not you? Then set a new one by text message now."),
    ),
    MessageTemplate(
        TICKET_ANSWERED,
        _("The shop answered you"),
        _("There is an answer to your question about %(title)s."),
    ),
)
