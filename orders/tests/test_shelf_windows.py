"""Goods with shelf times are listed, priced and ordered within them, with no job running (C-06)."""

from datetime import timedelta

import pytest

from catalog.models import ShelfCard
from catalog.selectors import CardFilters, list_cards
from catalog.services import set_shelf_times
from members.testing import make_member
from orders.errors import NotBuyable, NothingSelected
from orders.services import (
    Ask,
    CartOwner,
    Wanted,
    add_line,
    quote,
    refresh_shelf,
    selected_lines,
)
from orders.testing import NOON, make_stocked_sku
from promotions.testing import make_sale

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
INSTANTS = (NOON, NOON + MINUTE, NOON + 2 * HOUR, NOON + 3 * HOUR)
SEEN = [False, True, True, False]


@pytest.fixture
def sku():
    """Shown from in a minute until three hours from now."""
    sku = make_stocked_sku(price_fen=5_000)
    set_shelf_times(
        product=sku.product, on_shelf_at=NOON + MINUTE, off_shelf_at=NOON + 3 * HOUR, at=NOON
    )
    return sku


def test_C_06_lists_show_it_in_its_time_only_and_a_sale_still_cuts_its_price(sku):
    make_sale(prices={sku.pk: 3_900}, starts_at=NOON + HOUR, ends_at=NOON + 9 * HOUR)

    refresh_shelf(NOON)

    seen = [list_cards(CardFilters(), at=at).rows for at in INSTANTS]
    assert [bool(rows) for rows in seen] == SEEN
    assert [rows[0]["price_fen"] for rows in seen if rows] == [5_000, 3_900]
    cards = ShelfCard.objects.order_by("valid_from").values_list("valid_from", "valid_until")
    assert list(cards) == [
        (NOON + MINUTE, NOON + HOUR),
        (NOON + HOUR, NOON + 3 * HOUR),
    ]


def test_C_06_it_is_priced_and_put_in_a_cart_in_its_time_only(sku):
    def is_priced(at):
        try:
            return bool(quote(ask=Ask(wanted=(Wanted(sku.pk, 1),)), member_id=None, at=at).lines)
        except NotBuyable:
            return False

    assert [is_priced(at) for at in INSTANTS] == SEEN


def test_C_06_a_cart_line_waits_out_of_its_time_and_is_ordered_within(sku):
    owner = CartOwner(member_id=make_member().pk)
    with pytest.raises(NotBuyable):
        add_line(owner=owner, sku_id=sku.pk, quantity=1, at=NOON)
    add_line(owner=owner, sku_id=sku.pk, quantity=1, at=NOON + MINUTE)

    assert [line.sku_id for line in selected_lines(owner, at=NOON + HOUR)] == [sku.pk]
    with pytest.raises(NothingSelected):
        selected_lines(owner, at=NOON + 3 * HOUR)
