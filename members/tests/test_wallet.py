"""The wallet: every fen twice booked, none twice given. Rows O-42 and P-33 of the requirements."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mall.kernel import clock, ledger
from mall.kernel.invariants import audit
from mall.kernel.notify.models import Message
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members import selectors, services
from members.errors import NotEnoughMoney
from members.models import Wallet, WalletEntry
from members.testing import make_member

AT = clock.now()
FEW = 20


def credit(member, amount_fen=500, kind="red_packet", reference="p-1", **changes):
    return services.credit_wallet(
        member_id=member.pk,
        amount_fen=amount_fen,
        kind=kind,
        reference=reference,
        at=AT,
        **changes,
    )


def debit(member, amount_fen, reference="o-1"):
    return services.debit_wallet(
        member_id=member.pk, amount_fen=amount_fen, kind="payment", reference=reference, at=AT
    )


def broken():
    return {law.code: found.rows for law, found in audit() if found}


@pytest.mark.django_db
def test_O_42_a_red_packet_of_5_yuan_raises_the_balance_and_the_books_agree():
    member = make_member()

    credit(member, 500)

    assert selectors.wallet_of(member.pk).balance_fen == 500
    assert ledger.balance_of(f"wallet:{member.pk}") == -500
    assert ledger.balance_of("marketing") == 500
    debit(member, 200)
    wallet = Wallet.objects.get(member=member)
    assert wallet.balance_fen == sum(wallet.entries.values_list("delta_fen", flat=True)) == 300
    assert ledger.balance_of(wallet.ledger_code) == -300
    assert broken() == {}


@pytest.mark.django_db
def test_P_33_a_reward_is_credited_once_for_its_group():
    member = make_member()

    first = credit(member, 800, "group_reward", "team-1")
    again = credit(member, 800, "group_reward", "team-1")

    assert first == again
    assert selectors.wallet_of(member.pk).balance_fen == 800
    assert Message.objects.filter(template="members.money_arrived").count() == 1


@pytest.mark.django_db
def test_one_cause_never_pays_two_members():
    credit(make_member())
    other = make_member()

    with pytest.raises(ValueError, match="another wallet"):
        credit(other)

    assert selectors.wallet_of(other.pk).balance_fen == 0


@pytest.mark.django_db
@pytest.mark.parametrize("amount_fen", [0, -1])
def test_a_wallet_moves_whole_fen_only(amount_fen):
    member = make_member()

    with pytest.raises(ValueError, match="whole fen"):
        credit(member, amount_fen)
    with pytest.raises(ValueError, match="whole fen"):
        debit(member, amount_fen)

    assert not WalletEntry.objects.exists()


@pytest.mark.django_db
def test_what_is_not_there_is_not_spent():
    member = make_member()
    credit(member, 500)

    with pytest.raises(NotEnoughMoney) as refusal:
        debit(member, 501)

    assert refusal.value.facts == {"available_fen": 500}
    assert selectors.wallet_of(member.pk).balance_fen == 500


@pytest.mark.django_db
def test_frozen_money_is_not_spent():
    member = make_member()
    credit(member, 500)
    services.freeze_for_withdrawal(member_id=member.pk, amount_fen=300, at=AT)

    with pytest.raises(NotEnoughMoney):
        debit(member, 201)

    debit(member, 200)
    wallet = selectors.wallet_of(member.pk)
    assert (wallet.balance_fen, wallet.frozen_fen, wallet.available_fen) == (300, 300, 0)


@pytest.mark.django_db
def test_a_member_without_a_wallet_has_nothing():
    wallet = selectors.wallet_of(make_member().pk)

    assert (wallet.balance_fen, wallet.frozen_fen) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql", ["UPDATE members_walletentry SET delta_fen = 1", "DELETE FROM members_walletentry"]
)
def test_entries_are_never_changed(sql):
    credit(make_member())

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["balance_fen = -1", "frozen_fen = 501", "frozen_fen = -1"])
def test_the_table_itself_refuses_a_balance_that_cannot_be(change):
    credit(make_member(), 500)

    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE members_wallet SET {change}")  # noqa: S608


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "sql"),
    [
        ("INV-27a", "UPDATE members_wallet SET balance_fen = balance_fen + 1"),
        ("INV-27b", "UPDATE members_wallet SET balance_fen = balance_fen + 1"),
        ("INV-27c", "UPDATE members_wallet SET frozen_fen = 1"),
    ],
)
def test_one_row_edited_by_hand_is_named(code, sql):
    credit(make_member())

    with connection.cursor() as cursor:
        cursor.execute(sql)

    assert len(broken()[code]) == 1


@pytest.mark.django_db
def test_entries_come_newest_first():
    member = make_member()
    for n in range(3):
        services.credit_wallet(
            member_id=member.pk,
            amount_fen=n + 1,
            kind="cash_back",
            reference=str(n),
            at=AT + timedelta(seconds=n),
        )

    assert [e.delta_fen for e in selectors.wallet_entries(member.pk)] == [3, 2, 1]


def spend_all(member):
    return stampede(FEW, lambda n: debit(member, 100, str(n)))


@pytest.mark.django_db(transaction=True)
def test_twenty_spends_of_the_same_yuan_spend_it_once():
    member = make_member()
    credit(member, 100)

    outcome = spend_all(member)

    assert len(outcome.results) == 1
    assert outcome.only(NotEnoughMoney)
    assert selectors.wallet_of(member.pk).balance_fen == 0
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_same_yuan_is_spent_many_times():
    member = make_member()
    credit(member, 100)

    with without_locks(), all_read_before_any_writes("members.services.crediting.entry_of", FEW):
        outcome = spend_all(member)

    assert len(outcome.results) > 1
    assert "INV-27a" in broken()


@pytest.mark.django_db(transaction=True)
def test_a_first_credit_by_twenty_at_once_is_one_wallet_and_one_entry():
    member = make_member()

    outcome = stampede(FEW, lambda _n: credit(member, 500))

    assert len(outcome.results) == FEW
    assert Wallet.objects.get(member=member).balance_fen == 500
    assert WalletEntry.objects.count() == 1
