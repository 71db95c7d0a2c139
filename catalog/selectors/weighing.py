"""How much the categories of level 2 weigh with somebody: by what they keep in mind and, less, by
what they looked at. Source: C-07, C-08.

Each weighs half as much every 90 days later, so tastes follow what is kept now. Worked out when
asked: what was let go, cleared or forgotten counts no more.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from catalog.models import Category, Favourite, Product, ProductView
from catalog.services.viewing import KEPT_DAYS

MOST_TASTES = 3
HALVED_IN = timedelta(days=90)
KEPT_WEIGHS, VIEWED_WEIGHS = 1.0, 0.2
"""Five goods that somebody looked at say as much as one that they keep in mind."""
WEIGHED = """
    SELECT account_id, liked, weight
    FROM (
        SELECT account_id, liked, sum(weight) AS weight,
            row_number() OVER (PARTITION BY account_id ORDER BY sum(weight) DESC, liked) AS place
        FROM (
            SELECT sign.account_id, category.path_ids[2] AS liked, sign.weight * power(
                0.5::float8,
                greatest(extract(epoch FROM %(at)s - sign.at), 0)::float8 / %(halved)s
            ) AS weight
            FROM ({signs}) AS sign
            JOIN {product} AS product ON product.id = sign.product_id
            JOIN {category} AS category ON category.id = product.category_id
        ) AS one
        WHERE liked IS NOT NULL
        GROUP BY account_id, liked
    ) AS ranked
    WHERE place <= %(most)s {only}
    ORDER BY account_id, place
"""
KEPT = """
    SELECT account_id, product_id, at, %(kept)s::float8 AS weight FROM {favourite} WHERE {whose}
"""
VIEWED = """
    SELECT account_id, product_id, at, %(viewed)s::float8 AS weight FROM {view}
    WHERE at >= %(since)s AND NOT account_id = ANY(%(silent)s::bigint[]) AND {whose}
"""


class Weight(NamedTuple):
    """What one category weighs with one account."""

    account_id: int
    category_id: int
    weight: float


def weights(
    at: datetime,
    *,
    account_id: int | None = None,
    liked: Collection[int] | None = None,
    silent: Collection[int] | None = None,
) -> list[Weight]:
    """The three categories that weigh most with each account, or with this one, heaviest first;
    only those in ``liked``.

    What was looked at counts for all but the ``silent`` accounts, without them for nobody.
    Queries: 1.
    """
    params: dict[str, Any] = {
        "at": at,
        "since": at - timedelta(days=KEPT_DAYS),
        "halved": HALVED_IN.total_seconds(),
        "most": MOST_TASTES,
        "kept": KEPT_WEIGHS,
        "viewed": VIEWED_WEIGHS,
        "account": account_id,
        "liked": list(liked or ()),
        "silent": list(silent or ()),
    }
    signs = KEPT if silent is None else f"{KEPT} UNION ALL {VIEWED}"
    tables = {
        "favourite": Favourite._meta.db_table,
        "view": ProductView._meta.db_table,
        "whose": "true" if account_id is None else "account_id = %(account)s",
    }
    sql = WEIGHED.format(
        signs=signs.format(**tables),
        product=Product._meta.db_table,
        category=Category._meta.db_table,
        only="" if liked is None else "AND liked = ANY(%(liked)s::bigint[])",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Weight(*row) for row in cursor.fetchall()]
