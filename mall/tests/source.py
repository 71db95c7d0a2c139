"""The project's own source, parsed once, for the architecture tests."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
APPS = ("members", "catalog", "inventory", "promotions", "orders", "analytics")
OTHERS_FOLDERS = {
    "node_modules",
    "var",
    "__pycache__",
}  # and every folder whose name begins with a dot


@dataclass(frozen=True)
class Module:
    """One Python file: its path within the project, its text and its syntax tree."""

    path: str
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @functools.cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.removesuffix(".py").split("/"))

    @property
    def is_test(self) -> bool:
        return "tests" in self.parts or self.path == "conftest.py"

    @property
    def is_test_aid(self) -> bool:
        """Tests, and the builders and helpers that only tests import."""
        return self.is_test or "testing" in self.parts

    @property
    def room(self) -> str:
        """The package that owns the file: an app, or `mall.<room>`."""
        return ".".join(self.parts[:2]) if self.parts[0] == "mall" else self.parts[0]


def files(*suffixes: str) -> Iterator[Path]:
    """Every file of the project (not what tools and runs put into it), optionally by suffix."""
    pending = [PROJECT]
    while pending:
        for path in sorted(pending.pop().iterdir()):
            if path.name in OTHERS_FOLDERS or (path.is_dir() and path.name.startswith(".")):
                continue
            if path.is_dir():
                pending.append(path)
            elif not suffixes or path.suffix in suffixes:
                yield path


@functools.cache
def modules() -> tuple[Module, ...]:
    """Our own Python, migrations and generated code left out."""
    return tuple(
        Module(str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8"))
        for path in files(".py")
        if not {"migrations", "generated"} & set(path.parts)
    )
