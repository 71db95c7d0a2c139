"""Options and the SKUs they make."""

import pytest

from catalog.errors import OptionsNotValid, PriceNotValid
from catalog.models import PriceHistory, Sku
from catalog.services import (
    OptionPlan,
    SkuPlan,
    ValuePlan,
    build_skus,
    save_skus,
    set_options,
    set_sku_prices,
)
from catalog.testing import AT, make_product, make_sku
from mall.kernel.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db

COLOURS = OptionPlan("colour", "颜色", [ValuePlan("red", "红"), ValuePlan("blue", "蓝")], "Colour")
SIZES = OptionPlan(
    "size", "尺码", [ValuePlan("s", "S"), ValuePlan("m", "M"), ValuePlan("l", "L")], "Size"
)


@pytest.fixture
def product():
    product = make_product(skus=1, on_sale=False)
    Sku.objects.filter(product=product).update(is_active=False, options_key="old")
    return product


def test_two_colours_and_three_sizes_are_six_skus(product):
    build_skus(product=product, options=[COLOURS, SIZES], price_fen=9_900, at=AT)

    skus = product.skus.filter(is_active=True)
    assert skus.count() == 6
    red_m = skus.get(options={"colour": "red", "size": "m"})
    assert (red_m.code, red_m.options_key) == (f"{product.code}-red-m", "colour=red;size=m")


def test_building_again_with_one_more_colour_keeps_the_old_skus_and_their_prices(product):
    build_skus(product=product, options=[COLOURS, SIZES], price_fen=9_900, at=AT)
    red_m = product.skus.get(options_key="colour=red;size=m")
    set_sku_prices(prices={red_m.pk: (8_800, 9_900)}, at=AT)
    more = OptionPlan("colour", "颜色", [*COLOURS.values, ValuePlan("green", "绿")], "Colour")

    build_skus(product=product, options=[more, SIZES], price_fen=7_700, at=AT)

    assert product.skus.filter(is_active=True).count() == 9
    red_m.refresh_from_db()
    assert red_m.price_fen == 8_800


def test_too_many_combinations_are_refused_before_anything_is_made(product):
    many = OptionPlan("engraving", "刻字", [ValuePlan(str(n), str(n)) for n in range(501)])

    with pytest.raises(OptionsNotValid):
        build_skus(product=product, options=[many], price_fen=1, at=AT)

    assert not product.options.exists()


@pytest.mark.parametrize("options", [{"size": "xxl"}, {"length": "m"}])
def test_a_value_that_the_product_does_not_have_is_refused(product, options):
    set_options(product=product, options=[SIZES], at=AT)

    with pytest.raises(OptionsNotValid):
        save_skus(product=product, skus=[SkuPlan(code="X", price_fen=1, options=options)], at=AT)

    assert not Sku.objects.filter(code="X").exists()


def test_a_code_of_another_product_is_not_taken_over(product):
    other = make_sku()

    with pytest.raises(OptionsNotValid):
        save_skus(product=product, skus=[SkuPlan(code=other.code, price_fen=1)], at=AT)


def test_every_price_is_kept_and_the_same_price_is_no_change():
    sku = make_sku(price_fen=10_000)

    assert set_sku_prices(prices={sku.pk: (9_000, 10_000)}, at=AT) == [sku.pk]
    assert set_sku_prices(prices={sku.pk: (9_000, 10_000)}, at=AT) == []

    history = PriceHistory.objects.filter(sku=sku).order_by("pk")
    assert [(row.price_fen, row.is_offered) for row in history] == [
        (10_000, False),  # made
        (10_000, True),  # put on sale
        (9_000, True),
    ]
    assert OutboxEvent.objects.filter(name="catalog.prices_changed").count() == 1


@pytest.mark.parametrize("prices", [(10_001, 10_000), (-1, 10_000)])
def test_a_price_below_zero_or_above_the_list_price_changes_nothing(prices):
    sku, other = make_sku(price_fen=5_000), make_sku(price_fen=5_000)

    with pytest.raises(PriceNotValid):
        set_sku_prices(prices={sku.pk: (4_000, 5_000), other.pk: prices}, at=AT)

    assert set(Sku.objects.values_list("price_fen", flat=True)) == {5_000}
    assert set(PriceHistory.objects.values_list("price_fen", flat=True)) == {5_000}
