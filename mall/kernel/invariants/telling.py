"""Telling operators that a night found something new, once for each run."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from mall.kernel.invariants.judging import Sentence
from mall.kernel.notify import MessageTemplate, notify, operators_with

AUDIT_RED = "kernel.audit_red"
TEMPLATES = (
    MessageTemplate(
        AUDIT_RED,
        _("The books are wrong: %(count)s new findings"),
        _("%(codes)s. The page of the judge names the rows; nothing was mended."),
    ),
)
ALERTED = "kernel.get_audit_alerts"
NAMED = 8


def tell_of(sentence: Sentence, *, at: datetime) -> bool:
    """Tell who is to know of what is newly broken; False when nothing is new. Queries: 2."""
    codes = [finding.code for finding in sentence.fresh]
    if not codes:
        return False
    notify(
        operators_with(ALERTED),
        AUDIT_RED,
        {"count": len(codes), "codes": ", ".join(codes[:NAMED])},
        at=at,
        route=("admin:invariants", ()),
        source=f"audit:{sentence.run.pk}",
    )
    return True
