"""The operators' second step: a password alone opens nothing, an app is set up once (ATK-59)."""

import base64
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from mall import staff
from mall.console.testing import client_of
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from members.models import Authenticator
from members.testing import PASSWORD, app_code, code_shown_by, make_app, make_operator

pytestmark = pytest.mark.django_db
LOGIN, STEP = "/admin/login/", "/admin/second-step/"


@pytest.fixture(autouse=True)
def _required(monkeypatch):
    monkeypatch.setenv("STAFF_SECOND_FACTOR", "required")


@pytest.fixture
def operator():
    return make_operator(username="wang")


def came(next_page="/admin/"):
    """A browser in which the password was right."""
    browser = Client()
    browser.cookies["django_language"] = "en"
    answer = browser.post(LOGIN, {"username": "wang", "password": PASSWORD, "next": next_page})
    assert answer.status_code == 302
    return browser


def test_ATK_59_a_right_password_alone_opens_no_page_and_does_nothing(operator):
    make_app(operator)
    browser = came()

    for name in ("index", "orders_order_changelist", "reports", "members_account_changelist"):
        page = reverse(f"admin:{name}")
        for answer in (browser.get(page), browser.post(page)):
            assert (answer.status_code, answer.url.partition("?")[0]) == (302, LOGIN)

    led = browser.get("/admin/orders/order/", follow=True)
    assert led.redirect_chain[-1][0] == f"{STEP}?next=%2Fadmin%2Forders%2Forder%2F"
    assert "Type the six digits" in led.content.decode()


def test_who_has_no_phone_at_hand_can_sign_out_between_the_steps(operator):
    make_app(operator)
    browser = came()
    assert reverse("admin:logout") in browser.get(STEP).content.decode()

    looked = browser.get(reverse("admin:logout"))
    out = browser.post(reverse("admin:logout"))

    assert (looked.status_code, out.status_code) == (405, 200)
    assert "_auth_user_id" not in browser.session
    assert browser.get(STEP).status_code == 302, "nobody is half-way in any more"


def test_a_code_of_the_app_opens_the_door_where_one_wanted_to_go(operator):
    make_app(operator)
    browser = came()

    wrong = browser.post(STEP, {"code": "000000", "next": "/admin/reports/"})
    right = browser.post(STEP, {"code": code_shown_by(operator), "next": "/admin/reports/"})

    assert 'role="alert"' in wrong.content.decode()
    assert (right.status_code, right.url) == (302, "/admin/reports/")
    assert browser.get("/admin/reports/").status_code == 200
    assert browser.get(STEP).url == "/admin/"


def test_no_code_counts_twice_and_another_session_shows_its_own(operator):
    make_app(operator)
    code = code_shown_by(operator)
    assert came().post(STEP, {"code": code}).status_code == 302

    other = came()

    assert other.post(STEP, {"code": code}).status_code == 200
    assert other.get("/admin/").status_code == 302


def test_the_first_sign_in_sets_an_app_up_by_its_picture(operator):
    browser = came()

    page = browser.get(f"{STEP}?next=/admin/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]

    assert "data:image/svg+xml" in page
    assert app_code(base64.b32decode(secret), clock.now()) == code_shown_by(operator)
    assert browser.post(STEP, {"code": "12"}).status_code == 200
    assert browser.get("/admin/").status_code == 302
    assert browser.post(STEP, {"code": code_shown_by(operator)}).url == "/admin/"
    assert browser.get("/admin/").status_code == 200
    assert Authenticator.objects.get().confirmed_at is not None


def test_who_has_an_app_is_shown_no_new_picture_and_guesses_are_locked(operator):
    app = make_app(operator)
    browser = came()
    page = browser.get(STEP)
    assert (page.context["has_app"], page.context.get("secret")) == (True, None)

    for _n in range(5):
        browser.post(STEP, {"code": "000000"})
    locked = browser.post(STEP, {"code": code_shown_by(operator)})

    assert locked.status_code == 200
    assert browser.get("/admin/").status_code == 302
    app.refresh_from_db()
    assert app.locked_until > clock.now()


@pytest.mark.parametrize(
    "wanted", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"]
)
def test_ATK_65_the_way_on_stays_in_the_house(operator, wanted):
    make_app(operator)

    answer = came().post(STEP, {"code": code_shown_by(operator), "next": wanted})

    assert answer.url == "/admin/"


def test_guests_and_shoppers_find_nothing_at_the_second_step(client):
    assert client.get(STEP).url == LOGIN
    assert client.post(STEP, {"code": "000000"}).url == LOGIN
    assert not Authenticator.objects.exists()


def test_a_colleague_who_lost_the_app_is_let_in_anew_with_a_trail(operator, monkeypatch):
    make_app(operator)
    browser = came()
    browser.post(STEP, {"code": code_shown_by(operator)})
    monkeypatch.setenv("STAFF_SECOND_FACTOR", "off")
    boss = client_of(make_operator(username="boss"))
    page = reverse("admin:members_account_reset_app", args=[operator.pk])

    assert boss.post(page, {"reason": ""}).status_code == 200
    assert boss.post(page, {"reason": "phone lost"}).status_code == 302

    entry = AuditEntry.objects.get(verb="members.reset_app")
    assert (entry.target_id, entry.reason) == (str(operator.pk), "phone lost")
    assert not Authenticator.objects.exists()
    monkeypatch.setenv("STAFF_SECOND_FACTOR", "required")
    assert browser.get("/admin/").status_code == 302


def test_the_only_superuser_finds_a_way_back_on_the_server(operator, capsys):
    make_app(operator)

    call_command("reset_second_factor", "wang")

    assert "wang" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    for name in ("wang", "nobody"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", name)


@pytest.mark.parametrize(
    ("demo", "value", "needed"),
    [("1", None, False), ("0", None, True), ("0", "off", False), ("1", "required", True)],
)
def test_production_asks_for_it_and_the_demo_does_not(monkeypatch, demo, value, needed):
    monkeypatch.setenv("MALL_DEMO", demo)
    if value is None:
        monkeypatch.delenv("STAFF_SECOND_FACTOR")
    else:
        monkeypatch.setenv("STAFF_SECOND_FACTOR", value)

    assert staff.needs_second_factor() is needed
