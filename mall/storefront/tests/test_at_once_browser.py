"""What happens before the answer comes: the cart changes at once and takes it back when nothing
came through, nothing said meanwhile is lost, cards on their way have boxes, and who wants no motion
sees none."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from catalog.testing import make_category
from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, PATIENCE_MS, WIDE, Hands, browser
from mall.storefront.tests.shop import make_goods, make_shopper, make_words, signed_in
from orders.models import CartLine
from orders.services import CartOwner, add_line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DEED, ADD = "**/cart/lines/*/", "**/cart/add/"


@pytest.fixture(autouse=True)
def patient():
    """What is expected may take as long as any other wait, on a machine that has much to do."""
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def member():
    """A shopper with two lines in the cart."""
    make_words()
    member = make_shopper()
    for title in ("茶壶", "茶杯"):
        sku = make_goods(title).skus.get()
        add_line(owner=CartOwner(member_id=member.pk), sku_id=sku.pk, quantity=1, at=clock.now())
    return member


def held(hands: Hands, click: Callable[[], None], deed: str = DEED) -> Route:
    """The request of a click, stopped on its way to the house."""
    stopped: list[Route] = []
    hands.page.route(deed, lambda route: stopped.append(route), times=1)
    with hands.page.expect_request(deed):
        click()
    while not stopped:
        hands.page.wait_for_timeout(20)
    return stopped[0]


def errors(hands: Hands) -> list[str]:
    """What scripts complained of; these goods have pictures without files."""
    return [text for text in hands.complaints if "Failed to load resource" not in text]


def until_shown(hands: Hands, do: Callable[[], None]) -> None:
    """Do it, and wait until an answer takes the place of the cart as it was before."""
    hands.page.locator("#cart").evaluate("cart => cart.dataset.before = ''")
    do()
    expect(hands.page.locator("#cart[data-before]")).to_have_count(0)


def quantities() -> list[int]:
    """Of the lines, as they stand in the cart."""
    return list(CartLine.objects.order_by("-pk").values_list("quantity", flat=True))


def test_the_cart_changes_at_once_and_takes_it_back_when_nothing_came_through(member, live_server):
    with browser() as running:
        hands = Hands.at(running, live_server.url, WIDE)
        hands.let_in(signed_in(member))
        hands.go("/cart/")
        rows = hands.page.locator("#cart .line")
        first, toast = rows.first, hands.page.locator(".toast")
        box, amount = first.locator(".check"), first.locator("[name=quantity]")

        way = held(hands, lambda: first.locator(".line__del").click())
        expect(first).to_be_hidden()
        way.abort()
        expect(first).to_be_visible()
        expect(toast).to_contain_text("网络断了")

        way = held(hands, box.click)
        expect(box).to_have_attribute("aria-checked", "false")
        way.fulfill(status=503, body="<h1>请稍后再试</h1>", content_type="text/html")
        expect(box).to_have_attribute("aria-checked", "true")
        expect(toast).to_contain_text("请稍后再试")

        way = held(hands, lambda: first.locator("[data-step='1']").click())
        expect(amount).to_have_value("2")
        way.abort()
        expect(amount).to_have_value("1")
        assert CartLine.objects.filter(quantity=1, is_selected=True).count() == 2

        first.locator(".line__del").click()
        expect(toast.get_by_role("button")).to_be_visible()
        expect(rows).to_have_count(1)
        assert CartLine.objects.count() == 1
        toast.get_by_role("button").click()
        expect(rows).to_have_count(2)
    assert CartLine.objects.count() == 2


def test_quick_clicks_end_where_the_last_one_said(member, live_server):
    with browser() as running:
        hands = Hands.at(running, live_server.url, NARROW)
        hands.let_in(signed_in(member))
        hands.go("/cart/")
        box = hands.page.locator("#cart .line .check").first

        way = held(hands, box.click)
        box.click()
        expect(box).to_have_attribute("aria-checked", "true")
        until_shown(hands, way.continue_)
        expect(box).to_have_attribute("aria-checked", "true")
        assert errors(hands) == []
    assert CartLine.objects.filter(is_selected=True).count() == 2


def test_a_number_clicked_or_typed_while_another_answer_comes_is_sent(member, live_server):
    with browser() as running:
        hands = Hands.at(running, live_server.url, WIDE)
        hands.let_in(signed_in(member))
        hands.go("/cart/")
        first, second = hands.page.locator("#cart .line").all()
        amount = first.locator("[name=quantity]")

        way = held(hands, second.locator(".check").click)
        answer = way.fetch()

        def click_and_let_come():
            first.locator("[data-step='1']").click()
            way.fulfill(response=answer)

        until_shown(hands, click_and_let_come)
        expect(amount).to_have_value("2")
        assert quantities() == [2, 1]

        way = held(hands, second.locator(".check").click)
        amount.click()
        amount.press("Control+a")
        amount.press("5")
        with hands.page.expect_event("requestfinished"):
            way.continue_()
        hands.page.wait_for_load_state("networkidle")
        expect(amount).to_have_value("5")
        until_shown(hands, lambda: amount.press("Tab"))
        expect(amount).to_have_value("5")
        expect(second.locator(".check")).to_have_attribute("aria-checked", "true")
        assert errors(hands) == []
    assert quantities() == [5, 1]


def test_a_number_and_a_tick_of_one_line_are_both_sent(member, live_server):
    with browser() as running:
        hands = Hands.at(running, live_server.url, WIDE)
        hands.let_in(signed_in(member))
        hands.go("/cart/")
        first, second = hands.page.locator("#cart .line").all()
        amount, box = first.locator("[name=quantity]"), first.locator(".check")

        way = held(hands, second.locator(".check").click)
        amount.fill("5")
        amount.press("Enter")
        box.click()
        until_shown(hands, way.continue_)

        expect(amount).to_have_value("5")
        expect(box).to_have_attribute("aria-checked", "false")
        assert errors(hands) == []
    assert quantities() == [5, 1]
    assert not CartLine.objects.filter(is_selected=True).exists()


def test_everything_put_in_while_an_answer_comes_is_put_in(member, live_server):
    CartLine.objects.all().delete()
    product = make_goods("围巾", skus=2)
    with browser() as running:
        hands = Hands.at(running, live_server.url, WIDE)
        hands.let_in(signed_in(member))
        hands.go(f"/product/{product.pk}/")
        small, large = hands.page.locator("[data-group] .pick").all()
        add = hands.page.locator("#buy-wide [value=stay]")
        choices: list[str] = []

        way = held(hands, add.click, ADD)
        for choice in (large, small):
            with hands.page.expect_response(lambda answer: "/product/" in answer.url):
                choice.click()
            add.click()
        hands.page.on("request", lambda request: choices.append(request.method))
        way.continue_()
        expect(hands.page.locator("#cart-count")).to_contain_text("3")
        assert choices.count("POST") == 2
        assert errors(hands) == []
    assert sorted(quantities()) == [1, 2]


def test_after_failures_the_cart_shows_what_the_house_knows(member, live_server):
    with browser() as running:
        hands = Hands.at(running, live_server.url, WIDE)
        hands.let_in(signed_in(member))
        hands.go("/cart/")
        first, second = hands.page.locator("#cart .line").all()
        amount, box = first.locator("[name=quantity]"), first.locator(".check")
        total, toast = hands.page.locator(".receipt__total"), hands.page.locator(".toast")
        before = total.inner_text()

        hands.page.route("**/cart/", lambda route: route.abort(), times=1)
        way = held(hands, box.click)
        box.click()
        again = held(hands, way.abort)
        with hands.page.expect_event("requestfailed", lambda one: one.method == "GET"):
            again.abort()
        expect(box).to_have_attribute("aria-checked", "true")
        expect(toast).to_contain_text("网络断了")

        way = held(hands, second.locator(".check").click)
        first.locator("[data-step='1']").click()
        done = held(hands, way.continue_)
        done.fetch()
        done.abort()
        expect(total).not_to_have_text(before)
        expect(amount).to_have_value("2")
        expect(second.locator(".check")).to_have_attribute("aria-checked", "false")
        expect(toast).to_contain_text("网络断了")

        amount.fill("3")
        until_shown(hands, lambda: amount.press("Enter"))
        expect(amount).to_have_value("3")
    assert quantities() == [3, 1]


def test_departments_that_could_not_be_read_are_read_at_the_next_try(member, live_server):
    make_goods("龙井", category=make_category(title_zh="绿茶"))
    with browser() as running:
        hands = Hands.at(running, live_server.url, WIDE)
        hands.go("/cart/")
        busy = {"status": 503, "body": "<h1>请稍后再试</h1>", "content_type": "text/html"}
        hands.page.route("**/categories/", lambda route: route.fulfill(**busy), times=1)
        everything, panel = hands.page.locator(".mainnav__all"), hands.page.locator(".departments")

        with hands.page.expect_response("**/categories/") as first:
            everything.hover()
        assert first.value.status == 503
        hands.page.mouse.move(640, 880)
        expect(panel).to_be_hidden()
        everything.hover()
        expect(panel.get_by_role("link", name="绿茶")).to_be_visible()
        assert errors(hands) == []


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_cards_on_their_way_have_boxes_that_stand_still_for_who_wants_that(motion, live_server):
    category = make_category()
    for number in range(26):
        make_goods(f"商品{number:02}", category=category)
    stopped: list[Route] = []
    with browser() as running:
        hands = Hands.at(running, live_server.url, NARROW, reduced_motion=motion)
        hands.go(f"/category/{category.slug}/")
        boxes, cards = hands.page.locator(".is-waiting"), hands.page.locator(".card")
        expect(cards).to_have_count(24)
        hands.page.route("**cursor=**", lambda route: stopped.append(route))
        hands.click("[data-more]")
        expect(boxes).to_have_count(4)
        moving = hands.page.evaluate("document.getAnimations().length")
        stopped[0].continue_()
        expect(cards).to_have_count(26)
        expect(boxes).to_have_count(0)
        focused = "document.activeElement.closest('.card')?.innerText"
        assert hands.page.evaluate(focused)
        assert errors(hands) == []
    assert (moving > 0) is (motion == "no-preference")
