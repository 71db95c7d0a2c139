"""docs/faults.md names a test for each fault F-01 to F-48, or why there is none; all exist."""

import ast
import re
from functools import cache

import pytest

from mall.tests.source import PROJECT

ROW = re.compile(r"^\| (F-\d\d[a-e]?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
FAULTS = [
    f"F-{number:02}{letter}"
    for number in range(1, 49)
    for letter in ("abcde" if number == 20 else ["", "b"] if number == 32 else [""])
]


def rows():
    """Fault -> what stands in its last column, in the order of the page."""
    text = (PROJECT / "docs/faults.md").read_text()
    return {fault: last for fault, _what, last in ROW.findall(text)}


@cache
def names_in(path):
    tree = ast.parse((PROJECT / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_fault_has_its_row():
    assert list(rows()) == FAULTS


@pytest.mark.parametrize("fault", FAULTS)
def test_a_row_names_a_test_that_carries_its_id_or_says_why_there_is_none(fault):
    last = rows()[fault]
    named = NAMED.findall(last)

    assert [one for one in named if one[1] not in names_in(one[0])] == []
    mark = fault.replace("-", "_")
    assert last.startswith("does not apply: ") or any(mark in name for _path, name in named)


def test_every_test_named_after_a_fault_stands_in_the_list():
    listed = {name for last in rows().values() for _path, name in NAMED.findall(last)}
    carried = set()
    for path in PROJECT.glob("*/**/test_*.py"):
        if not {".venv", "node_modules"} & set(path.parts):
            names = names_in(str(path.relative_to(PROJECT)))
            carried |= {name for name in names if re.match(r"test_(F_\d|.*_F_\d\d)", name)}

    beyond = {name for name in carried if re.search(r"F_(49|5\d|60)", name)}
    assert carried - beyond - listed == set()
