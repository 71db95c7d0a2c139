"""Statements of what strangers see when it is made: performance.md, at 3 and at 60 products."""

import re
from urllib.parse import quote

import pytest
from django.test import Client

from bench.shop.world import open_shop
from mall.kernel.testing.queries import Statements, count_queries

pytestmark = pytest.mark.django_db
GOALS = {
    "category": 4,
    "search": 4,
    "list API": 3,
    "list API of a category": 3,
    "product API": 5,
}
"""Without those of what stands on every page, which the cache holds for a minute."""


def paths(world) -> dict[str, str]:
    slug, product_id = world["categories"][0], world["goods"][0]["product"]
    api = "/api/v1/catalog/products/"
    return {
        "home": "/",
        "category": f"/category/{slug}/",
        "search": f"/search/?q={quote(world['words'][0])}",
        "product": f"/product/{product_id}/",
        "list API": f"{api}?page_size=24",
        "list API of a category": f"{api}?category={slug}&page_size=24",
        "product API": f"{api}{product_id}/",
    }


def counted(world) -> dict[str, Statements]:
    """What each of them asks when the words of every page are known."""
    found = {}
    for name, path in paths(world).items():
        Client().get(path)
        with count_queries() as found[name]:
            assert Client().get(path).status_code == 200, name
    return found


@pytest.mark.parametrize("products", [3, 60])
def test_X_10_statements_stay_within_the_goal_and_none_of_them_counts(products):
    asked = counted(open_shop(products, 2, 1))

    over = {name: str(asked[name]) for name, goal in GOALS.items() if len(asked[name]) > goal}
    assert over == {}
    lists = str(asked["list API"]) + str(asked["list API of a category"])
    assert re.findall(r"COUNT\(\*\)", lists) == []
