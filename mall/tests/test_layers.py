"""The floors of the house: import-linter's contracts hold, and each breaks when it should."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mall.tests.source import APPS, PROJECT

# contract -> (file that gets it, the import that breaks it)
VIOLATIONS = {
    "Call down, publish up": ("catalog/selectors.py", "import orders.models"),
    "Sums run on paper: no Django": ("promotions/engine/price.py", "import django.db"),
    "Stock knows no shopper": ("inventory/selectors.py", "import members.models"),
    "Facts, verbs and reads know no door of their own app": (
        "orders/services/probe.py",
        "import orders.admin",
    ),
    "The six apps know no roof": ("orders/models/probe.py", "import mall.api.base"),
    "The kernel knows no shop": ("mall/kernel/probe.py", "import members.models"),
    "The simulated providers are for tests": (
        "orders/services/probe.py",
        "import orders.simulator.server",
    ),
    "The runner runs before anything is installed": (
        "mall/runner/probe.py",
        "import mall.kernel.clock",
    ),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_imports_keep_every_contract():
    done = lint(PROJECT)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def broken_house(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says about a copy of the tree with one violation of each contract."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(PROJECT / ".importlinter", copy)
    for package in ("mall", *APPS):
        shutil.copytree(
            PROJECT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    for path, line in VIOLATIONS.values():
        target = copy / path
        target.write_text((target.read_text() if target.exists() else "") + f"\n{line}\n")
    return lint(copy).stdout


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_wrong_import_breaks_its_contract(contract: str, broken_house: str):
    assert f"{contract} BROKEN" in broken_house
