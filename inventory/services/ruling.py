"""The rules by which orders find their warehouse: written by operators, with a trail."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from django.db import transaction

from inventory.models import NextDayCity, RoutingPolicy, Warehouse
from mall.kernel import audit


@transaction.atomic
def save_routing_policy(
    *, changes: Mapping[str, Any], at: datetime, actor: Any = None
) -> RoutingPolicy:
    """Change how warehouses are chosen; orders placed before keep theirs. Queries: 3."""
    policy = RoutingPolicy.objects.filter(pk=1).first() or RoutingPolicy(pk=1)
    before = {name: getattr(policy, name) for name in changes}
    for name, value in changes.items():
        setattr(policy, name, value)
    policy.full_clean(validate_unique=False, validate_constraints=False)
    policy.save()
    audit.record(
        actor=actor,
        verb="inventory.save_routing_policy",
        target=policy,
        before=before,
        after=dict(changes),
        at=at,
    )
    return policy


@transaction.atomic
def set_next_day_cities(
    *, warehouse: Warehouse, cities: Iterable[tuple[str, time]], at: datetime, actor: Any = None
) -> None:
    """Say which cities (code of four digits, cut-off) a warehouse reaches the next day; replaces
    those there. Locks: the warehouse. Queries: 5."""
    Warehouse.objects.select_for_update(no_key=True).get(pk=warehouse.pk)
    before = _words(NextDayCity.objects.filter(warehouse=warehouse).values_list(*COLUMNS))
    wanted = dict(cities)
    NextDayCity.objects.filter(warehouse=warehouse).delete()
    NextDayCity.objects.bulk_create(
        [
            NextDayCity(warehouse=warehouse, city_code=code, cut_off=cut_off)
            for code, cut_off in sorted(wanted.items())
        ]
    )
    audit.record(
        actor=actor,
        verb="inventory.set_next_day_cities",
        target=warehouse,
        before={"cities": before},
        after={"cities": _words(wanted.items())},
        at=at,
    )


COLUMNS = ("city_code", "cut_off")


def _words(pairs: Iterable[tuple[str, time]]) -> list[str]:
    return sorted(f"{code} {cut_off:%H:%M}" for code, cut_off in pairs)
