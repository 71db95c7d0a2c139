"""Places where a process may be killed: off by default, once when armed, never in a shop."""

import ast
import os
import signal
import subprocess
import sys

import pytest

from mall.kernel import failpoints
from mall.tests.source import PROJECT, modules

SHOP = {
    "SECRET_KEY": "0123456789-only-for-this-test-0123456789-0123456789-ABCDEF",
    "SITE_URL": "https://mall.example.cn",
    "ALLOWED_HOSTS": "mall.example.cn",
    "DATABASE_URL": "postgres://mall@127.0.0.1:1/mall",
}
PASS_THRICE = (
    "from mall.kernel.failpoints import failpoint as f\n"
    "for n in range(3): f('keyed.after_commit'); print(n, flush=True)"
)


def run(code, **variables):
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), **variables},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_happens_unless_failpoints_are_on():
    done = run(PASS_THRICE, MALL_FAILPOINT="keyed.after_commit")

    assert (done.returncode, done.stdout) == (0, "0\n1\n2\n")


def test_F_01_the_nth_passage_of_the_named_place_ends_as_kill_9_does():
    armed = {"MALL_FAILPOINTS": "1", "MALL_FAILPOINT": "keyed.after_commit:3"}

    done = run(PASS_THRICE, **armed)

    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "0\n1\n")


def test_a_file_in_the_folder_kills_one_process_and_no_second_one(tmp_path):
    armed = {"MALL_FAILPOINTS": "1", "MALL_FAILPOINT_DIR": str(tmp_path)}
    (tmp_path / "keyed.after_commit").touch()

    first, second = run(PASS_THRICE, **armed), run(PASS_THRICE, **armed)

    assert (first.returncode, first.stdout) == (-signal.SIGKILL, "")
    assert (second.returncode, second.stdout) == (0, "0\n1\n2\n")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_place_is_refused_at_the_start():
    done = run("import mall.kernel.failpoints", MALL_FAILPOINT="nowhere")

    assert "MALL_FAILPOINT='nowhere': no such place" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("variables", "code"),
    [({**SHOP, "MALL_FAILPOINTS": "1"}, 1), ({"MALL_DEMO": "1", "MALL_FAILPOINTS": "1"}, 0)],
)
def test_a_real_shop_does_not_start_with_failpoints_a_demo_does(variables, code):
    done = run("import django; django.setup()", DJANGO_SETTINGS_MODULE="mall.settings", **variables)

    assert done.returncode == code, done.stderr
    assert ("MALL_FAILPOINTS is for tests" in done.stderr) == bool(code)


@pytest.mark.parametrize(
    ("variables", "off"),
    [
        ({}, False),
        ({"MALL_LOCKS": "off"}, False),
        ({"MALL_FAILPOINTS": "1"}, False),
        ({"MALL_FAILPOINTS": "1", "MALL_LOCKS": "off"}, True),
    ],
)
def test_locks_are_off_in_the_control_build_alone(variables, off):
    done = run("from mall.kernel import failpoints as f; print(f.LOCKS_ARE_OFF)", **variables)

    assert done.stdout == f"{off}\n"


def test_every_place_in_the_code_is_listed_and_every_listed_one_is_in_the_code():
    passed = {
        node.args[0].value
        for module in modules()
        if not module.is_test
        for node in module.nodes
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "failpoint"
    }

    assert passed == set(failpoints.POINTS)
