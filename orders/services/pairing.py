"""Which goods the same order holds: a rule A -> B by the paid orders of the last months. C-12.

Gifts and what came back whole are no purchase. Of one product's companions those count that most of
its orders hold; two orders may be chance.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction

from catalog.services import put_pairs

LOOKS_BACK = timedelta(days=180)
FEWEST = 3
"""Orders that hold both, before it is a rule."""
MOST_BESIDE = 10
"""Goods kept for one product."""
PAIRS = """
SELECT product_id, related_id, orders FROM (
    SELECT product_id, related_id, orders, row_number() OVER (
        PARTITION BY product_id ORDER BY orders DESC, related_id DESC
    ) AS place
    FROM (
        SELECT one.product_id, other.product_id AS related_id,
            count(DISTINCT one.order_id) AS orders
        FROM orders_order AS paid
        JOIN orders_orderline AS one ON one.order_id = paid.id
        JOIN orders_orderline AS other
            ON other.order_id = paid.id AND other.product_id <> one.product_id
        WHERE paid.paid_at > %s AND paid.paid_at <= %s
            AND NOT one.is_gift AND one.quantity > one.refunded
            AND NOT other.is_gift AND other.quantity > other.refunded
        GROUP BY one.product_id, other.product_id
        HAVING count(DISTINCT one.order_id) >= %s
    ) AS pair
) AS ranked
WHERE place <= %s
"""


@transaction.atomic
def pair_goods(at: datetime) -> int:
    """Count which goods are bought together and put it down; returns how many pairs there are.

    Locks: one advisory lock. Queries: 3, and 1 for each 5,000 pairs.
    """
    return put_pairs(_pairs(at))


def _pairs(at: datetime) -> Iterator[tuple[int, int, int]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(PAIRS, [at - LOOKS_BACK, at, FEWEST, MOST_BESIDE])
        yield from cursor
