"""A machine that thinks it lives elsewhere counts the same days (F-44)."""

import os
import subprocess
import sys

import pytest

from mall.tests.source import PROJECT

DAYS = """
from datetime import UTC, date, datetime, timedelta
from mall.kernel import clock
import time
time.tzset()
for first in (date(1986, 5, 3), date(1991, 9, 14), date(2026, 3, 7), date(2026, 10, 31)):
    for n in range(4):
        day = first + timedelta(days=n)
        start, end = clock.bounds(day)
        middle = start + (end - start) / 2
        assert {clock.day_of(start), clock.day_of(middle)} == {day}
        assert clock.day_of(end) == day + timedelta(days=1)
        print(day, start.isoformat(), end.isoformat())
assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
"""


def days_at(zone):
    done = subprocess.run(
        [sys.executable, "-c", DAYS],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), "TZ": zone},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"])
def test_F_44_the_zone_of_the_machine_and_summer_times_change_no_day(zone):
    said = days_at(zone)

    assert said == days_at("UTC")
    assert "1986-05-04 1986-05-03T16:00:00+00:00 1986-05-04T15:00:00+00:00" in said
    assert "2026-11-01 2026-10-31T16:00:00+00:00 2026-11-01T16:00:00+00:00" in said
