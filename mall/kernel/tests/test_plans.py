"""PostgreSQL keeps the plan of a statement that is asked again and again on one connection, and
what comes back is what would come back without it."""

from datetime import UTC, date, datetime, timedelta
from math import inf
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, OperationalError, ProgrammingError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import TruncDate

from mall import env
from mall.kernel.audit.models import AuditEntry
from mall.kernel.db import Prepared, Replanned, atomic_retry
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.postgresql import plans
from mall.kernel.postgresql.base import DatabaseWrapper
from mall.kernel.postgresql.plans import KeepingConnection, KeepingCursor, KeptSql, PlanGone
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
URL = "postgres://mall:secret@127.0.0.1:5432/mall"


@pytest.fixture(autouse=True)
def own_connection():
    """Of nobody before: names and counts belong to a connection."""
    cursor = connection.cursor()
    cursor.execute("DEALLOCATE ALL")
    connection.connection.names.clear()
    connection.connection.asked.clear()
    connection.connection.fresh_until = inf
    connection.connection.given = 0
    connection.connection.has_stale = False
    yield cursor
    connection.connection.fresh_until = 0.0


def named(number=NOON):
    return [
        OutboxEvent.objects.create(name=name, payload={}, at=number, next_at=number)
        for name in "abc"
    ]


def plans_kept():
    """(statement, times asked by one plan) of each plan of this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans FROM pg_prepared_statements")
        return cursor.fetchall()


def test_the_third_question_on_a_connection_keeps_the_plan():
    a, b, _c = named()
    by_name = Prepared(lambda *, name: OutboxEvent.objects.filter(name=name))

    assert [by_name.one(name=name) for name in "ab"] == [a, b]
    assert plans_kept() == []
    with count_queries() as asked:
        assert by_name.one(name="a") == a
    assert [times for _statement, times in plans_kept()] == [1]
    with count_queries() as asked_by_name:
        assert by_name.one(name="b") == b
    assert [times for _statement, times in plans_kept()] == [2]
    assert len(asked) == len(asked_by_name) == 1
    assert asked_by_name.sql[0] == asked.sql[0].replace("'a'", "'b'")
    assert "EXECUTE" not in asked_by_name.sql[0]


@pytest.mark.parametrize(
    ("lookup", "values"),
    [
        ({"name__in": "words"}, {"words": ["a", "b"]}),
        ({"pk__in": "keys"}, {"keys": [UUID(int=1), UUID(int=2)]}),
        ({"at__lte": "at", "next_at__gt": "at"}, {"at": NOON}),
        ({"attempts__in": "counts"}, {"counts": [0, 1]}),
        ({"day": "day"}, {"day": date(2026, 11, 22)}),
        ({"name": "name", "note": "name"}, {"name": "it's 50% \\ of {it}"}),
    ],
)
def test_values_of_every_kind_are_read_as_without_a_plan(lookup, values):
    here = {"keys": UUID(int=1)}
    OutboxEvent.objects.create(
        id=here["keys"], name="a", payload={}, at=NOON, next_at=NOON + timedelta(hours=1)
    )
    OutboxEvent.objects.create(name="it's 50% \\ of {it}", payload={}, at=NOON, next_at=NOON)

    def build(**given):
        rows = OutboxEvent.objects.annotate(note=F("name"), day=TruncDate("at"))
        return rows.filter(**{place: given[name] for place, name in lookup.items()})

    kept = Prepared(build)
    for _n in range(5):
        assert kept(**values) == list(build(**values))
    assert len(plans_kept()) == 1
    assert kept(**values), "the case finds something"


def test_a_number_that_is_a_column_stays_a_number():
    named()
    kept = Prepared(lambda *, n: OutboxEvent.objects.values_list(Value(n), F("attempts") + n))

    assert {kept.one(n=n) for n in (5, 6, 7, 7)} == {(5, 5), (6, 6), (7, 7)}
    assert len(plans_kept()) == 1


def test_lists_of_other_kinds_are_other_statements():
    [a, *_rest] = named()
    AuditEntry.objects.create(verb="a", target_type="t", target_id="7", at=NOON)
    kept = Prepared(lambda *, ids: AuditEntry.objects.filter(target_id__in=ids).values("verb"))

    assert [kept(ids=ids) for ids in (["7"], ["8"], ["7"], ["7"])] == [
        [{"verb": "a"}],
        [],
        [{"verb": "a"}],
        [{"verb": "a"}],
    ]
    with pytest.raises(ValueError, match="compute nothing"):
        kept(ids=[7])


def test_a_plan_is_made_anew_after_a_while_for_tables_grow():
    [a, *_rest] = named()
    by_name = Prepared(lambda *, name: OutboxEvent.objects.filter(name=name))
    for _n in range(4):
        by_name(name="a")
    first = set(connection.connection.names.values())

    connection.connection.fresh_until = 0.0

    assert by_name.one(name="a") == a
    connection.connection.fresh_until = inf
    assert by_name.one(name="a") == a
    assert [times for _statement, times in plans_kept()] == [2], "the old one, asked by nobody"
    assert [by_name.one(name="a") for _n in range(2)] == [a] * 2
    assert [times for _statement, times in plans_kept()] == [2], "the new one alone"
    assert first.isdisjoint(connection.connection.names.values())


def test_a_plan_outlives_the_transaction_that_made_it():
    [a, *_rest] = named()
    by_name = Prepared(lambda *, name: OutboxEvent.objects.filter(name=name))

    with transaction.atomic():
        assert [by_name.one(name="a") for _n in range(4)] == [a] * 4
        transaction.set_rollback(True)

    assert by_name.one(name="a") == a
    assert len(plans_kept()) == 1


def test_a_use_that_fails_leaves_the_statement_as_good_as_before():
    [a, *_rest] = named()
    OutboxEvent.objects.update(attempts=1)
    by_count = Prepared(lambda *, n: OutboxEvent.objects.filter(attempts__lt=F("attempts") + n))

    for _n in range(2):
        by_count(n=1)
    for _n in range(2):
        with pytest.raises(DataError), transaction.atomic():
            by_count(n=2**63 - 1)

    assert [a in by_count(n=1) for _n in range(3)] == [True] * 3


@pytest.fixture
def unlucky(own_connection):
    """A read that got a name, and failed with it."""
    named()
    OutboxEvent.objects.update(attempts=1)
    by_count = Prepared(lambda *, n: OutboxEvent.objects.filter(attempts__lt=F("attempts") + n))
    for _n in range(2):
        by_count(n=1)
    with pytest.raises(DataError), transaction.atomic():
        by_count(n=2**63 - 1)
    assert len(plans_kept()) == 1
    return by_count


def test_a_name_whose_first_use_failed_is_let_go_after_a_while(unlucky):
    by_name = Prepared(lambda *, name: OutboxEvent.objects.filter(name=name))
    connection.connection.fresh_until = 0.0
    by_name(name="a")
    connection.connection.fresh_until = inf

    assert [len(by_name(name="a")) for _n in range(4)] == [1] * 4
    assert [times for _statement, times in plans_kept()] == [3], "the new one alone"


def test_a_name_whose_first_use_failed_counts_among_the_most(unlucky, monkeypatch):
    monkeypatch.setattr(plans, "MOST_PLANS", 1)

    assert [len(unlucky(n=1)) for _n in range(3)] == [3] * 3
    assert len(plans_kept()) == 1


def test_a_number_that_no_column_holds_finds_nothing():
    entry = AuditEntry.objects.create(verb="a", target_type="t", target_id="7", at=NOON)
    up_to = Prepared(lambda *, n: AuditEntry.objects.filter(pk__lte=n))

    asked = (entry.pk, entry.pk, entry.pk, 2**63, -(2**70), entry.pk)
    assert [len(up_to(n=n)) for n in asked] == [1, 1, 1, 1, 0, 1]


def test_a_new_connection_begins_anew(own_connection):
    by_name = Prepared(lambda *, name: OutboxEvent.objects.filter(name=name))
    for _n in range(4):
        by_name(name="a")

    other = connection.copy()
    try:
        with other.cursor() as cursor:
            assert (other.connection.names, other.connection.asked) == ({}, {})
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            assert cursor.fetchone() == (0,)
    finally:
        other.close()
    assert len(connection.connection.names) == 1


def test_a_connection_keeps_so_many_plans_and_no_more(monkeypatch):
    monkeypatch.setattr(plans, "MOST_PLANS", 1)
    named()
    reads = [
        Prepared(lambda *, name: OutboxEvent.objects.filter(name=name)),
        Prepared(lambda *, name: OutboxEvent.objects.exclude(name=name)),
    ]

    for _n in range(4):
        assert [len(read(name="a")) for read in reads] == [1, 2]

    assert len(plans_kept()) == 1


def test_what_depends_on_its_values_is_planned_anew():
    named()
    by_name = Replanned(lambda *, name: OutboxEvent.objects.filter(name=name))

    assert [len(by_name(name=name)) for name in "abcz"] == [1, 1, 1, 0]
    assert plans_kept() == []


@pytest.fixture
def words(own_connection):
    """A table whose column becomes wider; and how it is asked."""
    own_connection.execute("CREATE TEMP TABLE said (n int, word varchar(3), nth text)")
    own_connection.execute("INSERT INTO said VALUES (1, 'one', '1'), (2, 'two', '2')")
    asked = KeptSql.of("SELECT word FROM said WHERE n = %s", [int])

    def word_of(n):
        with connection.cursor() as cursor:
            cursor.execute(asked, (n,))
            return cursor.fetchone()[0]

    yield word_of
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE said")


def word_at(place, asked=KeptSql.of("SELECT word FROM said WHERE nth = %s", [str])):  # noqa: B008
    with connection.cursor() as cursor:
        cursor.execute(asked, (place,))
        return cursor.fetchone()[0]


def alter(column):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE said ALTER {column}")


@pytest.mark.django_db(transaction=True)
def test_a_text_that_becomes_a_number_is_asked_for_without_an_error(words):
    assert [word_at(n) for n in "1212"] == ["one", "two", "one", "two"]
    assert len(plans_kept()) == 1

    alter("nth TYPE int USING nth::int")

    assert [word_at(n) for n in "1212"] == ["one", "two", "one", "two"]


@pytest.mark.django_db(transaction=True)
def test_a_verb_that_meets_a_text_that_became_a_number_is_run_again(words):
    assert [word_at(n) for n in "121"] == ["one", "two", "one"]
    alter("nth TYPE int USING nth::int")

    @atomic_retry()
    def verb():
        return word_at("2")

    assert verb() == "two"


@pytest.mark.django_db(transaction=True)
def test_what_makes_no_sense_any_more_says_so_itself(words):
    assert [word_at(n) for n in "121"] == ["one", "two", "one"]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE said DROP nth")

    with pytest.raises(ProgrammingError, match='column "nth" does not exist'):
        word_at("2")
    with pytest.raises(ProgrammingError, match='column "nth" does not exist'):
        atomic_retry()(word_at)("2")


@pytest.mark.django_db(transaction=True)
def test_plans_that_are_gone_are_let_go_after_a_while(words):
    assert [words(n) for n in (1, 2, 1)] == ["one", "two", "one"]
    alter("word TYPE varchar(9)")
    assert words(2) == "two"

    connection.connection.fresh_until = 0.0
    assert words(1) == "one"
    connection.connection.fresh_until = inf

    assert [words(n) for n in (1, 2)] == ["one", "two"]
    assert len(plans_kept()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_column_that_becomes_wider_is_met_without_an_error(words):
    assert [words(n) for n in (1, 2, 1, 2)] == ["one", "two", "one", "two"]
    assert len(plans_kept()) == 1

    alter("word TYPE varchar(9)")

    assert [words(n) for n in (1, 2, 1, 2)] == ["one", "two", "one", "two"]


@pytest.mark.django_db(transaction=True)
def test_a_verb_that_meets_a_wider_column_is_run_again(words):
    assert [words(n) for n in (1, 2, 1)] == ["one", "two", "one"]
    alter("word TYPE varchar(9)")
    runs = []

    @atomic_retry()
    def verb():
        runs.append(None)
        return words(2)

    assert (verb(), len(runs)) == ("two", 2)


@pytest.mark.django_db(transaction=True)
def test_control_without_another_try_the_verb_fails(words):
    assert [words(n) for n in (1, 2, 1)] == ["one", "two", "one"]
    alter("word TYPE varchar(9)")

    with pytest.raises(OperationalError) as failure, transaction.atomic():
        words(2)

    assert isinstance(failure.value.__cause__, PlanGone)


@pytest.mark.parametrize(
    ("option", "keeps"), [("", True), ("?prepare=on", True), ("?prepare=off", False)]
)
def test_a_pool_that_shares_connections_can_switch_it_off(option, keeps):
    settings = env.database(URL + option, session_options="")
    params = DatabaseWrapper({**connection.settings_dict, **settings}).get_connection_params()

    assert (params.get("connection_factory") is KeepingConnection) is keeps
    assert (params["cursor_factory"] is KeepingCursor, "prepare" in params) == (keeps, False)


def test_another_word_for_it_is_refused():
    settings = env.database(f"{URL}?prepare=never", session_options="")

    with pytest.raises(ImproperlyConfigured, match="prepare=never: allowed are on or off"):
        DatabaseWrapper({**connection.settings_dict, **settings}).get_connection_params()


def test_names_of_large_reads_are_not_kept():
    kept = Prepared(lambda *, ids: OutboxEvent.objects.filter(pk__in=ids))

    for _n in range(4):
        assert kept(ids=[uuid4() for _id in range(70)]) == []

    assert plans_kept() == []
    assert connection.connection.asked == {}
