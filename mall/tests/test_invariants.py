"""The judge bites: every query runs, and a hand-edited row is named."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from catalog.testing import make_sku
from inventory.testing import make_stock
from mall.kernel.invariants import Invariant, audit, auditing, invariants, register


@pytest.mark.django_db
def test_an_untouched_shop_breaks_nothing_and_every_query_runs():
    make_stock(sku=make_sku(), on_hand=5)

    assert len(invariants()) >= 25
    assert [violation for _invariant, violation in audit() if violation] == []


@pytest.mark.django_db
def test_one_hand_edited_row_turns_it_red_and_is_named():
    item = make_stock(sku=make_sku(), on_hand=5)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_stockitem SET on_hand = 6 WHERE id = %s", [item.pk])

    out = StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("audit_invariants", "--json", stdout=out)

    assert exit_.value.code == 1
    broken = json.loads(out.getvalue())["broken"]
    assert list(broken) == ["INV-03a"]
    assert f"stock {item.pk} " in broken["INV-03a"][0]


def test_a_code_is_listed_once(monkeypatch):
    monkeypatch.setattr(auditing, "_invariants", {})
    register(Invariant("INV-T", "says", "SELECT 'x' WHERE false"))

    with pytest.raises(ValueError, match="listed twice"):
        register(Invariant("INV-T", "says something else", "SELECT 'y'"))
