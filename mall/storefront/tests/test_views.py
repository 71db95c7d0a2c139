"""Views stay thin: a screenful each, and every one is reachable by its address."""

import ast
from pathlib import Path

import pytest

VIEWS = Path(__file__).resolve().parents[1] / "views"
MODULES = sorted(VIEWS.glob("*.py"))
MOST_LINES = 20


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_view_has_at_most_twenty_lines(path):
    tree = ast.parse(path.read_text())
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > MOST_LINES
    }

    assert long == {}
