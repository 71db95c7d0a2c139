"""One key, one deed (INV-08)."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from mall.kernel import clock, idempotency
from mall.kernel.idempotency import Answer, InFlight, Key, KeyInvalid, KeyRequired, KeyReused
from mall.kernel.idempotency.models import IdempotencyRecord
from mall.kernel.testing.race import stampede

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account():
    return get_user_model().objects.create(phone="13800000009")


def key_of(account, value="k-1", body=None):
    return Key.read(account_id=account.pk, route="orders", value=value, body=body or {"a": 1})


def run(key, deeds, result="done"):
    def verb():
        deeds.append(result)
        return result

    return idempotency.run_once(
        key, verb=verb, render=lambda text: Answer(201, {"said": text}), at=clock.now()
    )


def test_the_same_key_gets_the_stored_answer_again(account):
    deeds = []

    first = run(key_of(account), deeds)
    again = run(key_of(account), deeds)

    assert deeds == ["done"]
    assert (again.status, again.body, again.replayed) == (first.status, first.body, True)


def test_the_order_of_fields_does_not_matter_but_their_values_do(account):
    deeds = []
    run(key_of(account, body={"a": 1, "b": 2}), deeds)

    assert run(key_of(account, body={"b": 2, "a": 1}), deeds).replayed
    with pytest.raises(KeyReused):
        run(key_of(account, body={"a": 1, "b": 3}), deeds)
    assert deeds == ["done"]


def test_a_refusal_stores_nothing_so_the_key_may_be_sent_again(account):
    def refuse():
        raise KeyReused

    with pytest.raises(KeyReused):
        idempotency.run_once(
            key_of(account), verb=refuse, render=lambda _r: Answer(201, {}), at=clock.now()
        )

    deeds = []
    run(key_of(account), deeds)
    assert deeds == ["done"]


@pytest.mark.parametrize(
    ("value", "error"),
    [(None, KeyRequired), ("", KeyRequired), ("k" * 65, KeyInvalid), ("键", KeyInvalid)],
)
def test_keys_have_a_shape(account, value, error):
    with pytest.raises(error):
        key_of(account, value=value)


def test_twenty_at_once_do_it_once(account):
    deeds = []

    outcomes = stampede(20, lambda _n: run(key_of(account), deeds))

    assert deeds == ["done"]
    assert outcomes.only(InFlight)
    assert {answer.body["said"] for answer in outcomes.results} == {"done"}
    assert IdempotencyRecord.objects.count() == 1


def test_without_the_claim_twenty_at_once_do_it_more_than_once(account, monkeypatch):
    from mall.kernel.idempotency import once

    monkeypatch.setattr(once, "_claim", lambda _key, _at: True)
    together = threading.Barrier(2)
    deeds = []

    def verb():
        deeds.append("done")
        with suppress(threading.BrokenBarrierError):
            together.wait(5)

    def contend(_number):
        answer = Answer(201, {})
        idempotency.run_once(key_of(account), verb=verb, render=lambda _r: answer, at=clock.now())

    stampede(2, contend)

    assert len(deeds) > 1


def test_old_answers_are_forgotten(account):
    run(key_of(account), [])

    assert idempotency.prune(clock.now()) == 0
    assert idempotency.prune(clock.now() + timedelta(days=8)) == 1
