"""A risk service of somebody else: signed, patient for three seconds, never needed (O-39)."""

from datetime import timedelta

import pytest

from orders.services.risk import outside
from orders.services.risk.outside import Breaker, opinion
from orders.simulator.risk import running
from orders.testing import NOON

ATTEMPT = {"order": "N1", "amount_fen": 100, "small_payments": 0}


@pytest.fixture
def service(settings, monkeypatch):
    monkeypatch.setattr(outside, "breaker", Breaker())
    with running("shared-key") as simulator:
        settings.RISK_SERVICE = {"url": simulator.url, "key": "shared-key"}
        yield simulator


def test_its_points_are_taken_and_it_hears_counts_only(service):
    service.points = 45

    said = opinion(ATTEMPT, NOON)

    assert (said.points, said.state) == (45, "answered")
    assert service.heard == [ATTEMPT]


@pytest.mark.parametrize(
    "values",
    [
        {"trouble": "broken"},
        {"trouble": "forged"},
        {"points": 101},
        {"points": -1},
        {"points": "9"},
        {"points": True},
        {"points": None},
    ],
)
def test_an_answer_that_cannot_be_believed_is_none(service, values):
    for name, value in values.items():
        setattr(service, name, value)

    assert opinion(ATTEMPT, NOON) == outside.Opinion(None, "silent")


def test_three_seconds_are_the_most_and_after_three_failures_nobody_asks(service, monkeypatch):
    monkeypatch.setattr(outside, "TIMEOUT_SECONDS", 1)
    service.delay_seconds = 1.3
    for _n in range(3):
        assert opinion(ATTEMPT, NOON).state == "silent"
    service.delay_seconds = 0.0
    heard = len(service.heard)

    assert opinion(ATTEMPT, NOON + timedelta(seconds=59)).state == "open"
    assert len(service.heard) == heard
    assert opinion(ATTEMPT, NOON + timedelta(seconds=60)).state == "answered"
    assert outside.TIMEOUT_SECONDS == 1


def test_the_time_out_is_three_seconds_and_without_a_service_nobody_is_asked(settings):
    settings.RISK_SERVICE = {"url": "", "key": ""}

    assert outside.TIMEOUT_SECONDS == 3
    assert opinion(ATTEMPT, NOON) == outside.Opinion(None, "")
