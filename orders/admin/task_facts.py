"""The facts of an exception task in words: stored ones are names and values of a program."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.money import yuan

NAMES: Mapping[str, str | Promise] = {
    "amount_fen": _("amount"),
    "carrier": _("carrier"),
    "day": pgettext_lazy("task", "day"),
    "detail": pgettext_lazy("task", "detail"),
    "failure_code": _("failure"),
    "finding": pgettext_lazy("task", "difference of the bill"),
    "kind": _("kind"),
    "paid_at": _("paid at"),
    "promised_at": pgettext_lazy("task", "promised by"),
    "reason": _("reason"),
    "reasons": _("reasons"),
    "tracking_no": _("tracking number"),
    "warehouse": _("warehouse"),
    "window": pgettext_lazy("task", "time of day"),
}


REASONS: Mapping[str, str | Promise] = {
    "no_answer": pgettext_lazy("sub-order", "the partner cannot be reached"),
    "not_accepted": pgettext_lazy("sub-order", "not accepted in time"),
    "not_taken": pgettext_lazy("sub-order", "the partner did not take it"),
    "parcel_not_booked": pgettext_lazy("sub-order", "a parcel came that could not be booked"),
    "recall_by_hand": pgettext_lazy("sub-order", "to be called back by hand"),
    "recalled_too_late": pgettext_lazy("sub-order", "called back too late"),
    "refused": pgettext_lazy("sub-order", "refused by the partner"),
}
"""Why a sub-order became a task."""


OUTCOMES: Mapping[str, str | Promise] = {
    "accepted": pgettext_lazy("task done", "accepted"),
    "called back": pgettext_lazy("task done", "called back"),
    "inspected": pgettext_lazy("task done", "inspected"),
    "refused": pgettext_lazy("task done", "refused"),
    "sent": pgettext_lazy("task done", "sent"),
    "sent again": pgettext_lazy("task done", "sent again"),
    "shipped": pgettext_lazy("task done", "shipped"),
}
"""What ended a task by itself; an operator's own words stay as they are."""


def facts_in_words(facts: Mapping[str, Any]) -> str:
    """Name and value of each fact that there is."""
    return " · ".join(
        f"{NAMES.get(name, name)}: {_value(name, value)}" for name, value in facts.items() if value
    )


def _value(name: str, value: Any) -> str:
    if name.endswith("_fen"):
        return f"¥{yuan(value)}"
    if name.endswith("_at"):
        return _instant(str(value))
    if name == "reason":
        return str(REASONS.get(value, value))
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)


def _instant(text: str) -> str:
    """A stored instant as the reader's clock shows it; what is none stays."""
    at = parse_datetime(text)
    return text if at is None else date_format(timezone.localtime(at), "DATETIME_FORMAT")
