"""Exception tasks: one open row per cause. Source: O-26."""

from datetime import timedelta

import pytest

from mall.kernel import clock
from orders.models import OrderTask
from orders.services import close_tasks, open_task

pytestmark = pytest.mark.django_db

KIND = OrderTask.Kind.LATE_SHIPPING


def test_O_26_a_cause_opens_one_task_until_it_is_closed():
    at = clock.now()

    assert open_task(kind=KIND, reference="A1", at=at, facts={"hours": 49})
    assert not open_task(kind=KIND, reference="A1", at=at + timedelta(hours=1))
    assert open_task(kind=KIND, reference="A2", at=at)

    task = OrderTask.objects.get(reference="A1")
    assert (task.opened_at, task.due_at) == (at, at + timedelta(hours=8))
    assert task.facts == {"hours": 49}

    assert close_tasks(kind=KIND, reference="A1", at=at, outcome="shipped") == 1
    assert close_tasks(kind=KIND, reference="A1", at=at) == 0
    assert open_task(kind=KIND, reference="A1", at=at)
    assert OrderTask.objects.filter(reference="A1").count() == 2
