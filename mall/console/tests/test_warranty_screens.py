"""Warranties on top, for operators: a rule, and what was given. Source: O-30."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from mall.console.testing import client_of
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.outbox import relay_batch
from members.testing import make_operator
from orders.models import Warranty, WarrantyRule
from orders.selectors import warranty_on_offer
from orders.testing import NOON, make_order, make_warranty_rule

pytestmark = pytest.mark.django_db
TYPED = {
    "title_zh": "双 11 送延保",
    "months": "18",
    "starts_at_0": "2026-11-22",
    "starts_at_1": "00:00:00",
    "ends_at_0": "2026-11-23",
    "ends_at_1": "00:00:00",
    "is_on": "on",
}
GOODS = [(1, [1])]


@pytest.fixture
def boss():
    client = client_of(make_operator())
    client.cookies["django_language"] = "en"
    return client


def test_an_operator_writes_a_rule_and_looks_at_what_was_given(boss):
    wrong = boss.post(reverse("admin:orders_warrantyrule_add"), TYPED | {"ends_at_0": "2026-11-21"})
    made = boss.post(reverse("admin:orders_warrantyrule_add"), TYPED)

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


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def typed_from_today():
    today = clock.day_of(clock.now())
    return TYPED | {"starts_at_0": f"{today}", "ends_at_0": f"{today + timedelta(days=9)}"}


def test_O_30_switching_off_ends_the_promise_and_keeps_it_for_who_ordered(
    boss, django_capture_on_commit_callbacks
):
    typed = typed_from_today()
    assert warranty_on_offer(GOODS, clock.now()) is None
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(reverse("admin:orders_warrantyrule_add"), typed)
    order = make_order(paid=True, at=clock.now())
    assert warranty_on_offer(GOODS, clock.now())["months"] == 18
    rule = WarrantyRule.objects.get()
    change = reverse("admin:orders_warrantyrule_change", args=[rule.pk])

    with django_capture_on_commit_callbacks(execute=True):
        off = boss.post(change, {name: typed[name] for name in typed if name != "is_on"})

    assert warranty_on_offer(GOODS, clock.now() + timedelta(seconds=1)) is None
    assert any("orders placed before keep their warranty" in words for words in said(off))
    rule.refresh_from_db()
    assert rule.ends_at < clock.now() + timedelta(minutes=3)
    relay_batch(clock.now())
    assert Warranty.objects.get().line.order == order
    assert "runs" in boss.get(reverse("admin:orders_warrantyrule_changelist")).content.decode()


def test_a_rule_that_has_begun_keeps_its_terms_and_stays(boss):
    at = clock.now()
    begun = make_warranty_rule(starts_at=at, ends_at=at + timedelta(days=9))
    later = make_warranty_rule(starts_at=at + timedelta(days=7), ends_at=at + timedelta(days=9))
    change = reverse("admin:orders_warrantyrule_change", args=[begun.pk])
    remove = {"action": "delete_selected", "post": "yes"}
    listed = reverse("admin:orders_warrantyrule_changelist")

    shorter = boss.post(change, typed_from_today())
    gone = boss.post(reverse("admin:orders_warrantyrule_delete", args=[begun.pk]), {"post": "yes"})
    both = boss.post(listed, remove | {"_selected_action": [begun.pk, later.pk]})

    assert shorter.status_code == 200
    assert "orders were promised" in shorter.content.decode()
    assert (gone.status_code, both.status_code) == (403, 403)
    begun.refresh_from_db()
    assert (begun.months, begun.title_zh) == (12, "今日下单送延保")

    boss.post(listed, remove | {"_selected_action": [later.pk]})
    assert WarrantyRule.objects.get() == begun
    assert AuditEntry.objects.filter(verb="orders.remove_warrantyrule").count() == 1
