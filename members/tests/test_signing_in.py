from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from mall.kernel import clock
from members.backends import AccountBackend
from members.errors import AlreadyBound, NotRegistered, PhoneNeeded, TooManyTries, WrongCredentials
from members.models import Account, FailedSignIn, SignIn
from members.sandbox import last_sms_code
from members.services import (
    bind_wechat,
    close_account,
    end_sessions,
    end_sign_in,
    forget_old_tries,
    open_sign_in,
    reopen_account,
    send_code,
    sign_in_code,
    sign_in_password,
    sign_in_wechat,
)
from members.testing import PASSWORD, make_account, make_member, make_operator
from members.wechat import Visitor

pytestmark = pytest.mark.django_db
AT = clock.now()


def enter(phone, password=PASSWORD, client_ip="203.0.113.1", at=AT):
    return sign_in_password(phone=phone, password=password, client_ip=client_ip, at=at)


def fail(phone, times, **rest):
    for _n in range(times):
        with pytest.raises(WrongCredentials):
            enter(phone, "wrong-Password-1", **rest)


def test_the_right_password_forgives_the_wrong_ones():
    member = make_member(password=PASSWORD)
    fail(member.account.phone, 4)

    assert enter(member.account.phone) == member
    assert not FailedSignIn.objects.exists()


def test_the_lock_ends_a_quarter_of_an_hour_after_the_first_try():
    member = make_member(password=PASSWORD)
    fail(member.account.phone, 5)

    with pytest.raises(TooManyTries) as refusal:
        enter(member.account.phone, at=AT + timedelta(minutes=1))

    assert refusal.value.facts["retry_after_seconds"] == 14 * 60 + 1
    assert enter(member.account.phone, at=AT + timedelta(minutes=15)) == member


def test_an_attacker_elsewhere_does_not_lock_the_owner_out_at_once():
    member = make_member(password=PASSWORD)
    fail(member.account.phone, 5, client_ip="198.51.100.9")

    assert enter(member.account.phone) == member


def test_many_addresses_together_lock_the_phone():
    member = make_member(password=PASSWORD)
    for host in range(4):
        fail(member.account.phone, 5, client_ip=f"198.51.100.{host}")

    with pytest.raises(TooManyTries):
        enter(member.account.phone)


def test_one_address_cannot_try_one_password_on_many_phones():
    for number in range(20):
        fail(f"138{number:08d}", 5)

    with pytest.raises(TooManyTries):
        enter("13999999999")


def test_old_tries_are_forgotten():
    fail("13800000001", 1)

    assert forget_old_tries(at=AT + timedelta(minutes=15)) == 0
    assert forget_old_tries(at=AT + timedelta(minutes=16)) == 1


def test_a_member_without_a_password_cannot_guess_one():
    member = make_member()

    fail(member.account.phone, 1)


def test_only_the_owner_of_a_phone_learns_that_it_has_no_account():
    send_code(phone="13700000001", purpose="login", client_ip="", at=AT)

    with pytest.raises(NotRegistered):
        sign_in_code(phone="13700000001", code=last_sms_code("13700000001") or "", at=AT)


def test_wechat_needs_a_phone_the_first_time(monkeypatch):
    member = make_member()
    client = FakeWechat(openid="o1", phone=member.account.phone)
    monkeypatch.setattr("members.services.signing_in.wechat_client", lambda: client)

    with pytest.raises(PhoneNeeded):
        sign_in_wechat(code="c", at=AT)
    assert sign_in_wechat(code="c", phone_code="p", at=AT) == member
    assert sign_in_wechat(code="c", at=AT) == member


def test_another_wechat_user_cannot_take_over_an_account_that_has_one(monkeypatch):
    member = make_member()
    bind_wechat(account=member.account, appid="wx-test", openid="owner")
    client = FakeWechat(openid="thief", phone=member.account.phone)
    monkeypatch.setattr("members.services.signing_in.wechat_client", lambda: client)

    with pytest.raises(AlreadyBound):
        sign_in_wechat(code="c", phone_code="p", at=AT)
    with pytest.raises(AlreadyBound):
        bind_wechat(account=make_member().account, appid="wx-test", openid="owner")


def test_a_closed_account_cannot_enter_by_wechat(monkeypatch):
    member = make_member()
    bind_wechat(account=member.account, appid="wx-test", openid="o1")
    monkeypatch.setattr("members.services.signing_in.wechat_client", lambda: FakeWechat("o1"))
    close_account(account=member.account, actor=make_operator(), at=AT)

    with pytest.raises(WrongCredentials):
        sign_in_wechat(code="c", at=AT)

    reopen_account(account=member.account, actor=make_operator(), at=AT)
    assert sign_in_wechat(code="c", at=AT) == member


class FakeWechat:
    def __init__(self, openid, phone=""):
        self.openid, self.phone = openid, phone

    def exchange(self, code):
        return Visitor(appid="wx-test", openid=self.openid)

    def phone_of(self, phone_code):
        return self.phone


@pytest.fixture
def operator_page():
    """An operator's web session: every page of admin asks who it is."""
    operator = make_operator()
    client = Client()
    client.force_login(operator, backend="members.backends.AccountBackend")
    return operator, client, reverse("admin:members_segment_changelist")


def test_web_sessions_die_with_the_token_version(operator_page):
    operator, client, page = operator_page
    assert client.get(page).status_code == 200

    end_sessions(operator, at=AT)

    assert client.get(page).status_code == 302


def test_web_sessions_die_with_a_closed_account(operator_page):
    operator, client, page = operator_page

    close_account(account=operator, actor=make_operator(), at=AT)

    assert client.get(page).status_code == 302


def test_one_web_device_is_signed_out_alone(operator_page):
    operator, client, page = operator_page
    device = open_sign_in(
        account=operator,
        door=SignIn.Door.WEB,
        handle=client.session.session_key,
        device="x" * 500,
        client_ip="",
        at=AT,
    )

    end_sign_in(account_id=operator.pk, sign_in_id=device.pk, at=AT)

    assert client.get(page).status_code == 302
    assert len(SignIn.objects.get().device) == 120


def test_the_backend_knows_operators_by_name_and_refuses_the_endless(rf):
    make_account(username="anna")

    backend = AccountBackend()

    assert backend.authenticate(rf.get("/"), "anna", PASSWORD) == Account.objects.get()
    assert backend.authenticate(rf.get("/"), "anna", "x" * 129) is None
    assert backend.authenticate(rf.get("/"), "nobody", PASSWORD) is None


def test_rehashing_a_password_ends_no_session(settings):
    account = make_account(username="anna")
    before = account.get_session_auth_hash()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]

    assert account.check_password(PASSWORD)

    account.refresh_from_db()
    assert account.password.startswith("pbkdf2")
    assert account.token_version == 1
    assert before != ""


def test_an_unknown_phone_costs_as_many_hashes_as_a_known_one(monkeypatch):
    member = make_member(password=PASSWORD)
    counted = []
    encode = MD5PasswordHasher.encode

    def counting(self, password, salt):
        counted.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)

    costs = []
    for phone in (member.account.phone, make_member().account.phone, "13700000099"):
        counted.clear()
        fail(phone, 1)
        costs.append(len(counted))

    assert costs == [1, 1, 1]
