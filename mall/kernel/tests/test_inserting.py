"""INSERTs are built once a model and number of rows, and write what Django's own would."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import F, Value
from django.db.models.sql import InsertQuery
from django.test.utils import CaptureQueriesContext

from mall.kernel.db import append, create_rows, create_unless_taken
from mall.kernel.db.inserting import MOST_KEPT, insert_of
from mall.kernel.idempotency.models import IdempotencyRecord as Record
from mall.kernel.ledger.models import LedgerAccount
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def account():
    get_user_model().objects.create(pk=1, username="one")


def record(key, **columns):
    """Its columns are whole numbers, texts, an instant and JSON."""
    words = {"account_id": 1, "route": "r", "request_hash": "h", "status": 200, "body": {}}
    return Record(**{**words, "key": key, "at": NOON, **columns})


def columns_of(model):
    fields = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    return list(model.objects.order_by("pk").values(*fields))


def by_django(rows):
    """What Django compiles for these rows, none of which has a key."""
    model = type(rows[0])
    query = InsertQuery(model)
    query.insert_values([f for f in model._meta.concrete_fields if not f.primary_key], rows)
    [statement] = query.get_compiler(connection=connection).as_sql()
    return statement


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_statement_is_the_one_of_django(number):
    rows = [record(str(n), body={"n": [n, "%s", None]}) for n in range(number)]

    sql, values = insert_of(rows)

    told, expected = by_django(rows)
    assert sql == told
    assert repr(_plain(values)) == repr(_plain(expected))


def _plain(values):
    """JSON of an adapter, which equals nothing but itself."""
    if isinstance(values, list | tuple):
        return [_plain(value) for value in values]
    return getattr(values, "adapted", values)


@pytest.mark.parametrize("number", [1, 3])
def test_rows_are_written_as_bulk_create_writes_them(number):
    given = [{"n": n, "words": ["满减", "%s", "{}"]} for n in range(number)]
    Record.objects.bulk_create([record(str(n), body=p) for n, p in enumerate(given)])
    expected = columns_of(Record)
    Record.objects.all().delete()

    create_rows([record(str(n), body=p) for n, p in enumerate(given)])

    assert columns_of(Record) == expected


def test_rows_have_the_keys_that_the_database_counted():
    rows = [record("first"), record("second")]

    with count_queries(at_most=1):
        create_rows(rows)

    names = {row.pk: row.key for row in rows}
    assert names == dict(Record.objects.values_list("pk", "key"))
    assert not any(row._state.adding for row in rows)
    rows[0].key = "renamed"
    rows[0].save()
    assert Record.objects.count() == 2


def test_other_rows_go_out_by_the_same_statement():
    with CaptureQueriesContext(connection) as before:
        create_rows([record("a")])
    with CaptureQueriesContext(connection) as after:
        create_rows([record("b", at=NOON + timedelta(days=1), body={"x": 1})])

    assert before[0]["sql"] != after[0]["sql"]
    assert [row.key for row in Record.objects.order_by("pk")] == ["a", "b"]
    assert Record.objects.get(key="b").at == NOON + timedelta(days=1)


def test_more_rows_than_are_kept_are_written_too():
    create_rows([record(str(n)) for n in range(MOST_KEPT + 1)])

    assert Record.objects.count() == MOST_KEPT + 1


def test_a_row_that_is_taken_is_told_and_the_transaction_goes_on():
    create_rows([record("k", status=200)])

    with transaction.atomic():
        taken = create_unless_taken(record("k", status=201))
        free = create_unless_taken(record("l", status=202))

    assert (taken, free) == (False, True)
    written = Record.objects.order_by("pk").values_list("key", "status")
    assert list(written) == [("k", 200), ("l", 202)]


def test_a_row_that_is_taken_breaks_the_constraint_where_nobody_asked():
    create_rows([LedgerAccount(code="a")])

    with pytest.raises(IntegrityError), transaction.atomic():
        create_rows([LedgerAccount(code="a")])

    assert LedgerAccount.objects.count() == 1


def test_a_row_that_is_too_long_is_refused():
    with pytest.raises(DataError), transaction.atomic():
        append([record("x" * 200)])

    assert not Record.objects.exists()


@pytest.mark.parametrize("computed", [Value("key"), F("key")])
def test_an_expression_is_no_value(computed):
    with pytest.raises(TypeError, match="expression"):
        append([record(computed)])

    assert not Record.objects.exists()
