"""A group buy and a bargain on a small phone: without a line of script, and in both languages."""

import pytest

from catalog.models import Product, Sku
from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.sale import open_shop
from mall.storefront.tests.shop import make_shopper
from members.models import Member
from members.testing import PASSWORD, make_member
from orders.models import Order
from orders.testing import make_group_order
from promotions.models import BargainStart, Campaign, Team
from promotions.services import help_bargain
from promotions.testing import make_bargain, make_group_buy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALL = 360


@pytest.fixture
def sku() -> Sku:
    """A pair of headphones in a group buy for two, and in a bargain for three friends."""
    open_shop()
    sku = Product.objects.get(title_zh="头戴式降噪耳机").skus.get()
    words = {"title_zh": "两人拼团", "title_en": "Two together"}
    campaign = make_group_buy(sku, price_fen=29_900, size=2, packet_fen=500)
    Campaign.objects.filter(pk=campaign.pk).update(**words)
    make_bargain(sku, price_fen=35_000, floor_fen=19_900, helps=3)
    return sku


def at_door(running, live_server, member: Member | None, width: int = NARROW, **context) -> Hands:
    """A browser window, signed in."""
    hands = Hands.at(running, live_server.url, width, **context)
    if width == NARROW:
        hands.page.set_viewport_size({"width": SMALL, "height": 740})
        hands.width = SMALL
    if member is not None:
        hands.go("/en/login/?by=password&next=/en/group/")
        hands.page.fill("[name=phone]", str(member.account.phone))
        hands.page.fill("[name=password]", PASSWORD)
        hands.follow(".gate__form form button:not([formaction])", "/en/group/")
    return hands


def order_and_pay(hands: Hands) -> None:
    """Place what the checkout shows, pay at the sandbox's cashier."""
    hands.click("button[name=do][value=place]")
    hands.page.wait_for_url("**/pay/")
    hands.click("form button.btn--lg")
    hands.page.wait_for_url("**/sandbox/cashier/**")
    hands.click("button[name=result][value=success]")
    hands.click("a[href^='/en/pay/']")
    hands.shows(".outcome--succeeded")


def test_P_32_two_friends_complete_a_group_without_script(sku, live_server):
    lin, wei = make_shopper(nickname="Lin"), make_shopper(nickname="Wei")
    with browser() as running:
        opener = at_door(running, live_server, lin, java_script_enabled=False)
        opener.shoot("group-list-empty")
        opener.follow(".offer__go .btn", "/en/checkout/")
        assert "Group buy" in opener.text("main")
        order_and_pay(opener)
        team = Team.objects.get()
        path = f"/en/group/team/{team.number}/"
        opener.go(path)
        assert "1 more needed" in opener.text("#team")
        opener.shoot("group-team-open")

        friend = at_door(running, live_server, wei, java_script_enabled=False)
        assert "1 more needed" in friend.text(".teams")
        friend.shoot("group-list")
        friend.follow(".teams a", path)
        friend.shoot("group-team-join")
        friend.follow("#team .btn--lg", "/en/checkout/")
        order_and_pay(friend)

        opener.go(path)
        assert "The group is complete" in opener.text("#team")
        opener.shoot("group-team-done")
        assert opener.complaints == friend.complaints == []
        assert opener.strangers == friend.strangers == []
    assert list(Order.objects.values_list("status", flat=True)) == ["paid", "paid"]


def test_P_34_friends_cut_a_price_without_script(sku, live_server):
    lin, wei = make_shopper(nickname="Lin"), make_shopper(nickname="Wei")
    with browser() as running:
        owner = at_door(running, live_server, lin, java_script_enabled=False)
        owner.go("/en/bargain/")
        owner.shoot("bargain-list")
        owner.click(".offer__go button")
        owner.page.wait_for_url("**/en/bargain/*/")
        start = BargainStart.objects.get()
        owner.shoot("bargain-mine")

        friend = at_door(running, live_server, wei, java_script_enabled=False)
        friend.go(f"/en/bargain/{start.number}/")
        assert "Help L***" in friend.text("#bargain")
        friend.shoot("bargain-help")
        friend.click("#bargain form button")
        friend.shows("text=You have helped")
        for _n in range(2):
            help_bargain(number=start.number, helper_id=make_member().pk, at=clock.now())

        owner.go(f"/en/bargain/{start.number}/")
        assert "The lowest price is reached" in owner.text("#bargain")
        owner.shoot("bargain-floor")
        owner.follow("#bargain .btn--lg", "/en/checkout/")
        order_and_pay(owner)
        assert owner.complaints == friend.complaints == []
    order = Order.objects.get()
    assert (order.payable_fen - order.freight_fen, order.status) == (19_900, "paid")


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_pages_fit_in_chinese_too(sku, live_server, width):
    campaign = Campaign.objects.get(kind=Campaign.Kind.GROUP)
    opened = make_group_order(campaign, paid=True, at=clock.now())
    with browser() as running:
        hands = at_door(running, live_server, None, width)
        for name, path in (
            ("zh-group-list", "/group/"),
            ("zh-group-team", f"/group/team/{opened.offer_reference}/"),
            ("zh-bargain-list", "/bargain/"),
            ("zh-product", f"/product/{sku.product_id}/"),
        ):
            hands.go(path)
            hands.shoot(name)
        assert hands.complaints == []
        assert hands.strangers == []
