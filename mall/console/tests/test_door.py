"""The operators' door: for operators only, slow for guessers, shut after a day (ATK-59, 80, 86)."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.urls import reverse

from mall.console.site import STAFF_SESSION_SECONDS
from mall.console.testing import client_of, make_clerk
from members.testing import PASSWORD, make_member, make_operator

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"


def sign_in(client, username, password=PASSWORD, **values):
    return client.post(LOGIN, {"username": username, "password": password, **values})


@pytest.fixture
def browser():
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def test_an_operator_comes_in_and_leaves_after_a_working_day(browser):
    operator = make_operator(username="wang", is_superuser=False)

    answer = sign_in(browser, "wang", next="/admin/")

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert int(browser.session["_auth_user_id"]) == operator.pk
    assert browser.session.get_expiry_age() == STAFF_SESSION_SECONDS
    assert timedelta(seconds=STAFF_SESSION_SECONDS) < timedelta(seconds=settings.SESSION_COOKIE_AGE)


def test_a_right_and_a_wrong_password_of_a_shopper_get_the_same_refusal(browser):
    member = make_member(password=PASSWORD, phone="13900007777")

    right = sign_in(browser, "13900007777").content.decode()
    wrong = sign_in(browser, "13900007777", "not-it-2026").content.decode()
    nobody = sign_in(browser, "13900008888", "not-it-2026").content.decode()

    assert refusal(right) == refusal(wrong) == refusal(nobody)
    assert "no operator&#x27;s account" in refusal(right)
    assert "_auth_user_id" not in browser.session
    assert member.nickname not in right


def refusal(text):
    found = re.search(r'role="alert">(.*?)</div>', text, re.DOTALL)
    return found[1].strip() if found else ""


def test_a_signed_in_shopper_is_refused_by_name_of_the_door_only():
    member = make_member(phone="13900009999")
    client = client_of(member.account)

    answer = client.get("/admin/", follow=True)

    text = answer.content.decode()
    assert answer.redirect_chain == [("/admin/login/?next=/admin/", 302)]
    assert "This door is for the shop's operators only" in text.replace("&#x27;", "'")
    assert "13900009999" not in text
    assert "console-navigation" not in text


@pytest.mark.parametrize("name", ["reports", "timers", "invariants", "orders_order_changelist"])
def test_a_shopper_and_a_guest_see_no_page_behind_the_door(name):
    for client in (client_of(make_member().account), Client()):
        assert client.get(reverse(f"admin:{name}")).status_code == 302
        assert client.post(reverse(f"admin:{name}")).status_code == 302


def test_an_operator_without_the_flag_or_shut_out_stays_outside(browser):
    operator = make_operator(username="li")
    type(operator).objects.filter(pk=operator.pk).update(is_active=False)

    sign_in(browser, "li")

    assert "_auth_user_id" not in browser.session


def test_ten_wrong_tries_lock_the_door_for_a_name_that_exists_and_one_that_does_not(browser):
    make_operator(username="zhao")
    for username in ("zhao", "nobody-here"):
        for _number in range(settings.AXES_FAILURE_LIMIT - 1):
            assert sign_in(browser, username, "wrong").status_code == 200

        locked = sign_in(browser, username, "wrong")

        assert (locked.status_code, locked["Retry-After"]) == (429, "900")
        assert "Come back in 15 minutes." in locked.content.decode()
    assert sign_in(browser, "zhao").status_code == 429
    assert "_auth_user_id" not in browser.session


def test_an_administrator_forgives_a_locked_out_colleague(browser):
    make_operator(username="sun")
    for _number in range(settings.AXES_FAILURE_LIMIT):
        sign_in(browser, "sun", "wrong")
    attempt = AccessAttempt.objects.get()

    client_of(make_clerk("admin")).post(
        reverse("admin:axes_accessattempt_changelist"),
        {"action": "forgive", "_selected_action": [attempt.pk]},
    )

    assert sign_in(browser, "sun").status_code == 302


def test_the_screen_of_failed_tries_shows_no_password(browser):
    sign_in(browser, "chen", "my-secret-try")
    client = client_of(make_operator())
    attempt = AccessAttempt.objects.get()

    listed = client.get(reverse("admin:axes_accessattempt_changelist")).content.decode()
    shown = client.get(reverse("admin:axes_accessattempt_change", args=[attempt.pk]))

    assert "chen" in listed
    assert "my-secret-try" not in listed + shown.content.decode()


def test_leaving_needs_a_post_and_ends_the_session():
    client = client_of(make_operator())

    assert client.get("/admin/logout/").status_code == 405
    client.post("/admin/logout/")

    assert client.get("/admin/").status_code == 302


def test_a_form_from_elsewhere_is_refused():
    make_operator(username="qian")
    strict = Client(enforce_csrf_checks=True)

    assert sign_in(strict, "qian").status_code == 403


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_signing_in_never_leads_away(browser, target):
    make_operator(username="zhou")

    assert sign_in(browser, "zhou", next=target)["Location"] == "/admin/"


@pytest.mark.parametrize(
    "path", ["/cron/", "/tasks/", "/debug/", "/metrics", "/.git/config", "/.env"]
)
def test_nothing_of_the_machinery_is_served_outside(path, client):
    assert client.get(path).status_code == 404


# ---------- no secret on any screen ----------


@pytest.mark.parametrize("role", ["service", "marketing", "warehouse", "finance", "admin", None])
def test_no_screen_of_people_shows_a_hash_or_an_openid(role):
    from members.models import WechatIdentity

    member = make_member(password=PASSWORD)
    WechatIdentity.objects.create(account=member.account, appid="wx1", openid="o-secret-open-id")
    operator = make_operator(username="wu")
    client = client_of(make_clerk(role) if role else make_operator())
    pages = [
        reverse("admin:members_member_changelist"),
        reverse("admin:members_member_change", args=[member.pk]),
        reverse("admin:members_account_changelist"),
        reverse("admin:members_account_change", args=[operator.pk]),
    ]

    for page in pages:
        text = client.get(page).content.decode()
        for secret in (operator.password, member.account.password, "o-secret-open-id"):
            assert secret not in text
            assert secret.rpartition("$")[2] not in text


# ---------- the operators' language ----------


def switch(client, language, back="/admin/tasks/"):
    return client.post(
        reverse("admin:language"),
        {"language": language},
        headers={"referer": f"http://testserver{back}"},
    )


def test_an_operator_switches_the_language_and_stays_on_the_page():
    client = client_of(make_operator())

    answer = switch(client, "zh-hans")

    cookie = client.cookies["django_language"]
    assert answer["Location"] == "http://testserver/admin/tasks/"
    assert (cookie.value, cookie["path"], cookie["httponly"]) == ("zh-hans", "/admin/", True)


@pytest.mark.parametrize(("language", "header"), [("en", "en"), ("zh-hans", "zh-hans")])
def test_the_page_speaks_the_chosen_language(language, header):
    client = client_of(make_operator())
    client.cookies["django_language"] = language

    answer = client.get("/admin/")

    assert answer["Content-Language"] == header
    assert f'<html lang="{language}"' in answer.content.decode()


def test_without_a_choice_the_account_decides_and_a_guest_gets_chinese():
    operator = make_operator()
    type(operator).objects.filter(pk=operator.pk).update(language="en")
    signed_in = client_of(operator)
    del signed_in.cookies["django_language"]

    assert signed_in.get("/admin/")["Content-Language"] == "en"
    assert Client().get(LOGIN)["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("language", ["", "fr", "en\r\nSet-Cookie: x=1", "zh-hans\x00"])
def test_a_language_we_do_not_speak_changes_nothing(language):
    client = Client()

    answer = switch(client, language)

    assert answer.status_code == 302
    assert "django_language" not in client.cookies


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", ""])
def test_the_switch_never_leads_away(back):
    answer = Client().post(reverse("admin:language"), {"language": "en"}, headers={"referer": back})

    assert answer["Location"] == "/admin/"


def test_pages_of_the_shop_do_not_hear_the_operators_choice(client):
    client.cookies["django_language"] = "en"

    assert client.get("/healthz-not-there")["Content-Language"] == "zh-hans"


# ---------- headers ----------


def test_the_console_has_a_policy_as_tight_as_its_theme_allows(client):
    policy = client.get(LOGIN)["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";") if rule.strip())

    assert rules["script-src"] == "'self' 'unsafe-eval'"
    assert rules["style-src"] == "'self' 'unsafe-inline'"
    assert rules["default-src"] == rules["form-action"] == rules["base-uri"] == "'self'"
    assert rules["object-src"] == rules["frame-ancestors"] == "'none'"


def test_pages_of_the_console_are_kept_by_no_cache():
    answer = client_of(make_operator()).get("/admin/")

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "DENY"
