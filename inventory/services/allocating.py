"""From locked stock rows to a decision that can be explained: what `inventory.routing` decides,
written down once per order. Source: requirements O-29, O-52, I-16.

The facts that routing needs come with the rows themselves (`inventory.selectors.routing`), so
deciding asks the database nothing and logging is one insert, whatever the number of lines.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from catalog.models import Sku
from inventory import routing
from inventory.errors import BundleNotSetAside, OutOfStock, TooManyParcels
from inventory.models import AllocationLog, Warehouse
from inventory.selectors.routing import POLICY_FIELDS
from mall.kernel.db import append

MOST_HOUSES = 1000
ANYWHERE = routing.Policy("priority", whole_order_first=False, max_parcels=MOST_HOUSES)
"""For pieces that no address asks for: an activity may hold what lies anywhere."""


def decide(
    shelves: Iterable[routing.Shelf],
    wanted: Mapping[str, tuple[int, int]],
    region_code: str,
    policy: routing.Policy,
    kits: routing.Kits | None = None,
) -> routing.Plan:
    """What `routing.plan` decides, its refusals as errors. Raises: OutOfStock, TooManyParcels."""
    answer = routing.plan(wanted, shelves, region_code, policy, kits)
    if isinstance(answer, routing.Shortage):
        sku = Sku.objects.only("code", "is_bundle").get(pk=answer.sku_id)
        refusal = BundleNotSetAside if sku.is_bundle and kits is None else OutOfStock
        raise refusal(sku=sku.code, available=answer.available)
    if isinstance(answer, routing.Scattered):
        raise TooManyParcels(parcels=answer.parcels, limit=answer.limit)
    return answer


def log_allocation(
    columns: Mapping[str, Any],
    decided: routing.Plan,
    policy: routing.Policy,
    warehouses: Iterable[Warehouse],
    at: datetime,
) -> None:
    """Write down one decision with its reasons and what it promises; ``columns`` name the order,
    the attempt, the stock and the region. Queries: 1, none inside `appended_together`."""
    titles = {house.pk: (house.title_zh, house.title_en) for house in warehouses}
    made = routing.promises_of(decided, columns["region_code"], at, policy)
    last = routing.slowest(made.values())
    log = AllocationLog(
        **columns,
        warehouse_id=next(pk for pk, one in made.items() if one == last),
        parcels=len(made),
        promise_code=last.code,
        promised_at=last.due,
        pay_by=last.pay_by,
        later_code=last.later_code,
        later_at=last.later,
        facts=_facts(decided, policy, titles),
        at=at,
    )
    append([log])


def _facts(
    decided: routing.Plan, policy: routing.Policy, titles: Mapping[int, tuple[str, str]]
) -> dict[str, Any]:
    return {
        "policy": {name: getattr(policy, name) for name in POLICY_FIELDS},
        "houses": [
            {
                **one.as_json(),
                "title_zh": titles[one.house.id][0],
                "title_en": titles[one.house.id][1],
            }
            for one in decided.houses
        ],
        "lines": [
            {
                "line": pick.line_key,
                "house": pick.house_id,
                "pieces": pick.pieces,
                "reason": pick.reason,
                "passed": [list(one) for one in pick.passed],
            }
            for pick in decided.picks
        ],
    }
