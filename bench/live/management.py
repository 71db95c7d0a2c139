"""`python -m bench.live.management open|close PLAN`: the mall's side of the rehearsal."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from typing import Any

import django

ROWS = """
    INSERT INTO kernel_outboxevent
        (id, name, payload, at, written_at, next_at, attempts, last_error, done_at)
    SELECT gen_random_uuid(), 'live.passed', '{}', now(), now(), now(), 1, '', now()
    FROM generate_series(1, %s)
"""


def main() -> None:
    """Set Django up, then do one half of the work; the answer is printed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings")
    django.setup()
    from mall.kernel.clock import now

    plan = json.loads(sys.argv[2])
    answer = _open(now(), **plan) if sys.argv[1] == "open" else _close()
    sys.stdout.write(json.dumps(answer))


def _open(at: datetime, *, buyers: int, skus: int, rows: int) -> dict[str, Any]:
    """Goods, buyers who are signed in, and ``rows`` events of the past: a table that is large."""
    from django.db import connection

    from bench.flash.world import _buyer
    from orders.models import RiskPolicy
    from orders.services import refresh_shelf
    from orders.testing import make_stocked_sku

    goods = [make_stocked_sku(price_fen=5_000, on_hand=100_000) for _n in range(skus)]
    RiskPolicy.objects.update(
        burst_score=0, shared_score=0, many_score=0, small_score=0, most_unpaid_orders=30_000,
        most_unpaid_pieces=30_000,
    )  # fmt: skip
    refresh_shelf(at)
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [rows])
    return {
        "skus": [sku.pk for sku in goods],
        "products": [sku.product_id for sku in goods],
        "buyers": [_buyer() for _n in range(buyers)],
    }


def _close() -> dict[str, Any]:
    """What is in the books: every order, every broken law."""
    from mall.kernel.invariants import audit
    from orders.models import Order

    return {
        "orders": list(Order.objects.values_list("number", flat=True)),
        "laws": {law.code: list(found.rows) for law, found in audit() if found},
    }


if __name__ == "__main__":
    main()
