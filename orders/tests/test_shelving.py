"""The shelf's cards follow prices, sales to come, stock and publication."""

from datetime import date, timedelta

import pytest

from catalog import presenting
from catalog.models import Product, ShelfCard, ShelfMark
from catalog.selectors import shelf_edge
from catalog.services import take_off_sale
from catalog.testing import make_bundle, make_product
from inventory.testing import make_stock
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from orders.services import refresh_shelf
from orders.testing import NOON, make_stocked_sku
from promotions.models import ZoneSettings
from promotions.testing import make_campaign, make_sale, make_threshold_off

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def goods_are_new_for_a_day():
    ZoneSettings.objects.create(new_days=1)


def card_at(product_id, at=NOON):
    return ShelfCard.objects.at(at).get(product_id=product_id)


def test_a_product_on_sale_has_one_card_with_the_range_of_its_prices():
    product = make_product(price_fen=5_000, list_price_fen=6_000, skus=3)
    dear = product.skus.last()
    type(dear).objects.filter(pk=dear.pk).update(price_fen=7_000, list_price_fen=8_000)

    refresh_shelf(NOON)

    card = card_at(product.pk)
    assert (card.price_fen, card.price_to_fen, card.list_price_fen) == (5_000, 7_000, 6_000)
    assert not card.in_stock
    assert not ShelfMark.objects.exists()
    assert ShelfCard.objects.count() == 1


def test_a_sale_to_come_is_on_the_shelf_before_it_starts_and_over_after_it_ends():
    sku = make_stocked_sku(price_fen=5_000)
    starts_at, ends_at = NOON + timedelta(hours=1), NOON + timedelta(hours=3)
    make_sale(prices={sku.pk: 3_900}, starts_at=starts_at, ends_at=ends_at)

    refresh_shelf(NOON)

    instants = [NOON, starts_at, ends_at - timedelta(seconds=1), ends_at]
    assert [card_at(sku.product_id, at).price_fen for at in instants] == [
        5_000,
        3_900,
        3_900,
        5_000,
    ]
    assert card_at(sku.product_id, starts_at).badges[0]["kind"] == "sale"
    assert card_at(sku.product_id, NOON).badges == []


def test_windows_of_other_products_do_not_cut_a_card():
    quiet, busy = make_stocked_sku(), make_stocked_sku()
    make_sale(
        prices={busy.pk: 100}, starts_at=NOON + timedelta(days=1), ends_at=NOON + timedelta(days=2)
    )

    refresh_shelf(NOON)

    assert ShelfCard.objects.filter(product_id=quiet.product_id).count() == 1
    assert ShelfCard.objects.filter(product_id=busy.product_id).count() == 3


def test_a_threshold_offer_shows_as_a_badge_in_both_languages():
    sku = make_stocked_sku()
    make_threshold_off(steps=((30_000, 5_000),))

    refresh_shelf(NOON)

    (badge,) = card_at(sku.product_id).badges
    assert badge["kind"] == "threshold_off"
    assert "300" in badge["label_en"]
    assert "50" in badge["label_en"]


def test_stock_and_leaving_the_shop_move_the_card():
    product = make_product()
    refresh_shelf(NOON)
    assert not card_at(product.pk).in_stock

    make_stock(sku=product.skus.get(), on_hand=1)
    refresh_shelf(NOON)
    assert card_at(product.pk).in_stock

    take_off_sale(product=product, actor=None, at=NOON)
    refresh_shelf(NOON)
    assert not ShelfCard.objects.exists()


def test_a_batch_costs_the_same_for_two_products_and_for_fifty():
    def statements(products):
        ids = [make_stocked_sku().product_id for _n in range(products)]
        with count_queries() as counted:
            assert refresh_shelf(NOON, ids) == products
        return counted

    few, many = statements(2), statements(50)
    assert len(few) == len(many) <= 13


def test_P_39_new_goods_and_bestsellers_have_their_badge_before_the_campaigns():
    new, hot = make_stocked_sku(), make_stocked_sku()
    Product.objects.filter(pk=new.product_id).update(listed_at=NOON)
    Product.objects.filter(pk=hot.product_id).update(sales_count=1_000)
    make_threshold_off()

    refresh_shelf(NOON, [new.product_id, hot.product_id])

    for sku, flag in ((new, "new"), (hot, "hot")):
        kinds = [badge["kind"] for badge in card_at(sku.product_id).badges]
        assert kinds == [flag, "threshold_off"]


def test_M_45_the_member_day_shows_on_the_eighth_and_is_gone_on_the_ninth():
    sku = make_stocked_sku(price_fen=5_000)
    make_campaign("member_day", rule={"rate_bp": 9_500, "days": [8]})

    refresh_shelf(NOON)

    the_eighth = clock.bounds(date(2026, 12, 8))
    shown = {
        at: [badge["kind"] for badge in card_at(sku.product_id, at).badges]
        for at in (NOON, *the_eighth)
    }
    assert shown == {NOON: [], the_eighth[0]: ["member_day"], the_eighth[1]: []}


def test_a_sale_says_until_when_its_price_holds_whatever_else_changes_before():
    sku = make_stocked_sku(price_fen=5_000)
    ends_at, soon = NOON + timedelta(days=3), NOON + timedelta(days=1)
    make_sale(prices={sku.pk: 3_900}, ends_at=ends_at)
    make_threshold_off(starts_at=soon)

    refresh_shelf(NOON)

    card = card_at(sku.product_id)
    sale = next(badge for badge in card.badges if badge["kind"] == "sale")
    assert (card.valid_until, sale["ends_at"]) == (soon, ends_at.isoformat())
    assert presenting.badge(sale).keys() == {"kind", "label"}
    row = {"badges": card.badges, "valid_until": card.valid_until}
    assert presenting.price_ends_at(row) == ends_at


def test_C_13_a_bundle_is_in_stock_from_when_its_last_part_comes_until_its_first_one_leaves():
    """With nobody refreshing meanwhile; copies of a list end where its card changes."""
    comes_at, leaves_at = NOON + timedelta(hours=2), NOON + timedelta(hours=5)
    pot, cup = make_stocked_sku(price_fen=6_000), make_stocked_sku(price_fen=5_000)
    bundle = make_bundle({pot: 1, cup: 2}, price_fen=9_900)
    Product.objects.filter(pk=pot.product_id).update(on_shelf_at=comes_at)
    Product.objects.filter(pk=cup.product_id).update(on_shelf_at=NOON, off_shelf_at=leaves_at)
    moment = timedelta(microseconds=1)

    refresh_shelf(NOON, [bundle.product_id])

    instants = [NOON, comes_at - moment, comes_at, leaves_at - moment, leaves_at]
    shown = [card_at(bundle.product_id, at).in_stock for at in instants]
    assert shown == [False, False, True, True, False]
    assert [card_at(bundle.product_id, at).price_fen for at in instants] == [9_900] * 5
    Product.objects.update(on_shelf_at=None, off_shelf_at=None)
    minute = timedelta(minutes=1)
    assert [shelf_edge(edge - minute) for edge in (comes_at, leaves_at)] == [comes_at, leaves_at]


def test_a_bundle_with_a_part_that_is_not_sold_is_out_of_stock_for_good():
    pot, cup = make_stocked_sku(), make_stocked_sku()
    bundle = make_bundle({pot: 1, cup: 1})
    Product.objects.filter(pk=pot.product_id).update(on_shelf_at=NOON + timedelta(hours=1))
    Product.objects.filter(pk=cup.product_id).update(status=Product.Status.OFF_SALE)

    refresh_shelf(NOON, [bundle.product_id])

    cards = ShelfCard.objects.filter(product=bundle.product_id)
    assert [card.in_stock for card in cards] == [False]


def test_bundles_cost_a_batch_one_statement_however_many_they_are():
    counts = []
    for bundles in (0, 1, 3):
        made = [make_stocked_sku()]
        for _n in range(bundles):
            made.append(make_bundle({made[0]: 1, make_stocked_sku(): 1}))
        with count_queries() as asked:
            refresh_shelf(NOON, [sku.product_id for sku in made])
        counts.append(len(asked))

    assert counts == [counts[0], counts[0] + 1, counts[0] + 1]
