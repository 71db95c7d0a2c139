"""What members are told; registered in apps.py, rendered in the reader's language."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.notify import MessageTemplate

TIER_RISEN = "members.tier_risen"
TIER_FALLEN = "members.tier_fallen"
POINTS_ARRIVED = "members.points_arrived"
PASSWORD_CHANGED = "members.password_changed"  # noqa: S105 - a template's name

TEMPLATES = (
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
        PASSWORD_CHANGED,
        _("Your password was changed"),
        _("All other devices were signed out. Not you? Then set a new one by text message now."),
    ),
)
