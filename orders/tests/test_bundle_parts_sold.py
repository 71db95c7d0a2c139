"""A bundle is sold when, and where, all its parts are: at the till, in the cart, on its card. C-13,
C-06, C-71."""

from datetime import timedelta

import pytest

from catalog.models import RegionSet, ShelfCard, ShelfMark
from catalog.selectors import product_page, skus_for_pricing
from catalog.services import change_sku, publish_product, set_shelf_times, take_off_sale
from catalog.testing import make_bundle, make_product
from inventory.testing import make_stock
from mall.kernel.errors import NotFound
from members.testing import make_member
from orders.errors import NotBuyable, NothingSelected, NotSoldThere
from orders.services import (
    Ask,
    CartOwner,
    Wanted,
    add_line,
    quote,
    refresh_shelf,
    selected_lines,
    shelf_paused,
)
from orders.services.selecting import Problem, with_problems
from orders.testing import NOON, make_stocked_sku

pytestmark = pytest.mark.django_db
SHANGHAI, XINJIANG = "310101", "650102"


@pytest.fixture
def tea():
    """A bundle of a pot and two cups, in a cart; the cups come in two sizes."""
    pot, cup = make_stocked_sku(), make_product(skus=2).skus.order_by("pk")[0]
    make_stock(sku=cup, on_hand=40)
    bundle = make_bundle({pot: 1, cup: 2}, price_fen=9_900)
    owner = CartOwner(member_id=make_member().pk)
    add_line(owner=owner, sku_id=bundle.pk, quantity=1, at=NOON)
    return bundle, cup, owner


def priced(bundle, region_code=None):
    ask = Ask(wanted=(Wanted(bundle.pk, 1),), region_code=region_code)
    return quote(ask=ask, member_id=None, at=NOON)


def problems(owner, region_code=""):
    return [problem for _line, problem in with_problems(owner, NOON, region_code)]


STOPS = {
    "off sale": lambda cup: take_off_sale(product=cup.product, at=NOON),
    "SKU switched off": lambda cup: cup.product.skus.update(is_active=False),
    "not yet shown": lambda cup: set_shelf_times(
        product=cup.product, on_shelf_at=NOON + timedelta(days=1), off_shelf_at=None, at=NOON
    ),
    "over": lambda cup: set_shelf_times(
        product=cup.product, on_shelf_at=None, off_shelf_at=NOON, at=NOON - timedelta(days=1)
    ),
}


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_what_is_not_sold_is_sold_in_no_bundle(tea, stop):
    bundle, cup, owner = tea
    assert len(priced(bundle).lines) == 1
    assert problems(owner) == [None]

    stop(cup)

    with pytest.raises(NotBuyable):
        priced(bundle)
    assert problems(owner) == [Problem.OFF_SHELF]
    with pytest.raises(NothingSelected):
        selected_lines(owner, at=NOON)
    assert product_page(bundle.product_id, at=NOON).kits == {}


def test_C_71_a_bundle_is_sold_only_where_each_of_its_parts_is(tea):
    bundle, cup, owner = tea
    cup.product.sold_in.set(RegionSet.objects.filter(code="east"))

    facts = skus_for_pricing([bundle.pk], NOON)[bundle.pk]

    assert (facts.is_sold_to(SHANGHAI), facts.is_sold_to(XINJIANG)) == (True, False)
    assert priced(bundle, SHANGHAI).lines
    with pytest.raises(NotSoldThere):
        priced(bundle, XINJIANG)
    assert problems(owner, SHANGHAI) == [None]
    assert problems(owner, XINJIANG) == [Problem.REGION]


def in_stock(bundle):
    return ShelfCard.objects.at(NOON).get(product=bundle.product_id).in_stock


def test_the_card_of_a_bundle_follows_its_parts_off_the_shelf_and_back(tea):
    bundle, cup, _owner = tea
    refresh_shelf(NOON)
    assert in_stock(bundle)

    def changed(deed, **values):
        with shelf_paused():
            deed(at=NOON, **values)
        assert ShelfMark.objects.filter(product=bundle.product_id).exists()
        refresh_shelf(NOON)
        return in_stock(bundle)

    assert not changed(take_off_sale, product=cup.product)
    assert changed(publish_product, product=cup.product)
    assert not changed(change_sku, sku_id=cup.pk, values={"is_active": False})
    assert changed(change_sku, sku_id=cup.pk, values={"is_active": True})


def test_the_page_of_a_bundle_stays_while_that_of_its_part_goes(tea):
    bundle, cup, _owner = tea
    take_off_sale(product=cup.product, at=NOON)

    assert product_page(bundle.product_id, at=NOON).sku_ids == [bundle.pk]
    with pytest.raises(NotFound):
        product_page(cup.product_id, at=NOON)
