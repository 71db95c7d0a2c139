"""A double click is one order: same key, same body, same instant (INV-08, F-34). What is begun
again after a deadlock begins the payment that was committed."""

from unittest.mock import patch

import pytest
from django.db import OperationalError

from mall.api.base import Throttle
from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.idempotency import once
from mall.kernel.idempotency.models import IdempotencyRecord
from mall.kernel.postgresql.plans import PlanGone
from mall.kernel.testing.race import stampede
from members.testing import make_address, make_member
from orders.models import Order, Payment
from orders.testing import make_order, make_stocked_sku

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS = 20


@pytest.fixture(autouse=True)
def unthrottled(monkeypatch):
    """Throttles are tested elsewhere."""
    monkeypatch.setattr(Throttle, "allow_request", lambda *_args: True)


@pytest.fixture
def click():
    """Something that sends the same order with the same key, from a client of its own."""
    member = make_member()
    address = make_address(member=member)
    token = ApiClient.of(member).token
    body = {
        "lines": [{"sku_id": make_stocked_sku(on_hand=99).pk, "quantity": 1}],
        "address_id": address.pk,
    }
    body["quote_hash"] = (
        ApiClient.of(member).post_json("checkout/quote/", body).json()["quote_hash"]
    )

    def send(_number=0):
        client = ApiClient(raise_request_exception=False)
        client.token = token
        return client.post_json("orders/", body, key="one-click")

    return send


def test_F_34_twenty_clicks_with_one_key_are_one_order(click):
    outcomes = stampede(CLICKS, click)

    assert outcomes.errors == []
    answers = outcomes.results
    made = [answer.json() for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert all(answer == made[0] for answer in made)
    assert {answer.json()["code"] for answer in refused} <= {"idempotency.in_flight"}
    assert all(answer.headers["Retry-After"] == "1" for answer in refused)
    assert Order.objects.count() == IdempotencyRecord.objects.count() == 1
    assert click().json() == made[0]


@pytest.fixture
def rolled_back(monkeypatch):
    """Answers whose transaction failed as a deadlock does, when all was written: the first one."""
    answers = []
    really_keep = once._keep

    def keep(key, answer):
        really_keep(key, answer)
        if not answers:
            answers.append(answer)
            raise OperationalError from PlanGone("cached plan must not change result type")

    monkeypatch.setattr(once, "_keep", keep)
    return answers


def test_the_payment_that_begins_is_the_one_that_was_committed(rolled_back):
    member = make_member()
    order = make_order(member=member, at=clock.now())
    way = {"provider": "sandbox", "scene": "sandbox"}

    answer = ApiClient.of(member).post_json(f"orders/{order.number}/pay/", way, key="k-1")

    number = Payment.objects.get().payment_no
    assert [number] != [undone.body["payment_no"] for undone in rolled_back]
    assert (answer.status_code, answer.json()["payment_no"]) == (201, number)
    assert number in answer.json()["action"]["url"]


def test_control_without_the_keys_lock_clicks_run_into_each_other(click):
    with patch("mall.kernel.idempotency.once._claim", return_value=True):
        stampede(CLICKS, click)

    assert Order.objects.count() > 1
