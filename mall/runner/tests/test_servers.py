"""The embedded servers: started, refused twice, killed, and found again with their data."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psycopg2
import pytest
import redis

from mall.runner.binaries import PostgresPrograms, choose_postgres
from mall.runner.places import prepare
from mall.runner.servers import Postgres, Redis
from mall.runner.system import RunnerError
from mall.runner.tests.processes import Runner, all_gone, data_folder, descendants

pytestmark = pytest.mark.runner
ADDRESSES = r"DATABASE_URL=(\S+)\nexport REDIS_URL=(\S+)\n"


def start(var: Path) -> Runner:
    return Runner(var, "servers")


def addresses(runner: Runner) -> tuple[str, str]:
    found = runner.wait_for(ADDRESSES, 60)
    return found[1], found[2]


def remember(database_url: str, redis_url: str) -> None:
    with psycopg2.connect(database_url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (word text)")
        cursor.execute("INSERT INTO kept VALUES ('红富士苹果')")
    connection.close()
    with redis.Redis.from_url(redis_url) as store:
        store.set("kept", "红富士")


def recall(database_url: str, redis_url: str) -> tuple[str, str]:
    connection = psycopg2.connect(database_url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM kept")
        word = cursor.fetchone()[0]
    connection.close()
    with redis.Redis.from_url(redis_url, decode_responses=True) as store:
        return word, str(store.get("kept"))


def test_killed_servers_leave_no_process_and_come_back_with_their_data():
    with data_folder() as var:
        with start(var) as first:
            remember(*addresses(first))
            children = descendants(first.process.pid)
            first.end(signal.SIGKILL)

            assert len(children) > 2
            assert all_gone(children)

        with start(var) as second:
            assert recall(*addresses(second)) == ("红富士苹果", "红富士")

            children = descendants(second.process.pid)
            assert second.end(signal.SIGINT) == 0
            assert all_gone(children)


def test_a_second_start_on_the_same_folder_says_so_and_fails():
    with data_folder() as var, start(var) as first:
        addresses(first)
        with Runner(var, "servers") as second:
            assert second.process.wait(20) == 1
            assert f"in use by pid {first.process.pid}" in second.said

        assert first.process.poll() is None
        assert first.end(signal.SIGTERM) == 0


def test_a_server_that_dies_is_started_again_at_its_old_address():
    with data_folder() as var, start(var) as runner:
        urls = addresses(runner)
        remember(*urls)
        server = int((var / "postgres" / "pid").read_text())

        os.kill(server, signal.SIGKILL)
        runner.wait_for("postgres ended .code -9., starting it again", 10)
        runner.wait_for("postgres is up again", 20)

        assert recall(*urls) == ("红富士苹果", "红富士")


def test_a_stale_pid_file_that_names_a_living_stranger_does_not_stop_the_start():
    with data_folder() as var:
        with start(var) as first:
            addresses(first)
            left = (var / "postgres" / "data" / "postmaster.pid").read_text()
            assert first.end(signal.SIGINT) == 0
        stranger = str(descendants(1).pop())
        (var / "postgres" / "data" / "postmaster.pid").write_text(
            "\n".join([stranger, *left.splitlines()[1:]]) + "\n"
        )

        with start(var) as second:
            assert addresses(second)


@pytest.mark.parametrize("kind", [Postgres, Redis])
def test_files_that_a_power_cut_emptied_do_not_stop_the_start(kind):
    with data_folder() as var:
        server = kind(prepare(var))
        (server.folder / "data").mkdir(parents=True)
        files = [server.folder / name for name in ("port", "pid", "data/postmaster.pid")]
        for file in files:
            file.write_text("")

        server._clear_leftovers()

        assert server._remembered_port() is None
        is_cleared = not files[-1].exists()
        assert is_cleared is (kind is Postgres), "PostgreSQL does not start with an empty one"


def test_a_folder_of_another_major_version_is_refused_and_left_alone(tmp_path):
    (tmp_path / "PG_VERSION").write_text("16\n")
    installed = [PostgresPrograms(Path("/opt/17"), 17, "the wheel")]

    with pytest.raises(RunnerError, match=r"made by PostgreSQL 16, and only 17 \(the wheel\)"):
        choose_postgres(installed, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["PG_VERSION"]


def test_an_existing_folder_decides_which_installation_runs_it(tmp_path):
    wheel = PostgresPrograms(Path("/opt/17"), 17, "the wheel")
    machine = PostgresPrograms(Path("/opt/15"), 15, "this machine")

    assert choose_postgres([wheel, machine], tmp_path) == wheel
    (tmp_path / "PG_VERSION").write_text("15\n")
    assert choose_postgres([wheel, machine], tmp_path) == machine


def test_no_postgres_at_all_names_the_line_that_brings_it(tmp_path):
    with pytest.raises(RunnerError, match="apt-get install -y postgresql"):
        choose_postgres([], tmp_path)
