"""Dicts of api.md out of stores and promises: one language, no query. API and pages share them."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.models import AllocationLog, PromiseCode, Store
from inventory.routing import Promise
from inventory.selectors import NearStore
from mall.kernel import clock, regions
from mall.kernel.words import localized


def store_dict(store: Store, *, metres: int | None = None) -> dict[str, Any]:
    """The store of api.md."""
    return {
        "id": store.pk,
        "code": store.code,
        "title": localized(store, "title"),
        "region_names": regions.full_name(store.region_code),
        "address": localized(store, "address"),
        "latitude": float(store.latitude),
        "longitude": float(store.longitude),
        "hours": localized(store, "hours"),
        "phone": store.phone,
        "events": localized(store, "events"),
        "pickup": store.offers_pickup,
        "distance_m": metres,
    }


def near_store_dict(near: NearStore) -> dict[str, Any]:
    """A store with how far it is."""
    return store_dict(near.store, metres=near.metres)


def arrival_dict(
    promise: Promise | None, paid_at: datetime, *, is_paid: bool = False
) -> dict[str, Any] | None:
    """When goods arrive that are paid for at ``paid_at``: code, words and instants (O-52); of what
    ``is_paid`` no instant to pay by."""
    if promise is None:
        return None
    code, day = promise.code_at(paid_at), promise.arrives_on(paid_at)
    is_open = promise.pay_by is not None and paid_at < promise.pay_by and not is_paid
    holds = promise.pay_by if is_open else None
    return {
        "code": code,
        "title": _arrival_title(promise, code),
        "text": _arrival_text(promise, code, day, holds, paid_at),
        "arrives_on": day,
        "due_at": promise.due_at(paid_at),
        "pay_by": holds,
    }


def _arrival_title(promise: Promise, code: str) -> str:
    titles = {
        PromiseCode.SAME_DAY: _("Same-day delivery"),
        PromiseCode.NEXT_DAY: _("Next-day delivery"),
        PromiseCode.SECOND_DAY: _("Second-day delivery"),
    }
    hours = _("Delivery within %(hours)s hours") % {"hours": promise.hours}
    return str(titles.get(PromiseCode(code), hours))


def _arrival_text(
    promise: Promise, code: str, day: date, holds: datetime | None, paid_at: datetime
) -> str:
    """The title, the day, and the cut-off where it is still to be met on the same day."""
    words = {"title": _arrival_title(promise, code), "day": date_format(day, "MONTH_DAY_FORMAT")}
    if holds and clock.day_of(holds) == clock.day_of(paid_at):
        words["time"] = time_format(holds.astimezone(clock.SHANGHAI).time(), "H:i")
        return _("%(title)s: pay before %(time)s, arrives by %(day)s") % words
    return _("%(title)s: arrives by %(day)s") % words


REASONS = {
    "nearest": gettext_lazy("the first warehouse for this address"),
    "fallback": gettext_lazy("those before it had too few"),
    "whole_order": gettext_lazy("it has the whole order"),
    "few_parcels": gettext_lazy("to keep to the limit of parcels"),
    "split": gettext_lazy("no warehouse has the whole line"),
    "supplier": gettext_lazy("only a supplier has it"),
}


def allocation_dict(row: AllocationLog) -> dict[str, Any]:
    """A decision in words, for operators: region, warehouses asked, what each line got and why."""
    houses = {house["id"]: house for house in row.facts["houses"]}
    titles = {pk: localized(house, "title") for pk, house in houses.items()}
    return {
        "attempt": row.attempt,
        "at": row.at,
        "region": " ".join(regions.full_name(row.region_code)) or row.region_code,
        "is_activity": row.stock == AllocationLog.Stock.ACTIVITY,
        "parcels": row.parcels,
        "promise": row.get_promise_code_display(),
        "promised_at": row.promised_at,
        "houses": [{**house, "title": titles[pk]} for pk, house in houses.items()],
        "lines": [
            {
                **line,
                "title": titles[line["house"]],
                "why": REASONS[line["reason"]],
                "passed": [
                    {"title": titles[pk], "pieces": pieces} for pk, pieces in line["passed"]
                ],
            }
            for line in row.facts["lines"]
        ],
    }
