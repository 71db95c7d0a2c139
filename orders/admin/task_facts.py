"""The facts of an exception task in words: stored ones are names and values of a program."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inventory.models import Store, Warehouse
from mall.kernel.money import yuan
from mall.kernel.words import localized
from orders import words
from orders.models import BillFinding, Carrier, PaymentFailure, PickupRequest
from orders.reasons import reason_of

NAMES: Mapping[str, str | Promise] = {
    "amount_fen": _("amount"),
    "carrier": _("carrier"),
    "day": pgettext_lazy("task", "day"),
    "detail": pgettext_lazy("task", "detail"),
    "failure_code": _("failure"),
    "kind": _("kind"),
    "paid_at": _("paid at"),
    "pieces": pgettext_lazy("task", "pieces"),
    "promised_at": pgettext_lazy("task", "promised by"),
    "reason": _("reason"),
    "reasons": _("reasons"),
    "ships_on": _("ships on"),
    "store": _("store"),
    "tracking_no": _("tracking number"),
    "warehouse": _("warehouse"),
    "why": _("reason"),
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
FAILURES: Mapping[str, str | Promise] = {
    "amount_wrong": pgettext_lazy("refund", "the provider tells another amount"),
    "nobody_answered": pgettext_lazy("door pick-up", "the carrier did not answer"),
}
"""Codes of the mall's own; a provider's code is told apart by `reason_of`."""
DETAILS: Mapping[str, str | Promise] = {
    "inventory.out_of_stock": pgettext_lazy("sub-order", "the stock is gone meanwhile"),
    "orders.nothing_to_ship": pgettext_lazy("sub-order", "nothing of it is left to ship"),
}
"""Refusals of our own verbs, as far as a partner's report met one."""
LINKS = ("finding",)
"""Facts that are keys of rows: the task's page has a way to the row instead."""


OUTCOMES: Mapping[str, str | Promise] = {
    "accepted": pgettext_lazy("task done", "accepted"),
    "called back": pgettext_lazy("task done", "called back"),
    "found elsewhere": pgettext_lazy("task done", "comes from another warehouse"),
    "inspected": pgettext_lazy("task done", "inspected"),
    "refused": pgettext_lazy("task done", "refused"),
    "sent": pgettext_lazy("task done", "sent"),
    "sent again": pgettext_lazy("task done", "sent again"),
    "shipped": pgettext_lazy("task done", "shipped"),
}
"""What ended a task by itself; an operator's own words stay as they are."""


def facts_in_words(facts: Mapping[str, Any]) -> str:
    """Name and value of each fact that there is. Queries: 1 for each place or carrier named."""
    return " · ".join(
        f"{NAMES.get(name, name)}: {_value(name, value)}"
        for name, value in facts.items()
        if value and name not in LINKS
    )


def _value(name: str, value: Any) -> str:
    if name.endswith("_fen"):
        return f"¥{yuan(value)}"
    if name.endswith("_at"):
        return _instant(str(value))
    if name in SPEAKERS:
        return str(SPEAKERS[name](value))
    return str(value)


def _carrier(pk: Any) -> str:
    return localized(Carrier.objects.filter(pk=pk).first(), "title") or str(pk)


def _warehouse(code: str) -> str:
    return localized(Warehouse.objects.filter(code=code).first(), "title") or code


def _store(code: str) -> str:
    return localized(Store.objects.filter(code=code).first(), "title") or code


def _failure(code: str) -> str:
    """In words, with the provider's own code for whoever asks the provider."""
    if code in FAILURES:
        return str(FAILURES[code])
    return f"{PaymentFailure.Reason(reason_of(code)).label} ({code})"


def _detail(text: str) -> str:
    """The code it begins with in words; what follows is of the parcel."""
    code, _blank, rest = text.partition(" ")
    return f"{DETAILS.get(code, code)} {rest}".strip()


def _reasons(codes: Any) -> str:
    """What a check found; a finding that tells figures stands in the check itself."""
    said = (str(words.REVIEW_REASONS.get(code, code)) for code in codes)
    return "; ".join(text for text in said if "%(" not in text)


def _window(code: str) -> str:
    return str(dict(PickupRequest.Window.choices).get(code, code))


SPEAKERS: Mapping[str, Callable[[Any], Any]] = {
    "carrier": _carrier,
    "detail": _detail,
    "failure_code": _failure,
    "kind": lambda code: dict(BillFinding.Kind.choices).get(code, code),
    "reason": lambda code: REASONS.get(code, code),
    "reasons": _reasons,
    "store": _store,
    "warehouse": _warehouse,
    "why": _failure,
    "window": _window,
}
"""How a fact that is a code is said."""


def _instant(text: str) -> str:
    """A stored instant as the reader's clock shows it; what is none stays."""
    at = parse_datetime(text)
    return text if at is None else date_format(timezone.localtime(at), "DATETIME_FORMAT")
