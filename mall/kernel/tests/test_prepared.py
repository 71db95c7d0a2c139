"""A statement that is built once says what one that is built anew says, or says that it cannot."""

import gc
import weakref
from datetime import UTC, datetime, timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Func, IntegerField, Prefetch
from django.db.transaction import TransactionManagementError

from mall.kernel.db import Prepared
from mall.kernel.db.prepared import MOST_FORMS
from mall.kernel.ledger.models import LedgerEntry, LedgerTransaction
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.queries import count_queries
from mall.kernel.testing.race import without_locks

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def events():
    """a at noon, b and c an hour later each."""
    return [
        OutboxEvent.objects.create(name=name, payload={}, at=NOON, next_at=NOON + number * HOUR)
        for number, name in enumerate("abc")
    ]


def kept():
    """A read of its own, and how often it was built."""
    built = []

    @Prepared
    def due(newest_first=False, *, ids, name, at):
        """Events that are due."""
        built.append(len(ids))
        rows = OutboxEvent.objects.due(at).filter(pk__in=ids)
        rows = rows if name is None else rows.exclude(name=name)
        return rows.order_by("-next_at" if newest_first else "next_at")

    return due, built


def test_other_values_are_read_by_the_same_statement(events):
    due, built = kept()
    a, b, c = (event.pk for event in events)

    def names(ids, name, at):
        found = due(ids=ids, name=name, at=at)
        assert found == list(due.build(ids=ids, name=name, at=at))
        return "".join(event.name for event in found)

    assert names([a, b], "z", NOON + HOUR) == "ab"
    assert names([b, c], "b", NOON + 2 * HOUR) == "c"
    assert names([c, a], "a", NOON) == ""
    assert built == [2, 2, 2, 2], "once for all, and each time that the test built it anew"


def test_what_changes_its_form_is_built_once_more(events):
    due, built = kept()
    ids = [event.pk for event in events]

    forwards = due(ids=ids, name=None, at=NOON + HOUR)
    backwards = due(True, ids=ids, name=None, at=NOON + HOUR)
    without_a = due(ids=ids, name="a", at=NOON + HOUR)

    assert [[event.name for event in rows] for rows in (forwards, backwards, without_a)] == [
        ["a", "b"],
        ["b", "a"],
        ["b"],
    ]
    assert len(built) == 3


def test_where_nothing_can_be_found_nothing_is_asked(events):
    due, _built = kept()

    with count_queries(at_most=0):
        assert due(ids=[], name=None, at=NOON) == []
        assert due.one(ids=[], name=None, at=NOON) is None


def test_one_is_the_first_row(events):
    due, _built = kept()
    ids = [event.pk for event in events]

    assert due.one(ids=ids, name=None, at=NOON + HOUR) == events[0]
    assert due.one(ids=[uuid4()], name=None, at=NOON) is None


def test_rows_of_columns_and_of_tuples_are_kept_as_well(events):
    def due(at):
        return OutboxEvent.objects.due(at).order_by("name")

    columns = Prepared(lambda *, at: due(at).values("name"))
    tuples = Prepared(lambda *, at: due(at).values_list("name"))
    flat = Prepared(lambda *, at: due(at).values_list("name", flat=True))

    for at, names in ((NOON, ["a"]), (NOON + HOUR, ["a", "b"])):
        assert columns(at=at) == [{"name": name} for name in names]
        assert tuples(at=at) == [(name,) for name in names]
        assert flat(at=at) == names


def test_columns_of_the_order_alone_are_not_read(events):
    rows = OutboxEvent.objects.distinct().order_by("-at", "-name")
    tuples = Prepared(lambda *, at: rows.filter(next_at__lte=at).values_list("name"))

    for at in (NOON, NOON + HOUR):
        due = OutboxEvent.objects.filter(next_at__lte=at)
        assert sorted(tuples(at=at)) == sorted(due.values_list("name"))


def test_large_reads_are_built_each_time(events):
    due, built = kept()
    ids = [event.pk for event in events] + [uuid4() for _n in range(70)]

    assert [due(ids=ids, name=None, at=NOON) for _n in range(2)] == [[events[0]]] * 2
    assert built == [73, 73]


@pytest.mark.django_db(transaction=True)
def test_every_thread_asks_on_its_own_connection_what_was_built_once(events):
    due, built = kept()
    told, backends = [], []

    @Prepared
    def backend(*, name):
        return OutboxEvent.objects.filter(name=name).values_list(
            Func(function="pg_backend_pid", output_field=IntegerField()), flat=True
        )

    def ask():
        at = NOON + len(told) * HOUR
        told.append([event.name for event in due(ids=[events[len(told)].pk], name=None, at=at)])
        backends.append(backend.one(name="a"))

    def ask_twice():
        ask()
        ask()
        connections.close_all()

    ask()
    thread = Thread(target=ask_twice)
    thread.start()
    thread.join()

    assert built == [1]
    assert told == [["a"], ["b"], ["c"]]
    here, there, again = backends
    assert here != there == again, "each on its own connection"


def locked_by_name():
    return Prepared(lambda *, name: OutboxEvent.objects.filter(name=name).locked())


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction_at_every_call(events):
    locked = locked_by_name()
    with connections["default"].cursor(), pytest.raises(TransactionManagementError):
        locked(name="a")


def test_a_control_without_locks_gets_none_from_what_is_kept(events):
    locked = locked_by_name()

    with count_queries() as first:
        locked(name="a")
    with without_locks(), count_queries() as control:
        locked(name="a")
    with count_queries() as again:
        locked(name="b")

    locks = ["FOR NO KEY UPDATE" in asked.sql[0] for asked in (first, control, again)]
    assert locks == [True, False, True]


def test_it_tells_its_statement_for_a_larger_one(events):
    due, built = kept()
    ids = [event.pk for event in events]
    due(ids=ids, name="a", at=NOON)

    with count_queries() as asked:
        sql, params = due.told(ids=ids, name="b", at=NOON + HOUR)

    anew = due.build(ids=ids, name="b", at=NOON + HOUR).query.sql_with_params()
    assert (sql, params) == anew
    assert not asked
    assert built == [3, 3], "once, and by the test"
    with pytest.raises(EmptyResultSet):
        due.told(ids=[], name=None, at=NOON)


def test_true_is_not_taken_for_a_collection_of_one(events):
    @Prepared
    def chosen(*, which):
        if which is True:
            return OutboxEvent.objects.order_by("name")
        return OutboxEvent.objects.filter(pk__in=which)

    assert chosen(which=True) == events
    assert chosen(which=[events[1].pk]) == [events[1]]


def test_none_among_others_is_refused_by_what_is_kept_too(events):
    others = Prepared(lambda *, names: OutboxEvent.objects.exclude(name__in=names))
    assert len(others(names=["b", "z"])) == 2

    with pytest.raises(TypeError, match="nothing stands in for NoneType"):
        others(names=["b", None])


def test_what_is_prefetched_is_refused():
    entries = Prefetch("entries", LedgerEntry.objects.none())
    booked = Prepared(
        lambda *, at: LedgerTransaction.objects.filter(at=at).prefetch_related(entries)
    )

    with pytest.raises(ValueError, match="prefetched"):
        booked(at=NOON)


def test_a_read_of_countless_forms_keeps_some_of_them(events):
    @Prepared
    def read(number, *, name):
        return OutboxEvent.objects.filter(name=name)[: number + 1]

    for number in range(MOST_FORMS + 2):
        assert read(number, name="a") == [events[0]]

    assert len(read._built_once) == len(read._kept.by_form) == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_does_not_hold_the_connection_of_a_thread_that_is_gone():
    named = Prepared(lambda *, name: OutboxEvent.objects.filter(name=name))
    held = []

    def ask():
        named(name="a")
        held.append(weakref.ref(connections["default"]))
        connections.close_all()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    gc.collect()

    assert held[0]() is None


@pytest.mark.parametrize(
    "build",
    [
        lambda *, value: OutboxEvent.objects.filter(at__gt=value - HOUR),
        lambda *, value: OutboxEvent.objects.filter(at__year=value.year),
        lambda *, value: OutboxEvent.objects.all(),
    ],
)
def test_what_computes_something_of_a_value_is_refused(build):
    with pytest.raises(ValueError, match="compute nothing"):
        Prepared(build)(value=NOON)


@pytest.mark.parametrize("lookup", ["attempts__lt", "attempts__gt", "attempts"])
def test_a_column_that_is_too_small_for_a_stand_in_is_refused(lookup):
    few = Prepared(lambda *, most: OutboxEvent.objects.filter(**{lookup: most}))

    with pytest.raises(ValueError, match="compute nothing"):
        few(most=3)


def test_what_nothing_stands_in_for_is_refused():
    with pytest.raises(TypeError, match="nothing stands in for float"):
        Prepared(lambda *, value: OutboxEvent.objects.filter(attempts=value))(value=1.5)
