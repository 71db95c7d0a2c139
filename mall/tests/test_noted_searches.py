"""A search answered from a shared copy is a search all the same: the log hears of it (C-53)."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from catalog.models import SearchLog
from catalog.services import write_noted
from catalog.testing import forget_noted
from mall import shopwindow
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_goods

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def window(monkeypatch):
    """The cache as production has it, and nothing noted yet."""
    forget_noted()
    cache.clear()
    monkeypatch.setattr(shopwindow, "LIFE_SECONDS", 60)
    shopwindow.KEEPER.forget_near()


def test_a_shared_copy_of_the_page_is_noted_as_well_and_costs_nothing(client):
    make_goods("防晒霜")
    address = reverse("storefront:search")
    client.get(address, {"q": "防晒"})

    with count_queries() as statements:
        page = client.get(address, {"q": "防晒"})
    write_noted()

    assert "X-Search-Found" not in page.headers
    assert len(statements) == 0
    assert SearchLog.objects.count() == 2
    assert {row.found for row in SearchLog.objects.all()} == {1}


def test_C_55_the_api_notes_how_much_a_search_found_not_what_its_page_held(client):
    for _n in range(3):
        make_goods("防晒霜")
    address = "/api/v1/catalog/products/"

    for size in (1, 20):
        client.get(address, {"q": "防晒", "page_size": size})
    write_noted()

    assert [row.found for row in SearchLog.objects.all()] == [3, 3]
