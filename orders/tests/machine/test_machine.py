"""No sequence of deeds lets the shop and its model part. Source: issue "Nothing oversold", Show 3.

Every step compares all statuses, sums and balances and holds the cheap laws; every life ends with
all laws and all balances.
"""

import json
import os
import secrets
from pathlib import Path

import pytest

from orders.tests.machine.rules import run

pytestmark = pytest.mark.django_db(transaction=True)
SHORT_STEPS, LONG_STEPS, SHORT_SEED = 200, 5_000, 20_261_122
CORE = {"place", "cashier, well", "ship all", "relay", "count stock"}


def test_200_steps_of_the_shop_and_its_model_are_alike():
    figures = run(steps=SHORT_STEPS, number=SHORT_SEED)

    assert figures.steps >= SHORT_STEPS
    assert set(figures.fired) >= CORE


@pytest.mark.long
def test_5000_steps_of_the_shop_and_its_model_are_alike():
    number = int(os.environ.get("MACHINE_SEED") or secrets.randbelow(10**9))
    steps = int(os.environ.get("MACHINE_STEPS") or LONG_STEPS)
    print(f"seed {number}, {steps} steps")  # noqa: T201 - pytest shows it when it fails

    figures = run(steps=steps, number=number)

    assert figures.steps >= steps
    report = os.environ.get("MACHINE_REPORT")
    if report:
        found = {"seed": number, "lives": figures.lives, "steps": figures.steps}
        Path(report).write_text(json.dumps({**found, "fired": figures.fired}), encoding="utf-8")
