"""What must not be in the tree at all, and what must agree with the code."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command

from mall.runner import messages
from mall.tests.source import PROJECT, files

TEXT_SUFFIXES = (
    ".py", ".html", ".css", ".js", ".json", ".md", ".txt", ".toml", ".ini", ".yml", ".yaml", ".in",
    ".po", ".conf", ".sh", ".csv", ".svg", "",
)  # fmt: skip
# Written in pieces, so that this file does not find itself.
MACHINE_PATHS = re.compile(
    r"/wor" r"k/|\bshar" r"ed/(?:data|ui|design|style|stack|hooks)|/hom" r"e/[a-z]+/"
)
HOSTS = (
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"),
    ("jsdelivr", "net"), ("unpkg", "com"), ("cdnjs", "cloudflare"), ("googleapis", "com"),
    ("ghcr", "io"), ("quay", "io"),
)  # fmt: skip
REGISTRY_HOSTS = re.compile("|".join(re.escape(".".join(parts)) for parts in HOSTS))


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRY_HOSTS], ids=["machine", "registry"])
def test_no_file_names_a_machine_path_or_a_registry_host(pattern):
    found = [
        f"{path.relative_to(PROJECT)}: {match[0]}"
        for path in files(*TEXT_SUFFIXES)
        for match in pattern.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert not found, "\n".join(found)


def test_the_project_package_is_empty():
    assert (PROJECT / "mall" / "__init__.py").read_text() == ""


@pytest.mark.django_db
def test_migrations_are_complete(capsys):
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)

    assert "No changes detected" in capsys.readouterr().out


def test_every_translation_is_complete():
    lacking = [
        f"{path.relative_to(PROJECT)}:{entry.line}: {entry.parts['msgid'][:60]}"
        for path in PROJECT.glob("locale/*/LC_MESSAGES/*.po")
        for entry in messages.incomplete(path)
    ]

    assert not lacking, "\n".join(lacking)
