"""Every rule of rules.py holds in the whole tree, and is proven to bite on an example."""

from __future__ import annotations

import pytest

from mall.tests import rules
from mall.tests.source import Module, modules

# rule -> (path, code it must catch, code it must let pass)
EXAMPLES = {
    "file_size": ("orders/tests/test_a.py", "x = 1\n" * 501, "x = 1\n" * 500),
    "function_size": (
        "orders/services/a.py",
        "def f():\n" + "    x = 1\n" * 50,
        "def f():\n" + "    x = 1\n" * 49,
    ),
    "tasks_after_commit": ("orders/services/a.py", "task.delay(1)", "task.delay_on_commit(1)"),
    "named_hooks": (
        "orders/services/a.py",
        "on_commit(partial(forget, 1), robust=True)\ntransaction.on_commit(Forget(1), None, True)\n"
        "hook = partial(forget, 1); on_commit(hook, robust=True)\n"
        "on_commit(func=hook, robust=True)",
        "on_commit(lambda: forget(1), robust=True)\non_commit(partial(forget, 1))\n"
        "on_commit(Forget(1).run, robust=True)",
    ),
    "short_timers": (
        "orders/tasks.py",
        "task.apply_async_on_commit(countdown=61)\ntask.retry(eta=later)",
        "task.apply_async_on_commit(countdown=60)",
    ),
    "wall_clock": (
        "orders/services/a.py",
        "at = timezone.now()\nat = clock.now()\nday = date.today()",
        "def verb(at):\n    return clock.day_of(at)",
    ),
    "whole_fen": (
        "promotions/engine/a.py",
        "a = 0.95\nb = float(a)\nc = price_fen / 2",
        "c = price_fen // 2",
    ),
    "no_signals": (
        "orders/apps.py",
        "@receiver(post_save)\ndef f(): ...",
        "@shared_task\ndef f(): ...",
    ),
    "gathered_texts": (
        "orders/admin/a.py",
        "said = f\"1 · {_('late')}\"",
        'late = _("late")\nsaid = f"1 · {late}"',
    ),
    "documented_verbs": (
        "orders/services/a.py",
        "def place(): ...",
        'def place():\n    """Place."""\ndef _help(): ...',
    ),
    "documented_modules": ("orders/services/a.py", "x = 1", '"""What it is for."""'),
    "ordered_locks": (
        "orders/services/a.py",
        "rows = Order.objects.filter(pk__in=ids).select_for_update()\n"
        "rows = Order.objects.order_by().select_for_update()",
        "a = Order.objects.filter(x=1).order_by('pk').select_for_update()\n"
        "c = Order.objects.select_for_update().order_by('pk')\n"
        "rows = Order.objects.order_by('pk')\nrows = rows.select_for_update()\n"
        "b = Order.objects.select_for_update().get(pk=1)",
    ),
    "named_fields": ("orders/forms.py", 'fields = "__all__"', 'fields = ["name"]'),
    "no_raw_filters": (
        "mall/api/a.py",
        "rows.filter(**request.GET.dict())\nrows.filter(**request.data)",
        "rows.filter(**wanted)",
    ),
    "no_mark_safe": (
        "mall/storefront/a.py",
        "y = mark_safe(text)\nz = SafeString(text if x else '')",
        "y = format_html('{}', text)\nz = SafeString('a' if x else 'b')",
    ),
    "front_doors": (
        "orders/services/a.py",
        "from catalog.services.publishing import publish\n"
        "from catalog import tasks\nimport catalog.admin",
        "from catalog.services import publish\nfrom catalog import selectors\n"
        "from orders.services.placing import place_order",
    ),
    "quiet_packages": (
        "orders/services/__init__.py",
        "register()",
        "from orders.services.placing import place_order\n__all__ = ['place_order']",
    ),
    "thin_pages": (
        "mall/storefront/a.py",
        "rows = Order.objects.filter(pk=1)",
        "@register.filter\ndef yuan(fen): ...",
    ),
}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_whole_tree_keeps_the_rule(rule):
    broken = [
        f"{module.path}:{line}: {text}" for module in modules() for line, text in rule(module)
    ]

    assert not broken, f"{rule.__doc__}\n" + "\n".join(broken)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_rule_catches_its_example_and_only_that(rule):
    path, wrong, right = EXAMPLES[rule.__name__]

    caught = list(rule(Module(path, wrong)))
    passed = list(rule(Module(path, right)))

    assert caught
    assert passed == []


def test_every_line_of_a_many_line_example_is_caught():
    for name in (
        "named_hooks",
        "short_timers",
        "wall_clock",
        "whole_fen",
        "ordered_locks",
        "front_doors",
        "no_mark_safe",
        "no_raw_filters",
    ):
        path, wrong, _right = EXAMPLES[name]

        lines = {line for line, _text in getattr(rules, name)(Module(path, wrong))}

        assert lines == set(range(1, wrong.count("\n") + 2)), name
