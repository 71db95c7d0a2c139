"""Group buys and bargains on pages: lists, the team behind a link, helping a friend.

Rows P-32 and P-34.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from mall.kernel import clock
from mall.kernel.outbox import relay_batch
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import checkout_form, make_goods, make_shopper, signed_in, words
from members.testing import make_member
from orders.models import Order
from orders.services import close_unpaid
from orders.testing import make_group_order, pay
from promotions.models import BargainHelp, BargainStart, Team
from promotions.services import fail_due_teams, help_bargain, start_bargain
from promotions.testing import make_bargain, make_group_buy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def sku():
    return make_goods().skus.get()


@pytest.fixture
def shopper():
    return make_shopper(nickname="Mia")


@pytest.fixture
def browser(shopper):
    return signed_in(shopper)


def opened(campaign, **values):
    return make_group_order(campaign, paid=True, at=clock.now(), **values)


def team_url(order):
    return reverse("storefront:team", args=[order.offer_reference])


def buy(browser, url):
    """Order what a link to the checkout names."""
    page = browser.get(url)
    return browser.post(reverse("storefront:checkout"), checkout_form(page))


def test_P_32_the_list_shows_teams_to_join_with_short_names(sku):
    campaign = make_group_buy(sku, packet_fen=500)
    order = opened(campaign, member=make_member(nickname="Lin Lan"))

    page = Client().get(reverse("storefront:groups"))

    [slot] = page.context["goods"]
    [team] = slot["teams"]
    assert (team["opener"], team["missing"], team["url"]) == ("L***", 2, team_url(order))
    html = page.content.decode()
    assert "2 more needed" in html
    assert "Lin Lan" not in html
    assert "Open a group for ¥80" in html
    assert 'data-ends="' in html


def test_P_32_a_shopper_opens_a_team_and_a_friend_joins_by_its_link(browser, sku, shopper):
    campaign = make_group_buy(sku, size=2)
    slot = browser.get(reverse("storefront:groups")).context["goods"][0]

    answer = buy(browser, slot["buy_url"])
    mine = Order.objects.get()
    assert answer["Location"] == reverse("storefront:order_pay", args=[mine.number])
    page = browser.get(team_url(mine))
    assert "Pay to keep your seat" in page.content.decode()
    pay(mine, at=clock.now())
    page = browser.get(team_url(mine))
    assert page.context["link"] == f"http://testserver{team_url(mine)}"
    assert "1 more needed" in page.content.decode()

    friend = signed_in(make_shopper(nickname="Wei"))
    page = friend.get(team_url(mine))
    assert "Join for ¥80" in page.content.decode()
    buy(friend, page.context["join_url"])
    assert "Every seat is taken" in browser.get(team_url(mine)).content.decode()
    pay(Order.objects.exclude(pk=mine.pk).get(), at=clock.now())

    html = browser.get(team_url(mine)).content.decode()
    assert "The group is complete" in html
    assert Team.objects.get().state == "succeeded"
    assert set(Order.objects.values_list("offer_reference", flat=True)) == {mine.offer_reference}
    assert campaign.items.get().taken == 2


def test_a_failed_team_says_that_the_money_comes_back(browser, sku):
    order = opened(make_group_buy(sku))
    late = clock.now() + timedelta(days=2)
    fail_due_teams(late)
    relay_batch(late)
    close_unpaid(late)

    html = browser.get(team_url(order)).content.decode()

    assert "The group was not complete in time" in html
    assert "goes back whole" in html
    assert "Open your own group" in html
    assert Order.objects.get().status == "closed"


def test_an_order_that_waits_says_so_and_leads_to_its_team(shopper, browser, sku):
    order = opened(make_group_buy(sku), member=shopper)

    html = browser.get(reverse("storefront:order", args=[order.number])).content.decode()

    assert "Waiting for your group" in html
    assert team_url(order) in html


def test_an_unknown_team_or_bargain_is_404(browser):
    assert browser.get(reverse("storefront:team", args=["nothing"])).status_code == 404
    assert browser.get(reverse("storefront:bargain", args=["nothing"])).status_code == 404
    help_url = reverse("storefront:bargain_help", args=["nothing"])
    assert browser.post(help_url).status_code == 404


@pytest.mark.parametrize(
    "offer", ["group:%s:a b", "group:%s:" + "x" * 33, "group:%s:\0", "group:9"]
)
def test_an_odd_offer_in_the_address_is_refused_without_harm(browser, sku, offer):
    campaign = make_group_buy(sku)
    named = offer % campaign.pk if "%" in offer else offer

    answer = browser.get(
        reverse("storefront:checkout"), {"sku_id": sku.pk, "quantity": 1, "offer": named}
    )

    assert answer.status_code in (302, 404)
    assert not Order.objects.exists()


def test_P_34_start_share_help_and_buy(browser, sku, shopper):
    campaign = make_bargain(sku, helps=2)
    form = {"campaign_id": campaign.pk, "sku_id": sku.pk}

    answer = browser.post(reverse("storefront:bargain_start"), form)
    start = BargainStart.objects.get()
    url = reverse("storefront:bargain", args=[start.number])
    assert answer["Location"] == url
    assert browser.post(reverse("storefront:bargain_start"), form)["Location"] == url

    friend = signed_in(make_shopper(nickname="Wei"))
    assert "Help M*** with this price" in friend.get(url).content.decode()
    page = friend.post(reverse("storefront:bargain_help", args=[start.number]), follow=True)
    cut = BargainHelp.objects.get()
    assert words(page) == [f"Thank you: you cut ¥{cut.cut_fen / 100:.2f} off the price."]
    assert "You have helped" in page.content.decode()

    page = browser.get(url)
    assert page.context["bargain"]["cuts"][0]["name"] == "W***"
    start.refresh_from_db()
    buy(browser, page.context["buy_url"])
    order = Order.objects.get()
    assert order.payable_fen - order.freight_fen == start.price_fen
    assert "Ordered: pay for it" in browser.get(url).content.decode()


def test_P_34_the_same_friend_is_told_that_once_is_enough(browser, sku):
    start = started(make_member(), sku)
    url = reverse("storefront:bargain_help", args=[start.number])
    browser.post(url, follow=True)

    page = browser.post(
        url,
        follow=True,
        headers={"Referer": f"http://testserver/en/bargain/{start.number}/"},
    )

    assert words(page) == ["You have helped with this bargain already."]
    assert BargainHelp.objects.count() == 1


def test_guests_are_sent_to_sign_in_and_back(sku):
    start = started(make_member(), sku)
    page = f"/en/bargain/{start.number}/"

    answer = Client().post(
        reverse("storefront:bargain_help", args=[start.number]),
        headers={"Referer": f"http://testserver{page}"},
    )

    assert answer["Location"] == f"/en/login/?next=%2Fen%2Fbargain%2F{start.number}%2F"
    assert Client().get(page).status_code == 200
    assert not BargainHelp.objects.exists()


@pytest.mark.parametrize(
    "form", [{}, {"campaign_id": "x", "sku_id": "1"}, {"campaign_id": "9" * 19}]
)
def test_a_start_without_goods_is_404(browser, form):
    assert browser.post(reverse("storefront:bargain_start"), form).status_code == 404


def test_a_product_offers_its_group_buy_and_its_bargain(browser, sku):
    make_group_buy(sku)
    make_bargain(sku)

    html = browser.get(reverse("storefront:product", args=[sku.product_id])).content.decode()

    assert "Open a group for ¥80" in html
    assert "Start bargaining" in html
    assert "10 friends cut the price" in html


def test_the_pages_are_there_in_both_languages_and_when_nothing_is_on(browser):
    for name in ("groups", "bargains"):
        for code in ("en", "zh-hans"):
            with translation.override(code):
                assert browser.get(reverse(f"storefront:{name}")).status_code == 200


def test_lists_cost_the_same_for_two_rows_and_for_fifty(browser, shopper):
    counts = []
    browser.get(reverse("storefront:groups"))  # the shell's own caches
    skus = [make_goods(f"商品{n}").skus.get() for n in range(12)]
    busy = make_group_buy(skus[0], quota=1000)
    for rows, teams in ((skus[:2], 2), (skus[2:], 50)):
        make_group_buy(*rows)
        for sku in rows:
            started(shopper, sku)
        for _n in range(teams):
            team_of(busy)
        for name in ("groups", "bargains"):
            with count_queries(at_most=14) as statements:
                assert browser.get(reverse(f"storefront:{name}")).status_code == 200
            counts.append((name, len(statements)))

    assert counts[:2] == counts[2:]


def test_a_team_and_a_bargain_cost_the_same_for_two_people_and_for_nine(browser, sku):
    start, campaign, counts = started(make_member(), sku), make_group_buy(sku, size=20), []
    order = opened(campaign)
    browser.get(team_url(order))  # the shell's own caches
    for people in (2, 7):
        for _n in range(people):
            help_bargain(number=start.number, helper_id=make_member().pk, at=clock.now())
            make_group_order(campaign, order.offer_reference, at=clock.now())
        for url in (team_url(order), reverse("storefront:bargain", args=[start.number])):
            with count_queries(at_most=14) as statements:
                assert browser.get(url).status_code == 200
            counts.append(len(statements))

    assert counts[:2] == counts[2:]


def team_of(campaign):
    """A team whose opener has paid, as a row."""
    at = clock.now()
    return Team.objects.create(
        number=f"team{Team.objects.count()}",
        item=campaign.items.get(),
        opener=make_member(),
        size=3,
        seats_taken=1,
        seats_paid=1,
        opened_at=at,
        ends_at=at + timedelta(hours=1),
    )


def started(member, sku):
    return start_bargain(
        campaign_id=make_bargain(sku).pk, sku_id=sku.pk, member_id=member.pk, at=clock.now()
    )
