"""The ledger sums to zero, and neither it nor the audit trail can be changed (INV-14, INV-30)."""

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction

from mall.kernel import audit, clock, ledger
from mall.kernel.audit.models import AuditEntry
from mall.kernel.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction
from mall.kernel.testing.race import stampede


@pytest.mark.django_db
def test_a_posting_moves_money_once():
    post = {
        "kind": "payment",
        "reference": "P1",
        "amounts_fen": {"provider:sandbox": 100, "sales": -100},
    }

    assert ledger.post(**post, at=clock.now()) is True
    assert ledger.post(**post, at=clock.now()) is False

    assert ledger.balance_of("provider:sandbox") == 100
    assert ledger.balance_of("sales") == -100
    assert ledger.balance_of("nobody") == 0


@pytest.mark.django_db
def test_a_posting_that_does_not_sum_to_zero_is_refused_before_it_is_written():
    with pytest.raises(ValueError, match="sum to zero"):
        ledger.post(kind="payment", reference="P2", amounts_fen={"a": 1, "b": -2}, at=clock.now())

    assert not LedgerTransaction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_postings_that_open_the_same_accounts_at_once_are_all_booked():
    def pay(number):
        amounts = {"provider:sandbox": 100 + number, "sales": -100 - number}
        return ledger.post(
            kind="payment", reference=f"P{number}", amounts_fen=amounts, at=clock.now()
        )

    outcomes = stampede(4, pay)

    assert list(outcomes.results) == [True] * 4
    assert ledger.balance_of("sales") == -406
    assert LedgerAccount.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_posting_sent_at_once_is_booked_once():
    def pay(_number):
        amounts = {"provider:sandbox": 100, "sales": -100}
        return ledger.post(kind="payment", reference="P1", amounts_fen=amounts, at=clock.now())

    outcomes = stampede(4, pay)

    assert sorted(outcomes.results) == [False, False, False, True]
    assert ledger.balance_of("sales") == -100


@transaction.atomic
def post_lopsided(account):
    lopsided = LedgerTransaction.objects.create(kind="x", reference="1", at=clock.now())
    LedgerEntry.objects.create(transaction=lopsided, account=account, amount_fen=5)


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_lopsided_transaction_too():
    account = LedgerAccount.objects.create(code="a")

    with pytest.raises(IntegrityError, match="sum to zero"):
        post_lopsided(account)

    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize(
    "table", ["kernel_auditentry", "kernel_ledgerentry", "kernel_ledgertransaction"]
)
def test_books_and_trails_refuse_every_change(statement, table):
    actor = get_user_model().objects.create(username="op")
    audit.record(
        actor=actor, verb="look", target=actor, at=clock.now(), before={"a": 1}, after={"a": 2}
    )
    ledger.post(kind="payment", reference="P3", amounts_fen={"a": 1, "b": -1}, at=clock.now())

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))

    assert AuditEntry.objects.get().after == {"a": 2}
