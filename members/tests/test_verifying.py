"""The second factor: SMS or an app, one proof for one deed, once (O-40)."""

from datetime import UTC, datetime, timedelta

import pytest

from mall.kernel.audit.models import AuditEntry
from mall.kernel.notify.models import Message
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members import totp
from members.errors import (
    CodeExpired,
    CodeWrong,
    NeedVerification,
    NotEnoughMoney,
    PhoneTaken,
    TooManyTries,
)
from members.models import Account, Authenticator, Proof, SmsCode, WalletEntry, Withdrawal
from members.sandbox import last_sms_code
from members.services import (
    add_authenticator,
    change_phone,
    confirm_authenticator,
    credit_wallet,
    is_proved,
    prove,
    remove_authenticator,
    request_withdrawal,
    send_code,
)
from members.testing import make_member

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
SOON = AT + timedelta(minutes=1)
CONTENDERS = SmsCode.MAX_TRIES
pytestmark = pytest.mark.django_db(transaction=True)


def sms(phone, purpose="verify", at=AT):
    send_code(phone=phone, purpose=purpose, client_ip="", at=at)
    return last_sms_code(phone)


def make_rich(fen=10_000):
    member = make_member()
    credit_wallet(
        member_id=member.pk,
        amount_fen=fen,
        kind=WalletEntry.Kind.CASH_BACK,
        reference=f"test-{member.pk}",
        at=AT,
    )
    return member


def proof_for(member, deed, at=AT, **values):
    code = sms(member.account.phone, at=at)
    return prove(account=member.account, deed=deed, code=code, at=at, **values)


def make_app(member, at=AT):
    proof_for(member, "add_app", at)
    secret = add_authenticator(account=member.account, at=at)
    raw = totp.unseal(Authenticator.objects.get(account=member.account).sealed_secret)
    confirm_authenticator(account=member.account, code=totp.code_of(raw, totp.step_at(at)), at=at)
    return secret, raw


def test_O_40_without_a_code_a_withdrawal_is_refused_with_what_to_do():
    member = make_rich()

    with pytest.raises(NeedVerification) as refusal:
        request_withdrawal(member=member, amount_fen=1_000, at=AT)

    error = refusal.value
    assert (error.code, error.http_status) == ("auth.need_verification", 403)
    assert error.facts == {
        "deed": "withdraw",
        "subject": "",
        "methods": ["sms"],
        "phone": member.account.phone_masked,
    }
    assert not Withdrawal.objects.exists()


def test_O_40_a_proof_lets_the_deed_through_once_and_only_this_deed():
    member = make_rich()
    proof_for(member, "change_phone")
    with pytest.raises(NeedVerification):
        request_withdrawal(member=member, amount_fen=1_000, at=SOON)
    proof_for(member, "withdraw", SOON)

    request_withdrawal(member=member, amount_fen=1_000, at=SOON)

    with pytest.raises(NeedVerification):
        request_withdrawal(member=member, amount_fen=1_000, at=SOON)
    assert Withdrawal.objects.count() == 1


def test_a_proof_is_good_for_ten_minutes_and_belongs_to_one_account():
    member, other = make_member(), make_member()
    proof_for(member, "pay", subject="N1")
    asked = {"deed": "pay", "subject": "N1"}

    assert is_proved(account_id=member.account_id, at=AT + timedelta(minutes=9), **asked)
    assert not is_proved(account_id=member.account_id, at=AT + timedelta(minutes=10), **asked)
    assert not is_proved(account_id=other.account_id, at=AT, **asked)
    assert not is_proved(account_id=member.account_id, at=AT, deed="pay", subject="N2")


def test_a_refused_withdrawal_costs_no_code():
    member = make_rich(fen=500)
    code = sms(member.account.phone)
    ask = {"member": member, "verify_code": code, "at": SOON}
    with pytest.raises(NotEnoughMoney):
        request_withdrawal(amount_fen=501, **ask)
    assert SmsCode.objects.get().used_at is None

    request_withdrawal(amount_fen=500, **ask)

    with pytest.raises(CodeExpired):
        request_withdrawal(amount_fen=100, **ask)
    assert Withdrawal.objects.count() == 1


def test_a_wrong_code_still_counts_and_five_end_it():
    member = make_rich()
    sms(member.account.phone)
    for _n in range(5):
        with pytest.raises(CodeWrong):
            prove(account=member.account, deed="withdraw", code="abcdef", at=SOON)

    with pytest.raises(TooManyTries):
        prove(account=member.account, deed="withdraw", code="abcdef", at=SOON)
    assert not Proof.objects.exists()


def withdraw_at_once(member, **values):
    ask = {"member": member, "amount_fen": 100, "at": SOON, **values}
    outcomes = stampede(CONTENDERS, lambda _n: request_withdrawal(**ask))
    assert len(outcomes.results) == Withdrawal.objects.count()
    return len(outcomes.results)


def test_one_code_at_once_makes_one_withdrawal():
    member = make_rich()
    code = sms(member.account.phone)

    assert withdraw_at_once(member, verify_code=code) == 1


def _is_unspent(code_id):
    return SmsCode.objects.filter(pk=code_id, used_at=None).exists()


def look_then_use(code_id, *, at):
    """What the condition in the UPDATE prevents."""
    if not _is_unspent(code_id):
        raise CodeExpired
    SmsCode.objects.filter(pk=code_id).update(used_at=at)


def test_control_looking_before_using_one_code_makes_five_withdrawals(monkeypatch):
    member = make_rich()
    code = sms(member.account.phone)
    monkeypatch.setattr("members.services.withdrawing.use_code", look_then_use)

    with all_read_before_any_writes(f"{__name__}._is_unspent", CONTENDERS):
        assert withdraw_at_once(member, verify_code=code) == CONTENDERS


def test_one_proof_at_once_makes_one_withdrawal():
    member = make_rich()
    proof_for(member, "withdraw")

    assert withdraw_at_once(member) == 1


def test_control_without_locks_one_proof_makes_five_withdrawals():
    member = make_rich()
    proof_for(member, "withdraw")
    held = all_read_before_any_writes("members.models.proof.ProofQuerySet.first", CONTENDERS)

    with without_locks(), held:
        assert withdraw_at_once(member) == CONTENDERS


def test_O_40_a_phone_is_changed_by_a_proof_and_a_code_to_the_new_one():
    member = make_member()
    new = "13700000017"
    bind = sms(new, "bind")
    with pytest.raises(NeedVerification):
        change_phone(account=member.account, phone=new, code=bind, at=SOON)
    proof_for(member, "change_phone", SOON)

    account = change_phone(account=member.account, phone=new, code=bind, at=SOON)

    assert Account.objects.get(pk=member.account_id).phone == new
    assert account.token_version > member.account.token_version
    assert AuditEntry.objects.get(verb="members.change_phone").after == {"phone": "137****0017"}
    with pytest.raises(NeedVerification):
        change_phone(account=account, phone=member.account.phone, code=bind, at=SOON)


def test_a_phone_of_somebody_else_stays_theirs_and_nothing_is_spent():
    member, other = make_member(), make_member()
    bind = sms(other.account.phone, "bind")
    proof_for(member, "change_phone", SOON)

    with pytest.raises(PhoneTaken):
        change_phone(account=member.account, phone=other.account.phone, code=bind, at=SOON)

    assert Account.objects.get(pk=member.account_id).phone == member.account.phone
    assert is_proved(account_id=member.account_id, deed="change_phone", at=SOON)


def test_an_app_is_a_second_factor_once_confirmed_and_no_code_of_it_counts_twice():
    member = make_rich()
    _secret, raw = make_app(member)
    later = AT + timedelta(minutes=5)
    code = totp.code_of(raw, totp.step_at(later))
    with pytest.raises(NeedVerification) as refusal:
        request_withdrawal(member=member, amount_fen=100, at=later)
    assert refusal.value.facts["methods"] == ["sms", "totp"]

    prove(account=member.account, deed="withdraw", code=code, method="totp", at=later)
    request_withdrawal(member=member, amount_fen=100, at=later)

    with pytest.raises(CodeWrong):
        prove(account=member.account, deed="withdraw", code=code, method="totp", at=later)


def test_adding_an_app_needs_the_phone_and_five_wrong_codes_lock_it():
    member = make_member()
    with pytest.raises(NeedVerification):
        add_authenticator(account=member.account, at=AT)
    _secret, raw = make_app(member)
    later = AT + timedelta(minutes=5)
    for _n in range(5):
        with pytest.raises(CodeWrong):
            prove(account=member.account, deed="pay", code="000000x", method="totp", at=later)

    right = totp.code_of(raw, totp.step_at(later))
    with pytest.raises(TooManyTries):
        prove(account=member.account, deed="pay", code=right, method="totp", at=later)


def test_an_app_is_taken_off_by_a_proof_and_its_owner_is_told():
    member = make_member()
    make_app(member)
    later = AT + timedelta(minutes=2)
    with pytest.raises(NeedVerification):
        remove_authenticator(account=member.account, at=later)
    assert Authenticator.objects.exists()
    proof_for(member, "add_app", later)

    remove_authenticator(account=member.account, at=later)

    assert not Authenticator.objects.exists()
    assert Message.objects.filter(account=member.account, template="members.app_removed").exists()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "94287082"), (1111111109, "07081804"), (2000000000, "69279037")],
)
def test_codes_are_those_of_rfc_6238(seconds, code):
    assert totp.code_of(b"12345678901234567890", seconds // 30, digits=8) == code


def test_the_secret_is_sealed_in_the_table():
    member = make_member()
    secret, raw = make_app(member)

    assert totp.text_of(raw) == secret.text
    assert secret.text not in Authenticator.objects.get().sealed_secret
    assert secret.uri.startswith("otpauth://totp/Mall:139")
