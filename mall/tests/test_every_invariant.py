"""INV-01 to INV-44 of reliability.md: each is a query of the judge, a constraint or trigger of the
database, or, where neither can say it, a test that is named here."""

from dataclasses import dataclass

import pytest
from django.db import connection

from mall.kernel.invariants import invariants
from mall.tests.source import PROJECT


@dataclass(frozen=True)
class Held:
    """By what an invariant is held; ``why`` says why it is no query, where it is none."""

    queries: tuple[str, ...] = ()
    database: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    why: str = ""


def by_query(*codes: str, database: tuple[str, ...] = ()) -> Held:
    return Held(queries=codes, database=database)


def by_database(*names: str, why: str) -> Held:
    return Held(database=names, why=why)


def by_test(*paths: str, why: str) -> Held:
    return Held(tests=paths, why=why)


HELD = {
    1: by_query("INV-01", database=("stock_reserved_lte_on_hand",)),
    2: by_test("orders/tests/test_flash_races.py", why="it is about what could have been sold"),
    3: by_query("INV-03a", "INV-03b", "INV-03c", "INV-03d"),
    4: by_query(
        "INV-04",
        "INV-04b",
        "INV-04c",
        "INV-04d",
        "INV-04e",
        database=("reservation_whole_bundles", "inventory_no_stock_of_bundles"),
    ),
    5: by_query("INV-05a", "INV-05b", database=("activity_taken_lte_quota",)),
    6: by_query(
        "INV-06a",
        "INV-06b",
        "INV-18b",
        "INV-18g",
        database=("member_take_once", "edition_take_once", "edition_take_within_limit"),
    ),
    7: by_database("orders_order_number_key", why="no row can break it"),
    8: by_database("idempotency_once_per_key", why="no row can break it"),
    9: by_query("INV-09a", "INV-09b", database=("order_sums_up", "orders_order_sums")),
    10: by_database("orders_order_frozen", "orders_line_frozen", why="what was is not kept"),
    11: by_query("INV-11", database=("orders_order_moves",)),
    12: by_query("INV-12", database=("payment_one_accepted_per_leg", "payment_transaction_once")),
    13: by_query("INV-13", database=("payment_zero_only_without_provider",)),
    14: by_query("INV-14", "INV-14a", "INV-14b", "INV-14e", "INV-14f", "INV-14g"),
    15: by_query("INV-15"),
    16: by_query("INV-16a", "INV-16b"),
    17: by_query("INV-17a", "INV-17b", "INV-17d"),
    18: by_query("INV-09b", "INV-18a"),
    19: by_query("INV-19a", "INV-19b", database=("points_balance_not_negative",)),
    20: by_query("INV-19a", database=("points_debt_not_negative", "points_once_per_source")),
    21: by_database("points_once_per_source", why="a day's points name the day"),
    22: by_query("INV-22a", "INV-22b"),
    23: by_query("INV-23a", "INV-23b"),
    24: by_query("INV-24a", "INV-24b", "INV-24c", "INV-24d"),
    25: by_query("INV-25a", "INV-25b"),
    26: by_query("INV-12", database=("payment_one_accepted_per_leg",)),
    27: by_query("INV-27a", "INV-27b", "INV-27c"),
    28: by_query("INV-28"),
    29: by_query("INV-29"),
    30: by_query("INV-11", database=("kernel_auditentry_append_only",)),
    31: by_query("INV-31"),
    32: by_database("payment_notice_applied_once", why="no row can break it"),
    33: by_query("INV-33"),
    34: by_query("INV-34a"),
    35: by_query("INV-35a", "INV-35b"),
    36: by_query("INV-36", database=("sms_code_five_tries",)),
    37: by_test("mall/api/tests/test_deal_attacks.py", why="it is about answers, not rows"),
    38: by_test("mall/console/tests/test_roles.py", why="it is about screens, not rows"),
    39: by_query("INV-39"),
    40: by_test("orders/tests/test_placing.py", why="the quote that was shown is not kept"),
    41: by_test("orders/tests/test_closing.py", why="what a provider said is not in our rows"),
    42: by_query("INV-42a", "INV-18f", "INV-17d"),
    43: by_query("INV-43"),
    44: by_test("mall/runner/tests/test_backups.py", why="it is about another database"),
}


def names_of_the_database():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint UNION SELECT tgname FROM pg_trigger"
            " UNION SELECT indexname FROM pg_indexes"
        )
        return {name for (name,) in cursor.fetchall()}


def test_every_invariant_is_held_by_something():
    assert list(HELD) == list(range(1, 45))
    for number, held in HELD.items():
        assert held.queries or held.database or held.tests, number
        assert held.queries or held.why, f"INV-{number:02d} is no query: say why"


def test_every_named_query_runs_every_night():
    known = {law.code for law in invariants()}

    assert {code for held in HELD.values() for code in held.queries} <= known


@pytest.mark.django_db
def test_every_named_constraint_and_trigger_is_there():
    wanted = {name for held in HELD.values() for name in held.database}

    assert wanted - names_of_the_database() == set()


def test_every_named_test_file_is_there():
    for held in HELD.values():
        for path in held.tests:
            assert (PROJECT / path).exists(), path
