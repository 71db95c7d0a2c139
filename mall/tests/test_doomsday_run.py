"""The short form of the doomsday run, and its control: a mall without locks must be found out."""

import subprocess

import pytest
from django.conf import settings
from django.db import connection

from bench.doomsday.plan import CONTROL, SHORT
from bench.doomsday.run import run
from bench.doomsday.verdict import page
from mall.runner.binaries import choose_postgres, postgres_installations
from mall.runner.places import prepare

SEED = 20_261_122


def keep_quiet(_text):
    """The report of a failed test says what there is to say."""


@pytest.fixture
def empty(tmp_path):
    """A dump of this test's own migrated and empty database, which saves a minute of migrations."""
    path = tmp_path / "empty.sql"
    programs = choose_postgres(postgres_installations(prepare(tmp_path)), tmp_path)
    where = connection.settings_dict
    address = f"{where['HOST']}:{where['PORT']}/{where['NAME']}"
    url = f"postgresql://{where['USER']}:{where['PASSWORD']}@{address}"
    if (programs.bin / "pg_dump").exists():
        subprocess.run(
            [programs.bin / "pg_dump", "--no-owner", "-f", path, url], check=False, timeout=120
        )
    return path


@pytest.mark.runner
@pytest.mark.django_db
def test_500_orders_under_12_faults_lose_nothing_and_without_locks_they_do(tmp_path, empty):
    outcome = run(SHORT, SEED, tmp_path / "mall", say=keep_quiet, empty=empty, control=CONTROL)

    told, control = outcome
    assert told["violations"] == [], page(told, "doomsday")
    assert (told["faults"]["fired"], told["orders"]["placed"] >= 500) == (12, True)
    assert told["money"]["refunds"] > 0
    assert settings.DEMO
    assert control["orders"]["placed"] >= CONTROL.orders, "it sold: only its promises broke"
    assert control["violations"] != []
