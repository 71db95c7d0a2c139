"""What happens before any server: packages, folders, system packages, translations."""

from __future__ import annotations

import gettext
import io
import json
import sys
from pathlib import Path

import pytest

from mall.runner import machine, messages, packages, places, running
from mall.runner.progress import Steps
from mall.runner.system import Identity, RunnerError

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

#: catalog/models.py
msgid "Cart"
msgstr "购物车"

msgctxt "verb"
msgid "Order"
msgstr ""
"下"
"单"

msgid "%(n)s piece"
msgid_plural "%(n)s pieces"
msgstr[0] "%(n)s 件"

#, fuzzy
msgid "Guess"
msgstr "猜"

msgid "Missing"
msgstr ""

#~ msgid "Gone"
#~ msgstr "没了"
"""


@pytest.fixture
def po(tmp_path: Path) -> Path:
    path = tmp_path / "django.po"
    path.write_text(PO, encoding="utf-8")
    return path


def test_compiled_messages_are_read_by_gettext(po):
    catalogue = gettext.GNUTranslations(io.BytesIO(messages.compiled(po)))

    assert catalogue.gettext("Cart") == "购物车"
    assert catalogue.pgettext("verb", "Order") == "下单"
    assert catalogue.ngettext("%(n)s piece", "%(n)s pieces", 3) == "%(n)s 件"
    assert catalogue.gettext("Guess") == "Guess"


def test_untranslated_and_fuzzy_messages_are_found_with_their_lines(po):
    found = [(entry.parts["msgid"], entry.fuzzy) for entry in messages.incomplete(po)]

    assert found == [("Guess", True), ("Missing", False)]


def test_the_stamp_says_installed_only_for_the_same_files(tmp_path, monkeypatch):
    (tmp_path / "requirements.txt").write_text("django==5.2\n")
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(packages, "PROJECT", tmp_path)
    monkeypatch.setattr(packages, "PYTHON", python)
    monkeypatch.setattr(packages, "STAMP", tmp_path / "stamp.json")

    assert not packages.is_installed(["requirements.txt"])

    packages.STAMP.write_text(json.dumps(packages.wanted_hashes(["requirements.txt"])))
    assert packages.is_installed(["requirements.txt"])

    (tmp_path / "requirements.txt").write_text("django==5.3\n")
    assert not packages.is_installed(["requirements.txt"])


def test_a_failing_child_ends_the_step_with_its_last_words(tmp_path):
    command = [sys.executable, "-c", "print('half done'); raise SystemExit('no such package')"]

    step = Steps(1, io.StringIO()).step("Python packages")
    with pytest.raises(RunnerError, match="failed.*\nhalf done\nno such package"):
        packages.follow(command, log=tmp_path / "log", step=step, what="Installing")


def test_a_missing_system_package_is_named_with_one_apt_line(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.delenv("CHROMIUM", raising=False)

    missing = machine.missing_packages(for_checks=True)

    assert missing == ["chromium", "fonts-noto-cjk", "nodejs", "gettext"]
    assert (
        machine.apt_line(missing)
        == "sudo apt-get install -y chromium fonts-noto-cjk nodejs gettext"
    )


def test_a_folder_the_servers_cannot_enter_keeps_their_data_elsewhere_and_says_so(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(places, "can_use", lambda _path, _identity: False)
    monkeypatch.setattr(places, "FALLBACK_PARENT", tmp_path)

    there = places.prepare(tmp_path / "closed" / "var")
    said: list[str] = []
    there.explain(said.append)

    assert there.moved
    assert there.home.parent == tmp_path
    assert str(there.home) in said[0]


def test_programs_that_the_servers_user_cannot_reach_are_copied_once(tmp_path, monkeypatch):
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "postgres").write_text("x")
    there = places.Places(tmp_path, tmp_path / "home", Identity(65534, 65534, dropped=True))
    monkeypatch.setattr(places, "can_use", lambda _path, _identity: False)

    first = places.reachable_copy(programs, there)
    second = places.reachable_copy(programs, there)

    assert first == second != programs
    assert (first / "postgres").read_text() == "x"


@pytest.mark.parametrize("value", ["0", "65536", "http", "-1", "８０００"])
def test_a_port_that_is_none_is_refused(monkeypatch, value):
    monkeypatch.setenv("PORT", value)

    with pytest.raises(RunnerError, match="is not a port number"):
        running._port()
