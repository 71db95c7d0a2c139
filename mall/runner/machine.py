"""What the machine itself must have; what is missing is named with the one line that brings it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The browser of the page tests: `CHROMIUM`, or the first one on the path."""
    configured = os.environ.get("CHROMIUM")
    if configured:
        return configured if Path(configured).exists() else None
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def has_chinese_font() -> bool:
    """True when fontconfig knows a font for Chinese; without one screenshots show empty boxes."""
    program = shutil.which("fc-list")
    if program is None:
        return False
    listed = subprocess.run(
        [program, ":lang=zh", "family"], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip())


def missing_packages(*, for_checks: bool = False) -> list[str]:
    """Debian packages that the tests (and the checks) need and this machine lacks."""
    needed = {
        "chromium": chromium() is not None,
        "fonts-noto-cjk": has_chinese_font(),
        "nodejs": shutil.which("node") is not None,
    }
    if for_checks:
        needed["gettext"] = shutil.which("msgfmt") is not None
    return [name for name, present in needed.items() if not present]


def apt_line(packages: list[str]) -> str:
    """The one command that brings ``packages``."""
    return f"sudo apt-get install -y {' '.join(packages)}"
