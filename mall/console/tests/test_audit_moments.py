"""Instants and either-ors of the audit trail, in whatever form a verb wrote them down."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from catalog.services import set_shelf_times
from catalog.testing import AT, make_product
from mall.console.audit_facts import changes_of
from mall.kernel.audit.models import AuditEntry
from orders.models import WarrantyRule
from orders.services import save_warranty_rule


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def said(target_type, **after):
    return [words for _name, words in changes_of(target_type, {}, after)]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-11-22T16:00:00Z", "2026-11-23 00:00"),
        ("2026-11-22T16:00:00+00:00", "2026-11-23 00:00"),
        ("2026-11-22 16:00:00+00:00", "2026-11-23 00:00"),
        ("2026-11-22T16:00:00", "2026-11-22T16:00:00"),
        ("2026-11-22 16:00", "2026-11-22 16:00"),
        ("2026-11-22", "2026-11-22"),
        ("2026-13-22T16:00:00Z", "2026-13-22T16:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ("Tuesday", "Tuesday"),
    ],
)
def test_an_instant_is_said_in_the_shops_time_and_what_is_none_as_it_was_written(written, words):
    assert said("promotions.coupon", starts_at=written) == [words]
    assert said("orders.riskblock", until=written) == [words]


@pytest.mark.parametrize(("written", "words"), [("True", "yes"), ("False", "no"), (True, "yes")])
def test_an_either_or_is_said_in_words_also_where_it_was_written_as_text(written, words):
    assert said("orders.warrantyrule", is_on=written) == [words]


@pytest.mark.parametrize("written", ["True", "None", "12"])
def test_a_title_of_the_same_letters_is_a_title(written):
    assert said("orders.warrantyrule", title_en=written) == [written]


def test_amounts_and_what_is_missing_are_said_in_words_also_where_they_were_written_as_texts():
    assert said("catalog.sku", price_fen="2900", cost_fen="None") == ["29.00", "—"]


@pytest.mark.django_db
def test_the_times_of_a_shelf_are_written_and_said_as_instants():
    product = make_product(on_sale=False)
    until = datetime(2100, 1, 1, 4, tzinfo=UTC)
    set_shelf_times(product=product, on_shelf_at=None, off_shelf_at=until, at=AT)

    entry = AuditEntry.objects.get(verb="catalog.set_shelf_times")

    assert entry.after == {"on_shelf_at": "", "off_shelf_at": "2100-01-01T04:00:00+00:00"}
    facts = list(changes_of(entry.target_type, entry.before, entry.after))
    assert [words for _name, words in facts] == ["— → 2100-01-01 12:00"]


@pytest.mark.django_db
def test_the_end_that_the_shop_gave_a_warranty_rule_is_written_as_an_instant():
    at, ends_at = datetime(2026, 11, 22, 4, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    rule = WarrantyRule.objects.create(title_zh="延保", starts_at=at, ends_at=ends_at)
    rule.is_on = False

    save_warranty_rule(rule=rule, changes={"is_on": False}, at=at)

    after = AuditEntry.objects.get(verb="orders.save_warrantyrule").after
    assert after["ends_at"] == rule.ends_at.isoformat()
    assert said("orders.warrantyrule", is_on=after["is_on"]) == ["yes"]
