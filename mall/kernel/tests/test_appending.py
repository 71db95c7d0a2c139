"""Rows that nobody reads back go out together, and only if what they tell of stays done."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from mall.kernel.db import append, appended_together
from mall.kernel.ledger.models import LedgerAccount, LedgerTransaction
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def account(code):
    return LedgerAccount(code=code)


def append_and_stumble():
    append([account("undone")])
    raise ZeroDivisionError


def codes():
    return sorted(LedgerAccount.objects.values_list("code", flat=True))


@pytest.fixture(autouse=True)
def empty_book():
    assert codes() == []


def test_rows_of_several_models_go_out_in_one_statement():
    with count_queries(at_most=1), transaction.atomic(), appended_together():
        append([account("a"), account("b")])
        append([LedgerTransaction(kind="test", reference="1", at=NOON)])
        with appended_together():
            append([account("c")])

    assert codes() == ["a", "b", "c"]
    assert LedgerTransaction.objects.get().reference == "1"


def test_nothing_appended_asks_nothing():
    with count_queries(at_most=0), transaction.atomic(), appended_together():
        append([])


def test_outside_a_block_rows_are_written_at_once():
    append([account("a")])

    assert codes() == ["a"]


def test_a_savepoint_that_is_undone_takes_its_rows_along():
    with transaction.atomic(), appended_together():
        append([account("before")])
        with pytest.raises(ZeroDivisionError):
            transaction.atomic(append_and_stumble)()
        with transaction.atomic():
            append([account("after")])

    assert codes() == ["after", "before"]


def test_an_exception_that_leaves_the_block_takes_its_rows_along():
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError):
            appended_together()(append_and_stumble)()
        with appended_together():
            append([account("kept")])

    assert codes() == ["kept"]


def test_what_breaks_a_constraint_says_so_at_the_end_and_nothing_is_written():
    append([account("a")])

    @transaction.atomic
    @appended_together()
    def note_again():
        append([LedgerTransaction(kind="test", reference="1", at=NOON)])
        append([account("a")])

    with pytest.raises(IntegrityError):
        note_again()

    assert codes() == ["a"]
    assert not LedgerTransaction.objects.exists()


def test_conflicts_are_passed_over_where_that_was_asked():
    append([account("a")])
    with transaction.atomic(), appended_together():
        append([account("a"), account("b")], ignore_conflicts=True)
        append([LedgerTransaction(kind="test", reference="1", at=NOON)])

    assert codes() == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_a_block_without_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="transaction"), appended_together():
        append([account("a")])

    assert codes() == []
