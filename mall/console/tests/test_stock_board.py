"""The live stock board, ages and losses (I-02, I-10, I-52)."""

import pytest
from django.urls import reverse

from catalog.models import Sku
from catalog.testing import make_product, make_sku
from inventory.models import StockForecast
from inventory.services import consume_stock, reserve_stock, set_defective
from inventory.testing import LONG_AGO, make_stock, make_warehouse
from mall.console.testing import client_of
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from members.testing import make_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return client_of(make_operator())


def shown(client, name="stock_board", /, **query):
    answer = client.get(reverse(f"admin:{name}"), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def row_of(html, sku):
    return html.partition(f'data-sku="{sku.code}"')[2].partition("</tr>")[0]


def test_I_02_a_sale_of_one_lowers_the_board_at_the_next_refresh(boss):
    item = make_stock(sku=make_sku(), on_hand=10)
    assert "data-free>10<" in row_of(shown(boss), item.sku)

    reserve_stock(order_number="A1", wanted={"0": (item.sku_id, 1)}, region_code="33", at=LONG_AGO)
    assert "data-free>9<" in row_of(shown(boss), item.sku)
    consume_stock(order_number="A1", pieces={"0": 1}, shipment_number="S1", at=LONG_AGO)

    assert "data-free>9<" in row_of(shown(boss), item.sku)


def test_I_02_counters_and_filters_tell_low_over_and_none(boss):
    low = make_stock(sku=make_sku(), on_hand=3, safety_stock=5)
    zero = make_stock(sku=make_sku(), on_hand=0, safety_stock=5)
    over = make_stock(sku=make_sku(), on_hand=900)
    StockForecast.objects.create(item=over, overstocked_since=LONG_AGO)

    html = shown(boss)

    for level, number in (("low", 1), ("over", 1), ("zero", 1), ("rows", 3)):
        counter = html.partition(f'data-counter="{level}"')[2].partition("</a>")[0]
        assert f"<b>{number}</b>" in counter
    for level, item in (("low", low), ("zero", zero), ("over", over)):
        listed = shown(boss, level=level)
        codes = [one.sku.code for one in (low, zero, over) if row_of(listed, one.sku)]
        assert codes == [item.sku.code]


def test_I_02_goods_on_sale_that_no_warehouse_ever_had_are_counted_and_listed(boss):
    stocked, gift, bare = (make_sku() for _n in range(3))
    Sku.objects.filter(pk=gift.pk).update(is_gift_only=True)
    make_stock(sku=stocked)

    html = shown(boss, level="missing")

    counter = html.partition('data-counter="missing"')[2].partition("</a>")[0]
    assert "never stocked <b>1</b>" in counter
    assert "data-free>0<" in row_of(html, bare)
    assert reverse("admin:catalog_sku_change", args=[bare.pk]) in row_of(html, bare)
    assert reverse("admin:inventory_stockitem_take_in_delivery") in html
    assert not row_of(html, stocked)
    assert not row_of(html, gift)


def test_the_board_finds_by_warehouse_and_code_and_shrugs_at_nonsense(boss):
    house = make_warehouse()
    here = make_stock(sku=make_sku(), warehouse=house)
    there = make_stock(sku=make_sku())

    assert row_of(shown(boss, warehouse=house.pk), here.sku)
    assert not row_of(shown(boss, warehouse=house.pk), there.sku)
    assert row_of(shown(boss, q=there.sku.code), there.sku)
    odd = shown(boss, warehouse="１x", q="\0%", page="9999", level="nonsense")
    assert "Nothing here." in odd or row_of(odd, here.sku)


@pytest.mark.parametrize("page", ["stock_board", "stock_ages"])
def test_the_pages_cost_the_same_at_2_and_50_rows(boss, page):
    def add(number):
        for sku in make_product(skus=number).skus.all():
            make_stock(sku=sku, on_hand=3, safety_stock=5)

    add(2)
    shown(boss, page)
    with count_queries(at_most=12) as two:
        shown(boss, page)
    add(48)
    with count_queries(at_most=12) as fifty:
        shown(boss, page)
    assert len(two) == len(fifty)


def test_I_10_ages_are_exported_as_csv(boss):
    item = make_stock(sku=make_sku(), on_hand=10, cost_fen=100, at=clock.now())

    answer = boss.get(reverse("admin:stock_ages_export"))

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[:4] == ["SKU", "Product", "Warehouse", "On hand"]
    assert lines[1].split(",")[0] == item.sku.code
    assert lines[1].split(",")[3:8] == ["10", "10", "0", "0", "0"]
    assert row_of(shown(boss, "stock_ages"), item.sku)


def test_I_52_the_loss_rate_of_a_month(boss):
    at = clock.now()
    item = make_stock(sku=make_sku(), on_hand=1_000, cost_fen=100, at=at)
    set_defective(item_id=item.pk, pieces=2, reason="torn", source_id="d1", at=at)

    html = shown(boss, "stock_losses")

    assert '<td class="num">1,000</td><td class="num">2</td><td class="num">0.2%</td>' in html


@pytest.mark.parametrize("page", ["stock_board", "stock_ages", "stock_ages_export", "stock_losses"])
def test_who_may_not_see_stock_sees_no_board(page):
    visitor = client_of(make_operator(is_superuser=False))

    assert visitor.get(reverse(f"admin:{page}")).status_code == 403
