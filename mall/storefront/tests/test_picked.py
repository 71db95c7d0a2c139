"""Picked for you: goods of what a member likes and looked at, for them alone (C-08)."""

import pytest
from django.test import Client

from catalog.models import Product
from catalog.services import clear_views, keep_favourite
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_goods, make_shopper, signed_in
from members.services import set_history
from orders.services import refresh_shelf

pytestmark = pytest.mark.django_db
PAGES = ("/me/", "/category/nowhere/", "/search/?q=xyzzy")


@pytest.fixture
def goods():
    """A lamp that sells best, a pot, and two teas of one category."""
    lamp, pot, tea = (make_goods(name) for name in ("灯", "壶", "龙井"))
    other = make_goods("碧螺春", category=tea.category)
    for sold, product in enumerate((other, tea, pot, lamp)):
        Product.objects.filter(pk=product.pk).update(sales_count=sold)
        refresh_shelf(clock.now(), [product.pk])
    return lamp, pot, tea, other


@pytest.fixture
def member():
    return make_shopper()


def picked(browser, page):
    return [card["name"] for card in browser.get(page).context["recommended"]]


@pytest.mark.parametrize("page", PAGES)
def test_a_member_who_keeps_a_tea_is_shown_another_one_first(page, goods, member):
    keep_favourite(account=member.account, product_id=goods[2].pk, at=clock.now())

    assert picked(signed_in(member), page)[0] == "碧螺春"


@pytest.mark.parametrize("page", PAGES)
def test_what_a_member_looked_at_counts_while_the_history_is_kept(page, goods, member):
    browser = signed_in(member)
    browser.post(f"/product/{goods[2].pk}/seen/")

    assert set(picked(browser, page)[:2]) == {"龙井", "碧螺春"}
    set_history(member=member, keeps=False, at=clock.now())
    assert picked(browser, page)[0] == "灯"
    set_history(member=member, keeps=True, at=clock.now())
    clear_views(account=member.account)
    assert picked(browser, page)[0] == "灯"


@pytest.mark.parametrize("page", PAGES[1:])
def test_a_stranger_is_shown_what_sells_also_after_a_member(page, goods, member):
    keep_favourite(account=member.account, product_id=goods[2].pk, at=clock.now())
    signed_in(member).get(page)

    assert picked(Client(), page)[0] == "灯"


@pytest.mark.parametrize("page", PAGES)
def test_to_know_what_one_likes_asks_no_more_than_to_find_that_it_is_nothing(page, goods, member):
    browser = signed_in(member)
    browser.get(page)
    with count_queries() as unknown:
        browser.get(page)
    keep_favourite(account=member.account, product_id=goods[2].pk, at=clock.now())

    with count_queries() as known:
        browser.get(page)

    assert len(known) == len(unknown)
