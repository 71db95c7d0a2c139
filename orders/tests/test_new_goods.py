"""Goods are new for the days that operators chose: badge and zone agree, by the clock (C-11)."""

from datetime import timedelta

import pytest

from catalog.models import Product, ShelfCard
from mall.kernel.audit.models import AuditEntry
from orders.services import refresh_shelf
from orders.testing import NOON, make_stocked_sku
from promotions.models import ZoneSettings
from promotions.selectors import fill
from promotions.services import save_zones
from promotions.testing import make_threshold_off

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
ZONE = [{"kind": "new", "settings": {"count": 12}}]


def listed(at):
    """A product that was first shown at an instant."""
    product_id = make_stocked_sku().product_id
    Product.objects.filter(pk=product_id).update(listed_at=at)
    return product_id


def badged(at):
    cards = ShelfCard.objects.at(at).filter(badges__contains=[{"kind": "new"}])
    return set(cards.values_list("product_id", flat=True))


def in_zone(at):
    return {row["product_id"] for row in fill(ZONE, at=at).newest()}


def test_C_11_listed_today_is_new_and_31_days_ago_is_not():
    today, old = listed(NOON), listed(NOON - 31 * DAY)

    refresh_shelf(NOON, [today, old])

    assert badged(NOON) == in_zone(NOON) == {today}


def test_C_11_badge_and_zone_end_at_the_same_instant_without_a_job():
    product_id = listed(NOON)
    refresh_shelf(NOON, [product_id])
    end = NOON + 30 * DAY

    assert badged(end - SECOND) == in_zone(end - SECOND) == {product_id}
    assert badged(end) == in_zone(end) == set()


def test_C_11_only_goods_that_are_new_now_have_a_second_card():
    old, new = listed(NOON - 300 * DAY), listed(NOON)

    refresh_shelf(NOON, [old, new])

    counts = {pk: ShelfCard.objects.filter(product_id=pk).count() for pk in (old, new)}
    assert counts == {old: 1, new: 2}


def test_C_11_the_badge_stands_before_those_of_campaigns_and_none_is_lost_by_it():
    new = listed(NOON)
    make_threshold_off(ends_at=NOON + 90 * DAY)

    refresh_shelf(NOON, [new])

    kinds = {
        at: [badge["kind"] for badge in ShelfCard.objects.at(at).get(product_id=new).badges]
        for at in (NOON, NOON + 30 * DAY)
    }
    assert kinds == {NOON: ["new", "threshold_off"], NOON + 30 * DAY: ["threshold_off"]}


def test_C_11_other_days_make_the_badges_again_in_the_same_second(
    django_capture_on_commit_callbacks,
):
    young, older = listed(NOON - 5 * DAY), listed(NOON - 20 * DAY)
    refresh_shelf(NOON, [young, older])
    assert badged(NOON) == {young, older}
    zones = ZoneSettings.objects.create()
    zones.new_days = 7

    with django_capture_on_commit_callbacks(execute=True):
        save_zones(row=zones, changed=["new_days"], at=NOON, actor=None)
        refresh_shelf(NOON)

    assert badged(NOON) == in_zone(NOON) == {young}
    assert AuditEntry.objects.get(verb="promotions.place_content").after == {"new_days": 7}
