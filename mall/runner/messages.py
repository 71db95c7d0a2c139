"""Translations: gathered with Django's makemessages, compiled here, checked to be complete.

Compiling needs no msgfmt, so that `make run` works on a machine without gettext.
"""

from __future__ import annotations

import ast
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mall.runner.places import PROJECT
from mall.runner.system import RunnerError

LOCALE = "zh_Hans"
SOURCES = (".py", ".html", ".txt", ".js", ".po")
LEFT_OUT = ("var", "node_modules", "static", "bench", "miniprogram", "tests")
MAGIC = 0x950412DE
KEYWORDS = ("msgctxt", "msgid_plural", "msgid", "msgstr")


@dataclass
class Entry:
    """One message of a .po file."""

    line: int
    fuzzy: bool = False
    parts: dict[str, str] = field(default_factory=dict)  # "msgid", "msgstr", "msgstr[1]"...

    @property
    def key(self) -> str:
        context = f"{self.parts['msgctxt']}\x04" if "msgctxt" in self.parts else ""
        plural = f"\0{self.parts['msgid_plural']}" if "msgid_plural" in self.parts else ""
        return f"{context}{self.parts.get('msgid', '')}{plural}"

    @property
    def translations(self) -> list[str]:
        return [text for name, text in self.parts.items() if name.startswith("msgstr")]

    @property
    def is_complete(self) -> bool:
        return not self.fuzzy and bool(self.translations) and all(self.translations)


def entries(path: Path) -> Iterator[Entry]:
    """The messages of a .po file; obsolete ones (`#~`) are left out."""
    entry, current = Entry(1), ""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if line.startswith("#"):
            if entry.translations:
                yield entry
                entry = Entry(number)
            entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        keyword = line.partition(" ")[0]
        if keyword.partition("[")[0] in KEYWORDS:
            if keyword in ("msgid", "msgctxt") and entry.translations:
                yield entry
                entry = Entry(number)
            current, line = keyword, line.removeprefix(keyword).strip()
        if line:
            entry.parts[current] = entry.parts.get(current, "") + ast.literal_eval(line)
    if entry.translations:
        yield entry


def compiled(path: Path) -> bytes:
    """The .mo file of a .po file: complete entries only, sorted by key."""
    table = {
        entry.key.encode(): "\0".join(entry.translations).encode()
        for entry in entries(path)
        if entry.is_complete
    }
    keys = sorted(table)
    head = 28
    offset = head + 16 * len(keys)
    index: tuple[list[bytes], list[bytes]] = ([], [])
    blob = b""
    for column, texts in zip(index, (keys, [table[key] for key in keys]), strict=True):
        for text in texts:
            column.append(struct.pack("<II", len(text), offset + len(blob)))
            blob += text + b"\0"
    header = struct.pack("<7I", MAGIC, 0, len(keys), head, head + 8 * len(keys), 0, offset)
    return header + b"".join(index[0]) + b"".join(index[1]) + blob


def compile_stale() -> int:
    """Compile each .po that is newer than its .mo; how many were."""
    count = 0
    for source in sorted(PROJECT.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        half = target.with_suffix(".half")
        half.write_bytes(compiled(source))
        half.replace(target)
        count += 1
    return count


def incomplete(path: Path) -> list[Entry]:
    """The entries of a .po file that are untranslated or fuzzy."""
    return [entry for entry in entries(path) if entry.parts.get("msgid") and not entry.is_complete]


def gather(root: Path = PROJECT) -> None:
    """Bring the .po files of ``root`` up to date with its texts."""
    ignored = [part for name in LEFT_OUT for part in ("--ignore", f"{name}/*")]
    command: list[str | Path] = [
        PROJECT / ".venv" / "bin" / "python", "manage.py", "makemessages", "--locale", LOCALE,
        "--add-location", "file", "--no-obsolete", "--verbosity", "0", *ignored,
    ]  # fmt: skip
    environment = {**os.environ, "MALL_DEMO": "1", "LOG_LEVEL": "WARNING"}
    (root / "locale").mkdir(exist_ok=True)
    done = subprocess.run(command, cwd=root, env=environment, check=False)
    if done.returncode:
        raise RunnerError("makemessages failed")


def check() -> None:
    """Are all texts translated? Gathers in a copy of the tree. Raises: RunnerError if not."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "mall"
        shutil.copytree(PROJECT, copy, ignore=_not_a_source, symlinks=True)
        gather(copy)
        lacking = [
            f"{entry.parts['msgid'][:70]!r}{' (fuzzy)' if entry.fuzzy else ''}"
            for path in sorted(copy.glob("locale/*/LC_MESSAGES/*.po"))
            for entry in incomplete(path)
        ]
    if lacking:
        listed = "\n  ".join(lacking)
        raise RunnerError(f"{len(lacking)} texts lack a translation (make messages):\n  {listed}")


def _not_a_source(folder: str, names: list[str]) -> set[str]:
    return {
        name
        for name in names
        if name.startswith(".")
        or name in ("__pycache__", *LEFT_OUT)
        or not ((Path(folder) / name).is_dir() or name.endswith(SOURCES))
    }
