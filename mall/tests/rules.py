"""The rules of docs and design that a parser can check: each takes a module and says what is wrong.

A complaint is (line, text). What each rule must catch and must let pass stands in test_rules.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mall.tests.source import APPS, Module

Complaint = tuple[int, str]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

FILE_LINES = 500
FUNCTION_LINES, TEST_FUNCTION_LINES = 50, 80
LONGEST_COUNTDOWN_SECONDS = 60
DOORS = {
    "api",
    "storefront",
    "console",
    "admin",
    "management",
    "tasks",
    "kernel",
    "tests",
    "testing",
    "simulator",
}
FRONT_DOORS = {
    "models", "services", "selectors", "events", "errors", "testing", "presenting",
    "engine", "ladder", "forecast", "metrics", "loading", "sandbox", "simulator",
    "relevance", "screening",
}  # fmt: skip
MONEY_ROOMS = (
    "mall/kernel/money.py", "mall/kernel/ledger/", "promotions/engine/", "promotions/services/",
    "promotions/loading", "orders/services/", "orders/providers/", "orders/selectors",
    "orders/presenting", "members/services/", "members/ladder/",
)  # fmt: skip
AFTER_COMMIT = {
    "mall/kernel/outbox/publishing.py",  # its send is an on_commit callback itself
    "mall/console/tasks.py",  # and so is this one
}
WIRES = {
    "orders/providers/wire.py",  # a request is stamped when it leaves
    "bench/search/asking.py",  # the door of a process of its own
}
WALL_CLOCKS = {
    ("timezone", "now"),
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"),
}  # fmt: skip


def name_of(node: ast.AST) -> str:
    """The last name of `a.b.c` or `c`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def calls(module: Module, *names: str) -> Iterator[ast.Call]:
    """Calls whose function ends in one of ``names``."""
    for node in module.nodes:
        if isinstance(node, ast.Call) and name_of(node.func) in names:
            yield node


def root_name(node: ast.AST) -> str:
    """`request` of `request.GET.dict()`."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return name_of(node)


def file_size(module: Module) -> Iterator[Complaint]:
    """Files, tests too, stay small enough to read in one go."""
    count = module.text.count("\n")
    if count > FILE_LINES:
        yield count, f"{count} lines, at most {FILE_LINES}"


def function_size(module: Module) -> Iterator[Complaint]:
    """Functions stay on one screen."""
    limit = TEST_FUNCTION_LINES if module.is_test else FUNCTION_LINES
    for node in module.nodes:
        if isinstance(node, FUNCTIONS):
            count = (node.end_lineno or node.lineno) - node.lineno + 1
            if count > limit:
                yield node.lineno, f"{node.name}() has {count} lines, at most {limit}"


def tasks_after_commit(module: Module) -> Iterator[Complaint]:
    """A task sent inside a transaction may run before it commits."""
    if module.is_test_aid or module.path in AFTER_COMMIT:
        return
    for call in calls(module, "delay", "apply_async"):
        yield call.lineno, "send tasks with delay_on_commit()"


def named_hooks(module: Module) -> Iterator[Complaint]:
    """Django logs what failed after a commit by its __qualname__; without one the hooks after it
    are lost."""
    objects = {
        name_of(node.targets[0])
        for node in module.nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
    }
    for call in calls(module, "on_commit"):
        is_robust = len(call.args) > 2 or any(keyword.arg == "robust" for keyword in call.keywords)
        hooks = call.args[:1] or [word.value for word in call.keywords if word.arg == "func"]
        for hook in hooks if is_robust else ():
            is_object = isinstance(hook, ast.Name) and hook.id in objects
            if isinstance(hook, ast.Call) or is_object:
                yield call.lineno, "on_commit(robust=True) of an object: hand on a function"


def short_timers(module: Module) -> Iterator[Complaint]:
    """Long timers are rows that beat polls: a broker may lose an ETA."""
    for call in calls(
        module, "apply_async", "apply_async_on_commit", "retry", "signature", "set", "s"
    ):
        for keyword in call.keywords:
            if keyword.arg == "eta":
                yield call.lineno, "no eta=: make the timer a row"
            if keyword.arg == "countdown" and not _is_short(keyword.value):
                yield (
                    call.lineno,
                    f"countdown= over {LONGEST_COUNTDOWN_SECONDS} s: make the timer a row",
                )


def _is_short(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Constant)
        and isinstance(value.value, int)
        and value.value <= LONGEST_COUNTDOWN_SECONDS
    )


def wall_clock(module: Module) -> Iterator[Complaint]:
    """The wall clock is read in one place; verbs and sums take `at`."""
    if module.path == "mall/kernel/clock.py":
        return
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and (name_of(node.value), node.attr) in WALL_CLOCKS:
            yield node.lineno, f"{name_of(node.value)}.{node.attr}: use mall.kernel.clock"
    on_the_roof = len(module.parts) == 2 and module.parts[0] == "mall"
    if on_the_roof or module.path in WIRES or DOORS & set(module.parts) or module.is_test_aid:
        return
    for call in calls(module, "now"):
        yield call.lineno, "only doors and tasks read the clock: take `at`"


def whole_fen(module: Module) -> Iterator[Complaint]:
    """Money is whole fen: no float near it."""
    if module.is_test:
        return
    for node in module.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _is_money(node):
            yield node.lineno, "true division of fen: use // or mall.kernel.money"
        if module.path.startswith(MONEY_ROOMS) and _is_float(node):
            yield getattr(node, "lineno", 1), "float in a money module"


def _is_money(division: ast.BinOp) -> bool:
    return any(name_of(side).endswith(("_fen", "_bp")) for side in (division.left, division.right))


def _is_float(node: ast.AST) -> bool:
    literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
    return literal or (isinstance(node, ast.Name) and node.id == "float")


def no_signals(module: Module) -> Iterator[Complaint]:
    """Effects are visible calls or outbox events, never Django signals."""
    for node in module.nodes:
        if isinstance(node, FUNCTIONS):
            for decorator in node.decorator_list:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                if name_of(called) == "receiver":
                    yield node.lineno, "no @receiver: publish an event"


def gathered_texts(module: Module) -> Iterator[Complaint]:
    """A text within an f-string is never gathered, so nobody translates it."""
    for node in module.nodes:
        if isinstance(node, ast.JoinedStr):
            for call in _calls_in(node):
                if name_of(call.func) in ("_", "gettext", "gettext_lazy"):
                    yield call.lineno, "take the text out of the f-string: nobody gathers it there"


def documented_verbs(module: Module) -> Iterator[Complaint]:
    """Public verbs and selectors say what they do, lock and raise."""
    if module.is_test or not ("services" in module.parts or module.parts[-1] == "selectors"):
        return
    for node in module.tree.body:
        if (
            isinstance(node, FUNCTIONS)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ):
            yield node.lineno, f"{node.name}() has no docstring"


def documented_modules(module: Module) -> Iterator[Complaint]:
    """A module says what its room is for."""
    if module.is_test or module.parts[-1] in ("__init__", "apps"):
        return
    if not ast.get_docstring(module.tree):
        yield 1, "no module docstring"


def ordered_locks(module: Module) -> Iterator[Complaint]:
    """Rows are locked in one order, or one at a time; otherwise two verbs deadlock."""
    parents = {id(child): node for node in module.nodes for child in ast.iter_child_nodes(node)}
    for call in calls(module, "select_for_update"):
        methods = {*_methods_after(call, parents), *_methods_before(call, module)}
        if not methods & {"order_by", "get", "first"}:
            yield call.lineno, "select_for_update() without order_by(): use .locked()"


def _methods_after(call: ast.AST, parents: dict[int, ast.AST]) -> Iterator[str]:
    """`order_by` and `get` of `.select_for_update().order_by("pk").get()`."""
    while isinstance(parent := parents.get(id(call)), ast.Attribute | ast.Call):
        if isinstance(parent, ast.Call) and parent.func is call and _orders(parent):
            yield name_of(parent.func)
        call = parent


def _methods_before(call: ast.Call, module: Module) -> Iterator[str]:
    """The same of what stands before it, also when that was given a name first."""
    yield from (name_of(one.func) for one in _calls_in(call.func) if _orders(one))
    root = root_name(call.func)
    for node in module.nodes:
        if isinstance(node, ast.Assign) and name_of(node.targets[0]) == root:
            yield from (name_of(one.func) for one in _calls_in(node.value) if _orders(one))


def _calls_in(node: ast.AST) -> Iterator[ast.Call]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Call))


def _orders(call: ast.Call) -> bool:
    """An empty order_by() takes an order away."""
    return name_of(call.func) != "order_by" or bool(call.args)


def named_fields(module: Module) -> Iterator[Complaint]:
    """Forms, serializers and tables name their fields."""
    for node in module.nodes:
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)):
            continue
        if node.value.value == "__all__" and name_of(node.targets[0]) == "fields":
            yield node.lineno, 'fields = "__all__"'


def no_raw_filters(module: Module) -> Iterator[Complaint]:
    """A query is never built from what a visitor sent."""
    for call in calls(module, "filter", "exclude", "get", "update", "create", "annotate"):
        for keyword in call.keywords:
            if keyword.arg is None and root_name(keyword.value) in ("request", "query_params"):
                yield call.lineno, "a filter from the request: any field could be asked"


def no_mark_safe(module: Module) -> Iterator[Complaint]:
    """HTML is made by templates and format_html, which escape; a literal needs no escaping."""
    for node in module.nodes:
        if isinstance(node, ast.Name | ast.Attribute) and name_of(node) == "mark_safe":
            yield node.lineno, "mark_safe: use a template or format_html"
    for call in calls(module, "SafeString"):
        if not all(isinstance(leaf, ast.Constant) for leaf in _outcomes(call.args)):
            yield call.lineno, "SafeString of a value: use a template or format_html"


def _outcomes(values: list[ast.expr]) -> Iterator[ast.expr]:
    """What each value may turn out to be: both arms of `a if x else b`."""
    for value in values:
        yield from (
            _outcomes([value.body, value.orelse]) if isinstance(value, ast.IfExp) else (value,)
        )


def front_doors(module: Module) -> Iterator[Complaint]:
    """Across apps only the front doors are used, never a sub-module."""
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            paths = (
                [node.module]
                if "." in node.module
                else [f"{node.module}.{a.name}" for a in node.names]
            )
        elif isinstance(node, ast.Import):
            paths = [alias.name for alias in node.names]
        else:
            continue
        for path in paths:
            app, *rest = path.split(".")
            if (
                app in APPS
                and app != module.room
                and not (len(rest) == 1 and rest[0] in FRONT_DOORS)
            ):
                yield node.lineno, f"import of {path}: use a front door of {app}"


def quiet_packages(module: Module) -> Iterator[Complaint]:
    """An __init__ re-exports names and runs nothing."""
    if module.parts[-1] != "__init__":
        return
    for node in module.tree.body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_list = isinstance(node, ast.Assign | ast.AnnAssign) and "__all__" in ast.unparse(node)
        if not (is_docstring or is_list or isinstance(node, ast.Import | ast.ImportFrom)):
            yield node.lineno, "code in an __init__: it runs on every import"


def thin_pages(module: Module) -> Iterator[Complaint]:
    """The storefront asks selectors; it builds no query of its own."""
    if not module.path.startswith("mall/storefront/") or module.is_test:
        return
    for call in calls(module, "filter", "exclude", "raw", "aggregate", "annotate"):
        if isinstance(call.func, ast.Attribute) and root_name(call.func.value) != "register":
            yield call.lineno, f".{name_of(call.func)}() in the storefront: ask a selector"


RULES = (
    file_size, function_size, tasks_after_commit, named_hooks, short_timers, wall_clock,
    whole_fen, no_signals,
    gathered_texts, documented_verbs, documented_modules, ordered_locks, named_fields,
    no_raw_filters, no_mark_safe,
    front_doors, quiet_packages, thin_pages,
)  # fmt: skip
