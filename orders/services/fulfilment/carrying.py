"""Carriers: the usual ones, what a parcel costs with each, and which one to take.

Source: requirement I-21.
"""

from collections.abc import Iterable

from orders.models.carrier import STANDARD, Carrier


def make_usual_carriers() -> int:
    """Make the carriers that every shop begins with, where they are missing; returns how many.

    Runs after every migrate. Queries: 1 when nothing is missing.
    """
    known = set(Carrier.objects.values_list("code", flat=True))
    missing = list(_missing(known))
    Carrier.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _missing(known: Iterable[str]) -> Iterable[Carrier]:
    for position, (code, title_zh, title_en) in enumerate(STANDARD, start=1):
        if code not in known:
            yield Carrier(code=code, title_zh=title_zh, title_en=title_en, position=position)
