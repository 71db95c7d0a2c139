"""Nothing that was clicked or typed is lost on the way out of a page, or when an answer comes:
numbers of the cart, the note of an order."""

from functools import partial

import pytest
from playwright.sync_api import expect

from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, PATIENCE_MS, WIDE, Hands, browser
from mall.storefront.tests.shop import make_goods, make_shopper, make_words, signed_in
from mall.storefront.tests.test_at_once_browser import errors, held
from members.testing import make_address
from orders.models import CartLine
from orders.services import CartOwner, add_line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHECKOUT = "**/checkout/"


@pytest.fixture
def member():
    """A shopper with one piece in the cart."""
    expect.set_options(timeout=PATIENCE_MS)
    make_words()
    member = make_shopper()
    sku = make_goods("茶壶", price_fen=10_000, on_hand=5).skus.get()
    add_line(owner=CartOwner(member_id=member.pk), sku_id=sku.pk, quantity=1, at=clock.now())
    yield member
    expect.set_options(timeout=5_000)


def wait_for(hands, quantity):
    for _n in range(200):
        if CartLine.objects.get().quantity == quantity:
            return
        hands.page.wait_for_timeout(50)
    raise AssertionError(CartLine.objects.get().quantity)


def test_a_number_clicked_just_before_leaving_the_cart_arrives(member, live_server):
    """By a link the next page knows it already; by the way back the browser brings it."""
    with browser() as running:
        hands = Hands.at(running, live_server.url, WIDE)
        hands.let_in(signed_in(member))
        hands.go("/help/")
        hands.go("/cart/")
        leave = """() => {
            document.querySelector("[data-step='1']").click();
            document.querySelector("#receipt a.btn").click();
        }"""
        hands.page.evaluate(leave)
        hands.page.wait_for_url(CHECKOUT)
        assert "× 2" in hands.text("main")

        hands.go("/cart/")
        hands.page.evaluate("""() => {
            document.querySelector("[data-step='1']").click();
            location.assign("/help/");
        }""")
        hands.page.wait_for_url("**/help/")
        wait_for(hands, 3)
        assert errors(hands) == []


def test_who_leaves_with_a_number_that_the_house_refuses_stays_and_reads_why(member, live_server):
    with browser() as running:
        hands = Hands.at(running, live_server.url, WIDE)
        hands.let_in(signed_in(member))
        hands.go("/cart/")
        hands.page.evaluate("""() => {
            const amount = document.querySelector("[data-stepper] input");
            amount.dataset.most = 99;
            amount.value = 50;
            amount.dispatchEvent(new Event("change", { bubbles: true }));
            document.querySelector("#receipt a.btn").click();
        }""")
        expect(hands.page.locator("#alerts [role=alert]")).to_be_visible()
        assert hands.page.url.endswith("/cart/")
    assert CartLine.objects.get().quantity == 1


def test_a_note_typed_while_the_price_is_worked_out_again_is_kept(member, live_server):
    make_address(member=member)
    with browser() as running:
        hands = Hands.at(running, live_server.url, NARROW)
        hands.let_in(signed_in(member))
        hands.go("/checkout/")
        note = hands.page.locator("#id_note")
        note.fill("放门口")
        other = hands.page.locator("[name=address_id]:not(:checked)")
        choose = partial(other.check, force=True)

        way = held(hands, choose, CHECKOUT)
        note.focus()
        note.press("End")
        note.type("，谢谢")
        hands.page.locator("#checkout").evaluate("form => form.dataset.before = ''")
        way.continue_()
        expect(hands.page.locator("#checkout[data-before]")).to_have_count(0)
        expect(note).to_have_value("放门口，谢谢")
        expect(note).to_be_focused()
        note.type("！")
        expect(note).to_have_value("放门口，谢谢！")

        way = held(hands, choose, CHECKOUT)
        note.focus()
        note.dispatch_event("compositionstart")
        note.evaluate("field => { field.dataset.before = ''; }")
        with hands.page.expect_event("requestfinished"):
            way.continue_()
        hands.page.wait_for_load_state("networkidle")
        expect(hands.page.locator("#id_note[data-before]")).to_have_count(1)
        note.dispatch_event("compositionend")
        expect(hands.page.locator("#id_note[data-before]")).to_have_count(0)
        expect(note).to_have_value("放门口，谢谢！")
        assert errors(hands) == []
