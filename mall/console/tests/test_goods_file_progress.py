"""How far a file has come, on the page that asks again by itself while it is brought in. C-50."""

import re

import pytest
from django.urls import reverse

from catalog.testing import AT
from mall.console import import_jobs
from mall.console.testing import client_of
from mall.console.tests.test_goods_files import job_of, table
from members.testing import make_operator

pytestmark = pytest.mark.django_db
BAR = re.compile(
    r'<progress class="bar" max="100" value="(\d+)"[^>]*>.*?'
    r'<b data-done="(\d+)">([\d,]+)</b> / ([\d,]+) · (\d+) %',
    re.DOTALL,
)


def test_C_50_a_running_file_shows_how_many_of_how_many_and_a_bar_that_moves(monkeypatch):
    monkeypatch.setattr(import_jobs, "BATCH", 3)
    desk, job = client_of(make_operator()), job_of(table(4))
    address = reverse("admin:goods_file", args=[job.pk])

    def page():
        return desk.get(address).content.decode()

    first = page()
    seen = [BAR.search(first).groups()]
    load = import_jobs.services.read_import(job)
    while import_jobs._bring_next(job.pk, load, AT):
        seen.append(BAR.search(page()).groups())
    over, board = page(), "js/board.js"

    assert seen == [
        ("0", "0", "0", "0", "0"),
        ("75", "3", "3", "4", "75"),
        ("100", "4", "4", "4", "100"),
    ]
    assert BAR.search(over).groups() == seen[-1]
    assert [board in first, board in over] == [True, False]
