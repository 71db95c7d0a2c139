"""What a page promised an order has: a warranty rule that has begun only ends. Source: O-30."""

from datetime import timedelta

import pytest

from catalog.testing import make_category
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.outbox import relay_batch
from mall.kernel.testing.queries import count_queries
from orders.errors import WarrantyPromised
from orders.models import Warranty, WarrantyRule
from orders.selectors import warranty_on_offer
from orders.services import remove_warranty_rule, save_warranty_rule
from orders.testing import NOON, make_order, make_warranty_rule, pay

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = clock.bounds(clock.day_of(NOON))
GOODS = [(1, [1])]
SECOND, GRACE = timedelta(seconds=1), timedelta(minutes=2)


def make_rule(**values):
    return make_warranty_rule(**{"starts_at": TODAY, "ends_at": TOMORROW} | values)


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """What is done here is committed at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def save(rule, at=NOON, **changes):
    for name, value in changes.items():
        setattr(rule, name, value)
    save_warranty_rule(rule=rule, changes=changes, at=at)


def given_to(*orders):
    relay_batch(TOMORROW + timedelta(days=2))
    return list(Warranty.objects.filter(line__order__in=orders).values_list("months", flat=True))


def test_O_30_who_ordered_while_the_rule_was_on_keeps_it_when_it_is_switched_off():
    rule = make_rule()
    unpaid, queued = make_order(at=NOON - SECOND), make_order(paid=True, at=NOON - SECOND)

    save(rule, is_on=False)

    on_the_way = make_order(paid=True, at=NOON + GRACE - SECOND)
    late = make_order(paid=True, at=NOON + GRACE)
    pay(unpaid, at=NOON + timedelta(minutes=5))
    assert given_to(unpaid, queued) == [12, 12]
    assert given_to(on_the_way) == [12]
    assert given_to(late) == []
    assert AuditEntry.objects.get(verb="orders.save_warrantyrule").after == {
        "is_on": "True",
        "ends_at": (NOON + GRACE).isoformat(),
    }


def test_O_30_pages_promise_a_rule_once_it_is_saved_and_none_that_is_switched_off(commits):
    assert warranty_on_offer(GOODS, NOON) is None
    rule = WarrantyRule(title_zh="延保", months=18, starts_at=TODAY, ends_at=TOMORROW)

    with commits():
        save(rule, months=18)
    assert warranty_on_offer(GOODS, NOON)["months"] == 18

    with commits():
        save(rule, is_on=False)
    assert warranty_on_offer(GOODS, NOON) is None


def test_O_30_a_rule_that_is_removed_is_promised_no_more(commits):
    rule = make_rule(starts_at=NOON + SECOND)
    assert warranty_on_offer(GOODS, NOON + 2 * SECOND)["months"] == 12

    with commits():
        remove_warranty_rule(rule=rule, at=NOON)

    assert warranty_on_offer(GOODS, NOON + 2 * SECOND) is None
    assert AuditEntry.objects.filter(verb="orders.remove_warrantyrule").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"months": 6},
        {"starts_at": NOON},
        {"categories": []},
        {"products": []},
    ],
)
def test_what_was_promised_is_neither_narrowed_nor_removed(changes):
    rule = make_rule()
    columns = {name: value for name, value in changes.items() if name in ("months", "starts_at")}
    for name, value in columns.items():
        setattr(rule, name, value)

    with pytest.raises(WarrantyPromised):
        save_warranty_rule(rule=rule, changes=changes, at=NOON)
    with pytest.raises(WarrantyPromised):
        remove_warranty_rule(rule=WarrantyRule.objects.get(), at=NOON)

    rule.refresh_from_db()
    assert (rule.months, rule.starts_at) == (12, TODAY)
    assert not AuditEntry.objects.filter(verb__contains="warrantyrule").exists()


def test_a_rule_that_is_over_is_not_opened_again():
    rule = make_rule()
    save(rule, is_on=False)
    ended_at = rule.ends_at
    gap = make_order(at=NOON + timedelta(minutes=110))

    for changes in ({"ends_at": TOMORROW}, {"is_on": False}):
        with pytest.raises(WarrantyPromised):
            save(WarrantyRule.objects.get(), at=NOON + timedelta(hours=2), **changes)

    assert WarrantyRule.objects.get().ends_at == ended_at
    make_rule(starts_at=NOON + timedelta(hours=2), months=24)
    pay(gap, at=NOON + timedelta(hours=2))
    again = make_order(paid=True, at=NOON + timedelta(hours=2))
    assert (given_to(gap), given_to(again)) == ([], [24])


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (NOON - timedelta(hours=1), NOON + GRACE),
        (NOON + SECOND, NOON + GRACE),
        (NOON + timedelta(hours=1), NOON + timedelta(hours=1)),
        (TOMORROW + timedelta(days=1), TOMORROW + timedelta(days=1)),
    ],
)
def test_an_end_is_moved_but_not_before_pages_have_stopped_to_promise_it(typed, stored):
    rule = make_rule()

    save(rule, ends_at=typed)

    rule.refresh_from_db()
    assert (rule.ends_at, rule.is_on) == (stored, True)


def test_an_early_end_is_a_whole_second_and_never_behind_the_last_one():
    rule = make_rule()

    save(rule, at=NOON + timedelta(microseconds=1), is_on=False)
    assert rule.ends_at == NOON + GRACE + SECOND
    save(rule, at=NOON + timedelta(minutes=1), is_on=False)

    assert WarrantyRule.objects.get().ends_at == NOON + GRACE + SECOND


def test_before_it_begins_a_rule_may_be_anything():
    rule, category = make_rule(starts_at=NOON + SECOND), make_category()

    save(rule, months=6, is_on=False)
    rule.categories.add(category)
    save(rule, at=TOMORROW - SECOND, ends_at=TOMORROW + timedelta(days=9), is_on=False)

    rule.refresh_from_db()
    assert (rule.months, rule.is_on) == (6, False)
    remove_warranty_rule(rule=rule, at=TOMORROW)
    assert not WarrantyRule.objects.exists()


def test_a_rule_costs_the_same_to_save_begun_or_not():
    begun, later = make_rule(), make_rule(starts_at=NOON + SECOND)

    with count_queries() as first:
        save(begun, is_on=False)
    with count_queries() as second:
        save(later, is_on=False)

    assert len(first) == len(second) <= 5
