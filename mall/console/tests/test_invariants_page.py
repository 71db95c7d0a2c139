"""The invariants page: every law, checked when asked, the broken ones first and named."""

import pytest
from django.urls import reverse

from mall.console.testing import client_of, make_clerk
from mall.kernel import clock
from mall.kernel.invariants import invariants
from mall.kernel.outbox.models import OutboxEvent
from members.testing import make_operator

pytestmark = pytest.mark.django_db

PAGE = "/admin/invariants/"


def test_looking_lists_every_law_and_checks_nothing():
    answer = client_of(make_operator()).get(reverse("admin:invariants"))

    assert [row["law"] for row in answer.context["rows"]] == invariants()
    assert not answer.context["checked"]
    assert "not checked" in answer.content.decode()


def test_a_sound_shop_is_all_green():
    answer = client_of(make_operator()).post(PAGE)

    assert answer.context["broken"] == 0
    assert f"{len(invariants())} laws checked, all hold" in answer.content.decode()


def test_a_broken_law_comes_first_and_names_the_row():
    dead = OutboxEvent.objects.create(
        name="orders.order_paid",
        payload={},
        at=clock.now(),
        next_at=clock.now(),
        dead_at=clock.now(),
    )

    answer = client_of(make_operator()).post(PAGE)

    first = answer.context["rows"][0]
    assert (first["law"].code, answer.context["broken"]) == ("INV-31", 1)
    assert f"orders.order_paid {dead.pk}" in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ["service", "marketing", "warehouse", "finance"])
def test_other_roles_are_refused(role, method):
    assert getattr(client_of(make_clerk(role)), method)(PAGE).status_code == 403
