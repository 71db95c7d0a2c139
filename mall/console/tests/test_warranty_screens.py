"""Warranties on top, for operators: a rule, and what was given. Source: O-30."""

import pytest
from django.urls import reverse

from mall.console.testing import client_of
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.outbox import relay_batch
from members.testing import make_operator
from orders.models import Warranty, WarrantyRule
from orders.testing import NOON, make_order

pytestmark = pytest.mark.django_db


def test_an_operator_writes_a_rule_and_looks_at_what_was_given():
    boss = client_of(make_operator())
    boss.cookies["django_language"] = "en"
    typed = {
        "title_zh": "双 11 送延保",
        "months": "18",
        "starts_at_0": "2026-11-22",
        "starts_at_1": "00:00:00",
        "ends_at_0": "2026-11-23",
        "ends_at_1": "00:00:00",
        "is_on": "on",
    }

    wrong = boss.post(reverse("admin:orders_warrantyrule_add"), typed | {"ends_at_0": "2026-11-21"})
    made = boss.post(reverse("admin:orders_warrantyrule_add"), typed)

    assert (wrong.status_code, made.status_code) == (200, 302)
    rule = WarrantyRule.objects.get()
    assert (rule.months, rule.starts_at, rule.ends_at) == (18, *clock.bounds(clock.day_of(NOON)))
    assert AuditEntry.objects.filter(verb="orders.save_warrantyrule").count() == 1
    order = make_order(paid=True)
    relay_batch(NOON)
    listed = boss.get(reverse("admin:orders_warranty_changelist"), {"q": order.number})
    assert order.number in listed.content.decode()
    change = reverse("admin:orders_warranty_change", args=[Warranty.objects.get().pk])
    assert boss.post(change, {}).status_code == 403
