"""docs/configuration.md lists exactly the variables that are read; production is strict."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys

import pytest

from mall.tests.source import PROJECT, modules

READERS = {"text", "flag", "number", "words"}
NOT_SETTINGS = {"MAKELEVEL", "PATH", "DJANGO_SETTINGS_MODULE"}  # make's, the system's, Django's own
NOT_SETTINGS |= {"OSCAR_DATABASE_URL", "OSCAR_FOLDER"}  # what a bench tells the peer it starts
PRODUCTION = {
    "SECRET_KEY": "0123456789-only-for-this-test-0123456789-0123456789-ABCDEF",
    "SITE_URL": "https://mall.example.cn",
    "ALLOWED_HOSTS": "mall.example.cn",
    "DATABASE_URL": "postgres://mall@127.0.0.1:1/mall",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def documented() -> set[str]:
    text = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
    return {
        name
        for line in text.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([A-Z][A-Z_]+)`", line.split("|")[1])
    }


def read_by_code() -> set[str]:
    """Names given to env.text() and its kin, and to os.environ."""
    found = set()
    for module in modules():
        for node in module.nodes:
            if not isinstance(node, ast.Call | ast.Subscript):
                continue
            if isinstance(node, ast.Subscript):
                source, name = node.value, node.slice
            else:
                source, name = node.func, next(iter(node.args), node.func)
            owner = ast.unparse(source)
            known = owner.startswith("os.environ") or (
                owner.startswith("env.") and owner.removeprefix("env.") in READERS
            )
            if known and isinstance(name, ast.Constant) and isinstance(name.value, str):
                found.add(name.value)
    return {name for name in found if name.isupper()} - NOT_SETTINGS


def read_by_compose() -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", (PROJECT / "docker-compose.yml").read_text()))


def test_every_variable_is_documented_and_every_documented_one_is_read():
    assert documented() == read_by_code() | read_by_compose() | {"MALL_DATA_DIR"}


def load_settings(**variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), **variables}
    return subprocess.run(
        [sys.executable, "-c", "import mall.settings as s; print(s.HTTPS, s.DEBUG, s.DEMO)"],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_its_required_variables_and_is_strict():
    done = load_settings(**PRODUCTION)

    assert done.stdout == "True False False\n", done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "SITE_URL", "DATABASE_URL", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without_a_required_variable(name):
    done = load_settings(**{key: value for key, value in PRODUCTION.items() if key != name})

    assert done.returncode == 1
    assert name in done.stderr.splitlines()[-1]


def test_production_refuses_the_secret_of_the_demo():
    demo = re.search(r'DEMO_SECRET = "(.+)"', (PROJECT / "mall" / "settings.py").read_text())

    done = load_settings(**{**PRODUCTION, "SECRET_KEY": demo[1]})

    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr.splitlines()[-1]
