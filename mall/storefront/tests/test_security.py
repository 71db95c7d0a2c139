"""The page of an account's guards: an authenticator app is set up by its picture, and taken off."""

import base64
from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse

from mall.kernel import clock
from mall.storefront.tests.shop import signed_in
from members.models import Authenticator
from members.sandbox import last_sms_code
from members.services import prove, send_code
from members.testing import app_code, make_member

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = reverse("storefront:security")


def prove_by_phone(member, at):
    send_code(phone=member.account.phone, purpose="verify", client_ip="", at=at)
    code = last_sms_code(member.account.phone)
    prove(account=member.account, deed="add_app", code=code, at=at)


def shown_code(secret: str, at: datetime) -> str:
    raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return app_code(raw, at)


def test_O_40_without_a_proof_the_app_waits_and_the_code_is_asked_for_first():
    client = signed_in(make_member())

    refused = client.post(PAGE, {"do": "add"}, headers={"Referer": f"http://testserver{PAGE}"})

    assert refused.status_code == 302
    assert "deed=add_app" in refused.url
    assert unquote(refused.url).endswith(f"next={PAGE}")
    assert not Authenticator.objects.exists()


def test_O_40_an_app_is_set_up_by_its_picture_confirmed_and_taken_off():
    member = make_member()
    client = signed_in(member)
    prove_by_phone(member, clock.now())

    made = client.post(PAGE, {"do": "add"})
    again = client.get(PAGE)
    wrong = client.post(PAGE, {"do": "confirm", "code": "000000"})
    right = client.post(
        PAGE, {"do": "confirm", "code": shown_code(made.context["secret"], clock.now())}
    )

    assert made.context["picture"].startswith("data:image/svg+xml")
    assert "no-store" in made.headers["Cache-Control"]
    assert again.context["secret"] is None
    assert wrong.context["form"].errors
    assert right.status_code == 302
    assert client.get(PAGE).context["has_app"]
    prove_by_phone(member, clock.now() + timedelta(minutes=2))
    client.post(PAGE, {"do": "remove"})
    assert not Authenticator.objects.exists()
    assert not client.get(PAGE).context["has_app"]
