"""Statements of what strangers and members see when it is made: performance.md, at 3 and at 60
products, with and without what buyers say."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client

from bench.shop.world import NOUNS, open_shop
from catalog.models import Category, Product
from catalog.testing import make_media, make_product
from mall.kernel import clock
from mall.kernel.testing.queries import Statements, count_queries
from mall.storefront.tests.shop import make_shopper, signed_in
from members.testing import make_member, make_operator
from orders.models import Upload
from orders.services import answer_as_shop, ask_question, refresh_shelf, write_review
from orders.testing import NOON, make_received_order

pytestmark = pytest.mark.django_db
GOALS = {
    "home": 5,
    "home API": 5,
    "category": 4,
    "search": 4,
    "product": 5,
    "list API": 3,
    "list API of a category": 3,
    "product API": 5,
}
"""Without those of what stands on every page, which the cache holds for a minute."""
FOR_MEMBERS = {"home": 9, "product": 9}
"""Session, account, the counts of the head; their tier, or the coupons they hold."""


def paths(world) -> dict[str, str]:
    slug, product_id = world["categories"][0], world["goods"][0]["product"]
    api = "/api/v1/catalog/products/"
    return {
        "home": "/",
        "home API": "/api/v1/catalog/home/",
        "category": f"/category/{slug}/",
        "search": f"/search/?q={quote(world['words'][0])}",
        "product": f"/product/{product_id}/",
        "list API": f"{api}?page_size=24",
        "list API of a category": f"{api}?category={slug}&page_size=24",
        "product API": f"{api}{product_id}/",
    }


def counted(world, browser: Callable[[], Client] = Client, only=GOALS) -> dict[str, Statements]:
    """What each of them asks when the words of every page are known."""
    found = {}
    for name, path in paths(world).items():
        if name in only:
            browser().get(path)
            with count_queries() as found[name]:
                assert browser().get(path).status_code == 200, name
    return found


def over(asked: dict[str, Statements], goals: dict[str, int]) -> dict[str, str]:
    return {name: str(asked[name]) for name, goal in goals.items() if len(asked[name]) > goal}


def grow(number):
    """So many more goods in the departments of the shop, on the shelf."""
    pattern = Product.objects.order_by("pk").first()
    departments = list(Category.objects.filter(products__isnull=False).distinct())
    made = [
        make_product(
            f"{NOUNS[n % len(departments)]} {n}",
            category=departments[n % len(departments)],
            brand=pattern.brand,
            freight_template=pattern.freight_template,
        ).pk
        for n in range(number)
    ]
    refresh_shelf(clock.now(), made)


def say(product_id, number):
    """So many buyers review the product with a picture, ask about it and are answered."""
    sku = Product.objects.get(pk=product_id).skus.get()
    for n in range(number):
        order = make_received_order(sku=sku, at=NOON)
        picture = Upload.objects.create(
            member=order.member, media=make_media(), purpose="review", created_at=NOON
        )
        write_review(
            member_id=order.member_id,
            order_number=order.number,
            line_id=order.lines.get().pk,
            rating=5,
            text=f"很好 {n}",
            upload_ids=(picture.pk,),
            at=NOON,
        )
        question = ask_question(
            product_id=product_id, member_id=make_member().pk, text=f"软吗 {n}?", at=clock.now()
        )
        answer_as_shop(question=question, text="软", at=clock.now(), actor=make_operator())


def test_X_10_statements_stay_within_the_goal_and_none_of_them_counts():
    asked = counted(open_shop(60, 2, 1, at=clock.now()))

    assert over(asked, GOALS) == {}
    lists = str(asked["list API"]) + str(asked["list API of a category"])
    assert re.findall(r"COUNT\(\*\)", lists) == []


def test_X_10_statements_are_the_same_at_2_and_at_50_products_and_voices():
    world = open_shop(3, 2, 1, at=clock.now())
    product_id = world["goods"][0]["product"]
    say(product_id, 2)
    few = counted(world)
    grow(47)
    say(product_id, 3)

    many = counted(world)

    assert {name: len(one) for name, one in many.items()} == {
        name: len(one) for name, one in few.items()
    }
    assert over(many, GOALS) == {}
    page = Client().get(f"/product/{product_id}/").context
    assert [len(page[name]) for name in ("reviews", "shows", "related")] == [4, 5, 5]
    assert [len(row["answers"]) for row in page["asked"]["questions"]] == [1, 1, 1]


def test_members_cost_a_few_statements_more():
    world, browser = open_shop(3, 2, 1, at=clock.now()), signed_in(make_shopper())

    asked = counted(world, lambda: browser, FOR_MEMBERS)

    assert over(asked, FOR_MEMBERS) == {}
