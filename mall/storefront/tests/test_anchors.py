"""C-32 on the pages: the struck-through price, what it is, and what one saves."""

import re
from datetime import timedelta

import pytest

from catalog.services import set_sku_prices
from mall.kernel import clock
from orders.services import refresh_shelf
from orders.testing import make_stocked_sku

pytestmark = pytest.mark.django_db


def words(client, address):
    """The words of a page, without tags and runs of spaces."""
    text = re.sub(r"<[^>]+>", " ", client.get(address).content.decode())
    return re.sub(r"\s+", " ", text)


def test_C_32_100_then_80_shows_the_old_price_the_new_one_and_20_saved(client):
    at = clock.now()
    sku = make_stocked_sku(price_fen=10_000, at=at - timedelta(days=2))
    set_sku_prices(prices={sku.pk: (8_000, 10_000)}, at=at - timedelta(days=1))
    refresh_shelf(at)

    page = words(client, f"/en/product/{sku.product_id}/")
    home = words(client, f"/en/search/?q={sku.product.title_zh}")

    assert "¥100" in page
    assert "¥20 off" in page
    assert "Suggested retail price" not in page
    assert "¥20 off" in home
    assert '<s class="was">' in client.get(f"/product/{sku.product_id}/").content.decode()


def test_a_list_price_never_asked_is_called_a_suggested_one(client):
    sku = make_stocked_sku(price_fen=8_000, list_price_fen=10_000)
    refresh_shelf(clock.now())

    page = words(client, f"/en/product/{sku.product_id}/")

    assert "Suggested retail price" in page
    assert "¥20 off" in page
