"""Coming in: codes, passwords, joining, a new password; what is refused, what is never leaked."""

import re

import pytest
from django.test import Client

from mall.storefront.tests.shop import make_shopper, signed_in, words
from members.models import Account, Member, SignIn
from members.sandbox import last_sms_code
from members.testing import PASSWORD, make_account, make_operator

pytestmark = pytest.mark.django_db(transaction=True)
FRESH = "13912340000"


def _ask_code(client, phone, purpose):
    answer = client.post(
        "/sms-codes/", {"phone": phone, "purpose": purpose}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 200, answer.json()
    return last_sms_code(phone)


def _login(client, phone, password=PASSWORD, **more):
    return client.post("/login/", {"by": "password", "phone": phone, "password": password, **more})


def test_a_member_signs_in_by_password_and_lands_where_they_wanted(client):
    member = make_shopper()

    answer = _login(client, member.account.phone, next="/orders/")

    assert answer.url == "/orders/"
    assert client.get("/orders/").status_code == 200
    sign_in = SignIn.objects.get()
    assert (sign_in.door, sign_in.account_id) == ("web", member.account_id)


def test_signing_in_changes_the_session_s_key_and_the_csrf_token(client):
    member = make_shopper()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.get("/login/")
    token = client.cookies["csrftoken"].value

    _login(client, member.account.phone)

    assert client.session.session_key != session.session_key
    assert client.cookies["csrftoken"].value != token


def test_a_member_signs_in_by_code(client):
    member = make_shopper()
    code = _ask_code(client, member.account.phone, "login")

    answer = client.post("/login/", {"by": "code", "phone": member.account.phone, "code": code})

    assert answer.url == "/"
    assert client.get("/me/").context["member"]["id"] == member.pk


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "evil",
        "\t//evil.example",
    ],
)
def test_next_leads_nowhere_else(client, path):
    member = make_shopper()

    assert client.get("/login/", {"next": path}).context["next"] == ""
    assert _login(client, member.account.phone, next=path).url == "/"


@pytest.mark.parametrize(
    ("phone", "password"),
    [("13900000000", PASSWORD), (None, "wrong-2026-password"), (None, "")],
)
def test_a_wrong_password_and_an_unknown_phone_look_the_same(client, phone, password):
    member = make_shopper()

    page = _login(client, phone or member.account.phone, password)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert client.get("/me/").status_code == 302


def test_the_answer_to_both_is_word_for_word_the_same(client):
    member = make_shopper()

    unknown = _login(client, "13900000000").context["form"].non_field_errors()
    wrong = _login(client, member.account.phone, "wrong-2026").context["form"].non_field_errors()

    assert list(unknown) == list(wrong)
    assert wrong


def test_guessing_is_stopped_and_says_for_how_long(client):
    member = make_shopper()
    for _n in range(5):
        _login(client, member.account.phone, "wrong-2026")

    page = _login(client, member.account.phone)

    assert re.search(r"\d+", page.context["form"].non_field_errors()[0])
    assert client.get("/me/").status_code == 302


def test_an_operator_without_a_member_cannot_sign_in_at_the_shop(client):
    make_account(phone="13911112222", is_staff=True)

    page = _login(client, "13911112222")

    assert page.context["form"].non_field_errors()


@pytest.mark.parametrize("path", ["/me/", "/orders/", "/checkout/", "/me/addresses/"])
def test_a_signed_in_operator_is_told_that_this_is_for_shoppers(path):
    browser = Client()
    browser.force_login(make_operator(), backend="members.backends.AccountBackend")

    page = browser.get(f"/en{path}")

    assert page.status_code == 403
    assert "operator" in page.content.decode()


@pytest.mark.parametrize("path", ["/me/", "/orders/", "/orders/2026X/", "/me/points/"])
def test_a_guest_is_sent_to_sign_in_and_back(client, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.url.startswith("/login/?next=%2F")


def test_joining_needs_a_code_and_consent(client):
    code = _ask_code(client, FRESH, "register")
    form = {"phone": FRESH, "code": code, "password": "brand-New-2026"}

    refused = client.post("/register/", form)
    assert refused.context["form"].errors.keys() == {"consent"}
    assert not Account.objects.filter(phone=FRESH).exists()

    answer = client.post("/register/", {**form, "consent": "on", "next": "/cart/"})

    assert answer.url == "/cart/"
    member = Member.objects.get(account__phone=FRESH)
    assert client.get("/me/").context["member"]["id"] == member.pk
    assert member.account.consents.count() == 2


def test_joining_in_english_keeps_the_language_for_messages(client):
    code = _ask_code(client, FRESH, "register")

    client.post("/en/register/", {"phone": FRESH, "code": code, "consent": "on"})

    assert Account.objects.get(phone=FRESH).language == "en"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "000000"),
        ("code", "１２３４５６"),
        ("code", ""),
        ("phone", "12345"),
        ("phone", "\x0013912340000"),
        ("password", "12345678"),
        ("password", "short"),
    ],
)
def test_joining_with_bad_input_makes_no_account(client, field, value):
    code = _ask_code(client, FRESH, "register")
    form = {"phone": FRESH, "code": code, "password": "brand-New-2026", "consent": "on"}

    page = client.post("/register/", {**form, field: value})

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Member.objects.exists()


def test_a_phone_that_is_registered_is_said_only_to_its_owner(client):
    member = make_shopper()
    code = _ask_code(client, member.account.phone, "register")

    page = client.post("/register/", {"phone": member.account.phone, "code": code, "consent": "on"})

    assert page.context["form"].non_field_errors()
    assert Member.objects.count() == 1


def test_a_second_code_within_a_minute_is_refused_with_the_time_to_wait(client):
    _ask_code(client, FRESH, "login")

    again = client.post(
        "/sms-codes/", {"phone": FRESH, "purpose": "login"}, headers={"Accept": "application/json"}
    )

    assert again.status_code == 429
    assert 0 < again.json()["retry_after_seconds"] <= 60


@pytest.mark.parametrize("sent", [{"phone": "abc"}, {"phone": FRESH, "purpose": "other"}, {}])
def test_a_code_for_nobody_or_nothing_is_a_400(client, sent):
    answer = client.post(
        "/sms-codes/", {"purpose": "login", **sent}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_without_script_the_form_comes_back_with_the_phone_in_it(client):
    answer = client.post(
        "/sms-codes/",
        {"phone": FRESH, "purpose": "login", "next": "/cart/"},
        headers={"Referer": "http://testserver/login/?next=/cart/"},
    )
    page = client.get(answer.url)

    assert answer.url == "/login/?next=/cart/"
    assert page.context["form"]["phone"].value() == FRESH
    assert last_sms_code(FRESH) in words(page)[0]


def test_only_this_machine_is_shown_the_demo_s_code(client):
    answer = client.post(
        "/sms-codes/",
        {"phone": FRESH, "purpose": "login"},
        headers={"Accept": "application/json"},
        REMOTE_ADDR="203.0.113.7",
    )

    assert last_sms_code(FRESH) not in answer.json()["detail"]


def test_a_new_password_by_code_signs_every_device_out(client):
    member = make_shopper()
    other = signed_in(member)
    assert other.get("/me/").status_code == 200
    code = _ask_code(client, member.account.phone, "reset")

    answer = client.post(
        "/password/",
        {"phone": member.account.phone, "code": code, "new_password": "another-New-2026"},
    )

    assert answer.url == "/login/?by=password"
    assert other.get("/me/").status_code == 302
    assert _login(client, member.account.phone, "another-New-2026").url == "/"


def test_a_weak_new_password_is_refused_beside_the_reason(client):
    member = make_shopper()
    code = _ask_code(client, member.account.phone, "reset")

    page = client.post(
        "/password/", {"phone": member.account.phone, "code": code, "new_password": "12345678"}
    )

    assert page.context["form"].non_field_errors()
    assert _login(client, member.account.phone).url == "/"


def test_signing_out_ends_the_session_and_its_device(client):
    member = make_shopper()
    _login(client, member.account.phone)

    answer = client.post("/logout/")

    assert answer.url == "/"
    assert client.get("/me/").status_code == 302
    assert SignIn.objects.get().ended_at is not None


def test_signing_out_by_a_link_does_nothing(client):
    member = make_shopper()
    _login(client, member.account.phone)

    assert client.get("/logout/").status_code == 405
    assert client.get("/me/").status_code == 200


def test_a_closed_account_cannot_come_in(client):
    member = make_shopper()
    Account.objects.update(is_active=False)

    assert _login(client, member.account.phone).context["form"].non_field_errors()


def test_a_signed_in_shopper_needs_no_sign_in_page():
    browser = signed_in(make_shopper())

    assert browser.get("/login/?next=/cart/").url == "/cart/"
    assert browser.get("/register/").url == "/"


def test_pages_that_take_secrets_are_never_kept_by_caches(client):
    for path in ("/login/", "/register/", "/password/"):
        assert "no-store" in client.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("typed", ["１３８０００００００１", "中", "😀", "1\x00", ""])
def test_a_phone_in_other_letters_is_answered_in_words_and_never_breaks_the_page(client, typed):
    answer = client.post("/sms-codes/", {"phone": typed, "purpose": "login"})

    assert answer.status_code == 302
    assert str(answer.cookies.output()).isascii()
