"""Money out of the wallet: a code, two operators, one payment. Row O-42."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from mall.kernel import clock, ledger
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.invariants import audit
from mall.kernel.notify.models import Message
from mall.kernel.testing.queries import count_queries
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members import selectors, services
from members.errors import (
    CodeExpired,
    CodeWrong,
    NotEnoughMoney,
    PhoneNeeded,
    SecondOperatorNeeded,
    WithdrawalOver,
    WithdrawalTooLarge,
    WithdrawalTooSmall,
)
from members.models import Account, WalletPolicy, Withdrawal
from members.sandbox import last_sms_code
from members.testing import make_member, make_operator

AT = clock.now()
FEW = 20


def rich_member(amount_fen=1_000):
    member = make_member()
    services.credit_wallet(
        member_id=member.pk,
        amount_fen=amount_fen,
        kind="cash_back",
        reference=f"c-{member.pk}",
        at=AT,
    )
    return member


def freeze(member, amount_fen=600, at=AT):
    return services.freeze_for_withdrawal(member_id=member.pk, amount_fen=amount_fen, at=at)


def approve(row, actor=None):
    return services.approve_withdrawal(withdrawal_id=row.pk, actor=actor or make_operator(), at=AT)


def pay(row, actor=None, payout_reference="T1"):
    return services.pay_withdrawal(
        withdrawal_id=row.pk,
        payout_reference=payout_reference,
        actor=actor or make_operator(),
        at=AT,
    )


def reject(row, actor=None):
    return services.reject_withdrawal(
        withdrawal_id=row.pk, reason="no", actor=actor or make_operator(), at=AT
    )


def money(member):
    wallet = selectors.wallet_of(member.pk)
    return wallet.balance_fen, wallet.frozen_fen


def broken():
    return {law.code: found.rows for law, found in audit() if found}


@pytest.mark.django_db
def test_O_42_money_is_withdrawn_with_approval_and_the_books_agree():
    member = rich_member(1_000)

    row = freeze(member, 600)
    assert money(member) == (1_000, 600)
    approve(row)
    pay(row)

    assert money(member) == (400, 0)
    assert ledger.balance_of(f"wallet:{member.pk}") == -400
    assert ledger.balance_of("payouts") == -600
    row.refresh_from_db()
    assert (row.state, row.payout_reference) == ("paid", "T1")
    assert Message.objects.filter(template="members.withdrawal_paid").count() == 1
    assert broken() == {}


@pytest.mark.django_db
def test_who_approved_does_not_pay():
    member, actor = rich_member(), make_operator()
    row = approve(freeze(member), actor)

    with pytest.raises(SecondOperatorNeeded):
        pay(row, actor)

    assert money(member) == (1_000, 600)
    assert Withdrawal.objects.get().state == "approved"


@pytest.mark.django_db
@pytest.mark.parametrize("is_approved", [False, True])
def test_a_rejected_one_frees_the_money_and_says_why(is_approved):
    member = rich_member()
    row = freeze(member)
    if is_approved:
        approve(row)

    reject(row)

    assert money(member) == (1_000, 0)
    assert Message.objects.get(template="members.withdrawal_rejected").params["reason"] == "no"
    assert broken() == {}


@pytest.mark.django_db
def test_each_step_is_done_once_and_in_order():
    member = rich_member()
    row = freeze(member)
    with pytest.raises(WithdrawalOver):
        pay(row)
    approve(row)
    with pytest.raises(WithdrawalOver):
        approve(row)
    pay(row)

    for step in (approve, pay, reject):
        with pytest.raises(WithdrawalOver):
            step(row)

    assert money(member) == (400, 0)
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["members.approve_withdrawal", "members.pay_withdrawal"]


@pytest.mark.django_db
def test_a_payment_names_its_transfer():
    row = approve(freeze(rich_member()))

    with pytest.raises(InvalidInput):
        pay(row, payout_reference=" ")
    with pytest.raises(NotFound):
        services.approve_withdrawal(withdrawal_id=0, actor=make_operator(), at=AT)

    assert Withdrawal.objects.get().state == "approved"


@pytest.mark.django_db
def test_no_more_than_there_is_and_than_a_day_allows():
    member = rich_member(500_000)
    freeze(member, 200_000)

    with pytest.raises(WithdrawalTooLarge) as refusal:
        freeze(member, 1)
    assert refusal.value.facts == {"left_fen": 0}
    freeze(member, 200_000, at=AT + timedelta(days=1))
    with pytest.raises(NotEnoughMoney):
        freeze(member, 100_001, at=AT + timedelta(days=2))

    assert money(member) == (500_000, 400_000)


@pytest.mark.django_db
def test_a_rejected_one_does_not_count_for_the_day():
    member = rich_member(300_000)
    reject(freeze(member, 200_000))

    assert freeze(member, 200_000).amount_fen == 200_000


@pytest.mark.django_db
def test_the_policy_is_changed_by_its_verb():
    actor = make_operator()
    services.change_wallet_policy(changes={"withdraw_min_fen": 500}, actor=actor, at=AT)

    with pytest.raises(InvalidInput):
        services.change_wallet_policy(changes={"withdraw_day_fen": 499}, actor=actor, at=AT)

    policy = WalletPolicy.objects.get()
    assert (policy.withdraw_min_fen, policy.withdraw_day_fen) == (500, 200_000)


def ask(member, code, amount_fen=600):
    return services.request_withdrawal(
        member=member, amount_fen=amount_fen, verify_code=code, at=clock.now()
    )


def sent_code(member):
    services.send_code(phone=member.account.phone, purpose="verify", client_ip="", at=clock.now())
    return last_sms_code(member.account.phone)


@pytest.mark.django_db(transaction=True)
def test_a_code_proves_who_asks_and_works_once():
    member = rich_member()
    code = sent_code(member)

    with pytest.raises(WithdrawalTooSmall):
        ask(member, code, 99)
    with pytest.raises(WithdrawalTooLarge):
        ask(member, code, 200_001)
    with pytest.raises(CodeWrong):
        ask(member, "000000" if code != "000000" else "000001")
    assert money(member) == (1_000, 0)

    assert ask(member, code).amount_fen == 600
    with pytest.raises(CodeExpired):
        ask(member, code, 100)
    assert money(member) == (1_000, 600)


@pytest.mark.django_db(transaction=True)
def test_without_a_phone_nobody_withdraws():
    member = rich_member()
    Account.objects.filter(pk=member.account_id).update(phone=None, username="x")
    member.account.refresh_from_db()

    with pytest.raises(PhoneNeeded):
        ask(member, "123456")


@pytest.mark.django_db(transaction=True)
def test_twenty_requests_for_the_same_money_freeze_it_once():
    member = rich_member(600)

    outcome = stampede(FEW, lambda _n: freeze(member))

    assert len(outcome.results) == 1
    assert outcome.only(NotEnoughMoney)
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_it_is_frozen_many_times():
    member = rich_member(600)
    gate = all_read_before_any_writes("members.services.withdrawing.open_wallet", FEW)

    with without_locks(), gate:
        outcome = stampede(FEW, lambda _n: freeze(member))

    assert len(outcome.results) > 1
    assert "INV-27c" in broken()


@pytest.mark.django_db(transaction=True)
def test_twenty_payers_pay_once():
    member = rich_member()
    row = approve(freeze(member))
    payers = [make_operator() for _n in range(FEW)]

    outcome = stampede(FEW, lambda n: pay(row, payers[n]))

    assert len(outcome.results) == 1
    assert outcome.only(WithdrawalOver)
    assert money(member) == (400, 0)
    assert broken() == {}


def enter(client, *codenames, is_superuser=False):
    operator = make_operator(is_superuser=is_superuser)
    operator.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(operator, backend="members.backends.AccountBackend")
    return operator


@pytest.mark.django_db
def test_two_operators_pay_a_withdrawal_by_clicking(client):
    member = rich_member()
    row = freeze(member)
    deeds = ("view_withdrawal", "approve_withdrawal", "pay_withdrawal")
    approval = reverse("admin:members_withdrawal_approve", args=[row.pk])
    payment = reverse("admin:members_withdrawal_pay", args=[row.pk])

    enter(client, *deeds)
    assert "6.00" in client.get(approval).content.decode()
    assert client.post(approval).status_code == 302
    own = client.post(payment, {"payout_reference": "T9"})
    assert own.status_code == 200
    assert money(member) == (1_000, 600)
    enter(client, *deeds)
    assert client.post(payment, {"payout_reference": "T9"}).status_code == 302

    assert money(member) == (400, 0)
    assert Withdrawal.objects.get().payout_reference == "T9"


@pytest.mark.django_db
def test_who_may_only_look_moves_no_money(client):
    row = freeze(rich_member())
    enter(client, "view_withdrawal")

    for deed in ("approve", "pay", "reject"):
        answer = client.post(reverse(f"admin:members_withdrawal_{deed}", args=[row.pk]))
        assert answer.status_code == 403

    assert Withdrawal.objects.get().state == "requested"


@pytest.mark.django_db
@pytest.mark.parametrize("model", ["wallet", "walletentry", "withdrawal", "walletpolicy"])
def test_every_list_keeps_its_budget(client, model):
    enter(client, is_superuser=True)
    for _n in range(20):
        freeze(rich_member())

    with count_queries(at_most=12):
        answer = client.get(reverse(f"admin:members_{model}_changelist"))

    assert answer.status_code == 200


@pytest.mark.django_db
def test_the_policy_is_changed_in_its_form(client):
    enter(client, is_superuser=True)
    form = {"withdraw_min_fen": "5.00", "withdraw_day_fen": "100.00"}

    answer = client.post(reverse("admin:members_walletpolicy_change", args=[1]), form)

    assert answer.status_code == 302
    assert WalletPolicy.objects.get().withdraw_min_fen == 500
