"""No sequence of deeds lets the shop and its model part. Source: issue "Nothing oversold", Show 3.

Every step compares all statuses, sums and balances and holds the cheap laws; every life ends with
all laws and all balances. docs/machine.md has the list of deeds and the figures of the last run.
"""

import json
import os
import secrets
import sys
from pathlib import Path

import pytest

from orders.tests.machine.rules import CORE, KINDS, Figures, run

pytestmark = pytest.mark.django_db(transaction=True)
SHORT_STEPS, LONG_STEPS, SHORT_SEED = 300, 5_000, 6
DONE_IN_5000 = 20
"""So often at least each kind of deed is done in 5,000 steps; usually thirty times and more."""


def test_300_steps_of_the_shop_and_its_model_are_alike():
    figures = run(steps=SHORT_STEPS, number=SHORT_SEED)

    assert figures.steps >= SHORT_STEPS
    assert figures.fewer_than(1, CORE) == {}


@pytest.mark.long
def test_5000_steps_of_the_shop_and_its_model_are_alike():
    number = int(os.environ.get("MACHINE_SEED") or secrets.randbelow(10**9))
    steps = int(os.environ.get("MACHINE_STEPS") or LONG_STEPS)
    sys.stdout.write(f"seed {number}, {steps} steps\n")  # shown when it fails

    figures = run(steps=steps, number=number, tell=lambda so_far: report(number, so_far))

    report(number, figures)
    assert figures.steps >= steps
    assert figures.fewer_than(steps * DONE_IN_5000 // LONG_STEPS, KINDS) == {}


def report(number: int, figures: Figures) -> None:
    """How far it is: one line, and the whole of it where the caller wants it."""
    sys.stdout.write(f"{figures.steps} steps, {figures.lives} lives\n")
    sys.stdout.flush()
    where = os.environ.get("MACHINE_REPORT")
    if where:
        found = {"seed": number, "lives": figures.lives, "steps": figures.steps}
        Path(where).write_text(json.dumps({**found, "fired": figures.fired}), encoding="utf-8")
