"""One row is changed by one UPDATE, or not at all."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from mall.kernel.db import change_row
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def event(name="first"):
    return OutboxEvent.objects.create(name=name, payload={"n": 1}, at=NOON, next_at=NOON)


def test_columns_are_written_and_the_row_in_memory_follows():
    row, other = event(), event("other")
    OutboxEvent.objects.update(done_at=NOON)

    with count_queries(at_most=1):
        is_changed = change_row(row, {"name": "满减 %s", "payload": {"n": ["%s"]}, "done_at": None})

    assert is_changed
    assert (row.name, row.payload, row.done_at) == ("满减 %s", {"n": ["%s"]}, None)
    row.refresh_from_db()
    assert (row.name, row.payload, row.done_at) == ("满减 %s", {"n": ["%s"]}, None)
    other.refresh_from_db()
    assert (other.name, other.payload) == ("other", {"n": 1})


def test_what_is_as_it_was_is_changed():
    row = event()

    assert change_row(row, {"name": "second"}, {"name": "first", "at": NOON})
    assert OutboxEvent.objects.get().name == "second"


def test_a_column_without_a_value_is_as_it_was_too():
    row = event()

    assert not change_row(row, {"name": "second"}, {"name": "first", "done_at": NOON})
    assert change_row(row, {"name": "second"}, {"name": "first", "done_at": None})
    assert OutboxEvent.objects.get().name == "second"


def test_what_is_not_as_it_was_is_left_here_and_there():
    row = event()
    OutboxEvent.objects.update(name="rival")

    assert not change_row(row, {"name": "second"}, {"name": "first"})
    assert row.name == "first"
    assert OutboxEvent.objects.get().name == "rival"


def test_a_row_that_is_gone_is_told():
    row = event()
    OutboxEvent.objects.all().delete()

    assert not change_row(row, {"name": "second"})


def test_what_breaks_a_constraint_changes_nothing():
    row = event()

    with pytest.raises(IntegrityError), transaction.atomic():
        change_row(row, {"name": None})

    assert row.name == "first"
    assert OutboxEvent.objects.get().name == "first"


def test_an_expression_is_no_value():
    row = event()

    with pytest.raises(TypeError, match="expression"):
        change_row(row, {"name": F("last_error")})

    assert OutboxEvent.objects.get().name == "first"
