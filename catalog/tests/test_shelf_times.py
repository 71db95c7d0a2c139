"""Goods are shown from one instant until another by the clock alone (C-06, C-02, C-11)."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry

from catalog.errors import ShelfTimesNotValid
from catalog.models import PriceHistory, Product
from catalog.selectors import product_page
from catalog.services import (
    publish_product,
    save_product,
    set_shelf_times,
    take_off_sale,
    write_due_shelf_times,
)
from catalog.testing import AT, make_product
from catalog.tests.screens import page, seller
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import NotFound
from mall.kernel.outbox.models import OutboxEvent

__all__ = ["seller"]
pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def planned(on_shelf_at=None, off_shelf_at=None, **values):
    product = make_product(on_sale=False, **values)
    set_shelf_times(product=product, on_shelf_at=on_shelf_at, off_shelf_at=off_shelf_at, at=AT)
    return publish_product(product=product, at=AT)


def is_seen(product, at):
    try:
        return product_page(product.pk, at=at).product.pk == product.pk
    except NotFound:
        return False


def events(name):
    return OutboxEvent.objects.filter(name=name).count()


def test_C_06_a_product_is_seen_from_its_minute_until_its_minute_without_a_job():
    product = planned(AT + MINUTE, AT + DAY)
    instants = [AT, AT + MINUTE - timedelta(microseconds=1), AT + MINUTE, AT + DAY - MINUTE]

    assert [is_seen(product, at) for at in [*instants, AT + DAY]] == [
        False, False, True, True, False,
    ]  # fmt: skip
    on_shelf = Product.objects.on_shelf
    assert [on_shelf(at).exists() for at in [*instants, AT + DAY]] == [
        product.is_on_shelf(at) for at in [*instants, AT + DAY]
    ]


def test_C_06_the_job_writes_down_what_the_clock_has_done_and_does_it_once():
    product = planned(AT + MINUTE, AT + DAY)
    assert (events("catalog.product_published"), product.listed_at) == (0, AT + MINUTE)
    assert write_due_shelf_times(AT) == 0

    assert [write_due_shelf_times(AT + 5 * MINUTE), write_due_shelf_times(AT + 6 * MINUTE)] == [
        1,
        0,
    ]
    assert events("catalog.product_published") == 1
    assert [write_due_shelf_times(AT + 2 * DAY), write_due_shelf_times(AT + 3 * DAY)] == [1, 0]

    product.refresh_from_db()
    assert (product.status, events("catalog.product_taken_off")) == ("off_sale", 1)
    rows = PriceHistory.objects.filter(sku__product=product).order_by("at", "pk")
    assert [(row.at, row.is_offered) for row in rows][-2:] == [
        (AT + MINUTE, True),
        (AT + DAY, False),
    ]
    verbs = AuditEntry.objects.filter(at__gt=AT).order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["catalog.enter_shelf", "catalog.leave_shelf"]


def test_C_06_a_job_that_slept_through_both_ends_writes_both():
    product = planned(AT + MINUTE, AT + DAY)

    assert write_due_shelf_times(AT + 2 * DAY) == 1

    product.refresh_from_db()
    assert (product.status, product.relisted_at) == ("off_sale", AT + MINUTE)


@pytest.mark.parametrize(
    ("on_shelf_at", "off_shelf_at"), [(None, AT), (AT + DAY, AT + DAY), (AT + DAY, AT + MINUTE)]
)
def test_C_06_times_that_show_nothing_are_refused(on_shelf_at, off_shelf_at):
    product = make_product()

    with pytest.raises(ShelfTimesNotValid):
        set_shelf_times(product=product, on_shelf_at=on_shelf_at, off_shelf_at=off_shelf_at, at=AT)

    product.refresh_from_db()
    assert (product.on_shelf_at, product.off_shelf_at) == (None, None)


def test_C_06_who_publishes_again_after_the_last_minute_shows_it_again():
    product = planned(None, AT + DAY)
    write_due_shelf_times(AT + 2 * DAY)

    product = publish_product(product=product, at=AT + 3 * DAY)

    assert (product.status, product.off_shelf_at) == ("on_sale", None)
    assert is_seen(product, AT + 3 * DAY)


def test_C_06_a_bulk_action_logs_as_many_changes_as_goods(client, seller):
    goods = [make_product(on_sale=False) for _n in range(3)]
    data = {"action": "publish", "_selected_action": [one.pk for one in goods]}

    client.post(page("product_changelist"), data)
    logged = AuditEntry.objects.filter(verb="catalog.publish_product", actor=seller)
    assert set(logged.values_list("target_id", flat=True)) == {str(one.pk) for one in goods}

    client.post(page("product_changelist"), {**data, "action": "take_off"})
    assert AuditEntry.objects.filter(verb="catalog.take_off_sale", actor=seller).count() == 3
    assert not Product.objects.on_sale().exists()
    assert not LogEntry.objects.filter(action_flag=3).exists()


def test_C_06_an_operator_plans_the_times_on_a_page_of_their_own(client, seller):
    product = make_product()
    typed = {"on_shelf_at_0": "2026-12-01", "on_shelf_at_1": "10:00", "off_shelf_at_0": "",
             "off_shelf_at_1": ""}  # fmt: skip

    shown = client.get(page("product_plan_shelf", product.pk))
    answer = client.post(page("product_plan_shelf", product.pk), typed)

    product.refresh_from_db()
    assert (shown.status_code, answer.status_code) == (200, 302)
    assert product.on_shelf_at.isoformat() == "2026-12-01T02:00:00+00:00"


def test_C_02_goods_are_new_once_however_often_they_come_back():
    product = make_product()
    take_off_sale(product=product, at=AT + DAY)

    product = publish_product(product=product, at=AT + 2 * DAY)

    assert (product.listed_at, product.relisted_at) == (AT, AT + 2 * DAY)
    save_product(product=product, values={"title_zh": "换了名字"}, at=AT + 3 * DAY)
    product.refresh_from_db()
    assert product.listed_at == AT
