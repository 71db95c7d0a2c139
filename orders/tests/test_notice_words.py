"""Why a notice was not believed is said in words on the desk, whichever provider sent it (O-36)."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse

from members.testing import make_operator
from orders.admin.notice_words import NOTICE_REASONS
from orders.models import PaymentNotice
from orders.testing import NOON

RAISED = re.compile(r'(?:NoticeRefused|EnvelopeWrong|PushRefused)\("([a-z_]+)"')


def test_every_code_of_every_provider_has_words():
    room = Path(apps.get_app_config("orders").path)
    sources = [*room.glob("providers/**/*.py"), *room.glob("carriers/**/*.py")]

    codes = {code for source in sources for code in RAISED.findall(source.read_text("utf-8"))}

    assert len(codes) >= 12
    assert codes <= set(NOTICE_REASONS)


@pytest.mark.django_db
def test_O_36_a_wrong_amount_is_listed_in_words(client):
    PaymentNotice.objects.create(
        provider="sandbox", notice_id="n1", received_at=NOON, outcome="refused",
        reason="amount_wrong", headers={}, body="{}",
    )  # fmt: skip
    client.force_login(make_operator(), backend="members.backends.AccountBackend")
    client.cookies["django_language"] = "en"

    page = client.get(reverse("admin:orders_paymentnotice_changelist")).content.decode()

    assert "another amount than was asked for" in page
    assert "amount_wrong</" not in page
