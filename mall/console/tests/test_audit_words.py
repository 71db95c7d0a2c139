"""The audit trail speaks words: every verb that the code records has some, and only those."""

import ast
from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest
from django.urls import reverse
from django.utils import translation

from catalog.models import Complaint
from inventory.models import StockMovement
from mall.console.audit_facts import changes_of, target_in_words
from mall.console.audit_words import VERBS, verb_in_words
from mall.console.demo.seeding import BEGAN, FINISHED, SOLD
from mall.console.testing import client_of
from mall.kernel import audit, clock
from mall.tests.source import Module, modules
from members.testing import make_member, make_operator

RECORDERS = {"audit.record", "audit.entry", "AuditEntry.objects.create"}
MOST_STEPS = 6
SAID_BY_ROWS = {
    "catalog/services/complaining.py": {f"catalog.complaint_{s}" for s in Complaint.State},
    "catalog/services/importing/fresh.py": {
        f"catalog.{step}_product" for step in ("submit", "approve", "publish")
    },
    "inventory/services/counting.py": {f"inventory.{kind}" for kind in StockMovement.Kind},
    "inventory/services/supplying/filing.py": {
        f"inventory.save_supplier{row}"
        for row in ("", "agreement", "contact", "document", "policy", "sku")
    },
    "mall/console/demo/seeding.py": {BEGAN, SOLD, FINISHED},
    "orders/admin/after_sale_policy.py": {
        f"orders.save_{row}" for row in ("aftersalepolicy", "returnfreightrule", "servicelimit")
    },
}
"""Where a verb is put together from a row that is known at run time only: what it can be."""


class CannotTell(Exception):
    """The verb is made of something else than constants, arguments and either-ors."""


@cache
def code() -> tuple[Module, ...]:
    return tuple(module for module in modules() if not module.is_test_aid)


@cache
def parents(module: Module) -> dict[ast.AST, ast.AST]:
    return {child: node for node in module.nodes for child in ast.iter_child_nodes(node)}


def function_around(node: ast.AST, module: Module) -> ast.FunctionDef | None:
    up = parents(module)
    while node in up:
        node = up[node]
        if isinstance(node, ast.FunctionDef):
            return node
    return None


def assigned(name: str, nodes: Iterator[ast.AST]) -> list[ast.expr]:
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]


def given(function: str, name: str, position: int | None, near: Module) -> set[tuple]:
    """What the callers of a function hand it, with the module of each."""
    found = set()
    for module in code():
        if module.room != near.room or (function.startswith("_") and module != near):
            continue
        for node in module.nodes:
            if not isinstance(node, ast.Call):
                continue
            if ast.unparse(node.func).rpartition(".")[2] != function:
                continue
            named = [k.value for k in node.keywords if k.arg == name]
            placed = node.args[position : position + 1] if position is not None else []
            found |= {(value, module) for value in (*named, *placed)}
    return found


def values(expression: ast.expr, module: Module, steps: int = 0) -> set[str]:
    """Every text that an expression can be."""
    if isinstance(expression, ast.Constant):
        return {str(expression.value)}
    if isinstance(expression, ast.IfExp):
        return values(expression.body, module, steps) | values(expression.orelse, module, steps)
    if isinstance(expression, ast.JoinedStr):
        parts = [getattr(part, "value", part) for part in expression.values]
        parts = [part if isinstance(part, ast.AST) else ast.Constant(part) for part in parts]
        return {"".join(each) for each in product(*(values(p, module, steps) for p in parts))}
    sources = sources_of(expression, module)
    if not sources or steps == MOST_STEPS:
        raise CannotTell(f"{module.path}: {ast.unparse(expression)}")
    return set().union(*(values(source, where, steps + 1) for source, where in sources))


def sources_of(expression: ast.expr, module: Module) -> set[tuple]:
    """Where a name gets its value: here, from the callers, or as a constant of a module."""
    if isinstance(expression, ast.Attribute) and expression.attr == "verb":
        return given("Deed", "verb", None, module)
    if not isinstance(expression, ast.Name):
        return set()
    function = function_around(expression, module)
    if function is not None:
        local = assigned(expression.id, ast.walk(function))
        if local:
            return {(value, module) for value in local}
        places = [argument.arg for argument in function.args.args]
        if expression.id in [*places, *(a.arg for a in function.args.kwonlyargs)]:
            at = places.index(expression.id) if expression.id in places else None
            return given(function.name, expression.id, at, module)
    near = [m for m in code() if m.room == module.room]
    return {(v, m) for m in near for v in assigned(expression.id, iter(m.tree.body))}


def recorded() -> Iterator[tuple[ast.expr, Module]]:
    for module in code():
        if module.path.startswith("mall/kernel/audit/"):
            continue
        for node in module.nodes:
            if isinstance(node, ast.Call) and ast.unparse(node.func) in RECORDERS:
                yield from ((k.value, module) for k in node.keywords if k.arg == "verb")


def test_every_verb_that_the_code_records_has_words():
    found = set()
    for expression, module in recorded():
        try:
            found |= values(expression, module)
        except CannotTell:
            assert module.path in SAID_BY_ROWS, f"{module.path}: {ast.unparse(expression)}"

    said_by_rows = set().union(*SAID_BY_ROWS.values())
    assert len(found) > 180
    assert found - set(VERBS) == set()
    assert set(VERBS) - found - said_by_rows == set()


def test_verbs_named_by_rows_have_words_where_a_verb_can_reach_them():
    assert set(VERBS) & {f"inventory.{kind}" for kind in StockMovement.Kind} == {
        "inventory.count",
        "inventory.write_off",
    }
    for path in set(SAID_BY_ROWS) - {"inventory/services/counting.py"}:
        reached = SAID_BY_ROWS[path] - {"catalog.complaint_received"}
        assert reached - set(VERBS) == set()


def test_no_two_verbs_are_called_the_same():
    with translation.override("en"):
        said = [str(words) for words in VERBS.values()]

    assert len(set(said)) == len(said)
    assert not [words for words in said if "_" in words or "." in words]


def test_a_verb_of_another_release_stays_a_code():
    assert verb_in_words("moon.land") == "moon.land"
    assert target_in_words("moon.rock", "7") == "moon.rock 7"


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"status": "draft"}, {"status": "live"}, [("status", "draft → live")]),
        ({"off_fen": 500}, {"off_fen": 1050}, [("off", "5.00 → 10.50")]),
        ({"rate_bp": 10_000}, {"rate_bp": 8_500}, [("rate", "100% → 85%")]),
        ({"total": 5, "version": 1}, {"total": 5, "version": 2}, [("version", "1 → 2")]),
        ({}, {"is_claimable": True}, [("in the coupon centre", "yes")]),
        ({"cap_fen": None}, {"cap_fen": 300}, [("at most off", "— → 3.00")]),
        ({}, {"starts_at": "2026-11-22T16:00:00Z"}, [("starts at", "2026-11-23 00:00")]),
        ({}, {"goods": {"TEA": {"price_fen": 990}}}, [("goods", "TEA price 9.90")]),
    ],
)
def test_facts_are_said_by_their_columns_names_and_units(english, before, after, said):
    assert list(changes_of("promotions.coupon", before, after)) == said


@pytest.fixture
def trail(db):
    """Two deeds of the desk."""
    boss = make_operator(username="boss")
    member = make_member()
    at = clock.now()
    audit.record(actor=boss, verb="members.close_account", target=member.account, at=at)
    audit.record(actor=boss, verb="inventory.propose_disposal", target=member, at=at)
    return client_of(boss)


TRAIL = "admin:kernel_auditentry_changelist"


def deeds(client, **asked: str) -> list[str]:
    page = client.get(reverse(TRAIL), asked)
    return sorted(entry.verb for entry in page.context["cl"].result_list)


def test_the_list_says_deeds_and_things_in_words(trail):
    page = (
        trail.get(reverse(TRAIL)).content.decode().split('id="result_list"')[1].split("</table>")[0]
    )

    assert "Proposed a disposal of defects" in page
    assert "inventory.propose_disposal" not in page
    assert "members.member" not in page
    assert '/change/">member no. ' in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"deed": "inventory.propose_disposal"}, ["inventory.propose_disposal"]),
        ({"deed": "orders.ship"}, []),
        ({"q": "disposal of"}, ["inventory.propose_disposal"]),
        ({"q": "close"}, ["members.close_account"]),
        ({"q": "moon"}, []),
    ],
)
def test_the_trail_is_filtered_by_deed_and_searched_by_its_words(trail, asked, found):
    assert deeds(trail, **asked) == found
