"""A wallet, a red packet, a draw and the charity page in Chromium, on a small phone and a desk."""

import pytest

from mall.kernel import clock
from mall.kernel.outbox import relay_batch
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.sale import open_shop
from members.models import Withdrawal
from members.services import credit_wallet
from members.testing import PASSWORD, make_member
from orders.models import CharitySettings
from orders.testing import make_received_order
from promotions.models import Draw, RedPacket, RedPacketClaim
from promotions.testing import make_lottery, make_packet_fund, make_prize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALL_PHONE = {"width": 360, "height": 740}


@pytest.fixture
def shop():
    """A member with ¥66 and a paid order that gave ¥1 and a packet; a draw with one prize left."""
    CharitySettings.objects.filter(pk=1).update(
        is_on=True, cause_en="Books for village schools", about_en="Ten yuan are one book."
    )
    make_packet_fund(is_for_orders=True, title_en="Thank you for your order")
    member = make_member(nickname="林小满", password=PASSWORD, points=100)
    credit_wallet(
        member_id=member.pk,
        amount_fen=6_600,
        kind="cash_back",
        reference="1",
        at=clock.now(),
    )
    sku = open_shop().wash.skus.get(options={"scent": "c", "size": "s"})
    order = make_received_order(member=member, sku=sku, at=clock.now())
    relay_batch(clock.now())
    lottery = make_lottery(blank=0, cost_points=10, draws_a_day=3, title_en="Winter draw")
    make_prize(lottery, title_en="88 points", quota=5)
    return member, order, lottery


def sign_in(hands: Hands, member) -> None:
    """By password, in English."""
    hands.go("/en/login/?by=password&next=/en/me/wallet/")
    hands.page.fill("[name=phone]", member.account.phone)
    hands.page.fill("[name=password]", PASSWORD)
    hands.click(".gate__form form button:not([formaction])")
    hands.page.wait_for_url(lambda url: "/login/" not in url)


def test_money_and_luck_on_a_small_phone(shop, live_server):
    member, order, lottery = shop
    with browser() as running:
        hands = Hands.at(running, live_server.url, NARROW)
        hands.page.set_viewport_size(SMALL_PHONE)
        sign_in(hands, member)

        hands.go(f"/en/orders/{order.number}/")
        assert "Books for village schools" in hands.text()
        hands.shoot("luck-order")
        packet = RedPacket.objects.get()
        hands.follow(f"a[href='/en/packet/{packet.code}/']", f"/packet/{packet.code}/")
        hands.shoot("luck-packet-open")
        hands.click("form[action$='/claim/'] button")
        hands.shows(".lucky__sum")
        hands.shoot("luck-packet-mine")
        assert RedPacketClaim.objects.get().member_id == member.pk

        hands.go("/en/charity/")
        assert "¥1.00" in hands.text()
        hands.shoot("luck-charity")
        draw(hands, lottery)
        pay_out(hands)

        assert hands.complaints == []
        assert hands.strangers == []


def draw(hands: Hands, lottery) -> None:
    """Odds, one draw, what came of it."""
    hands.go(f"/en/lottery/{lottery.pk}/")
    assert "100 %" in hands.text(".odds")
    hands.click("form[action$='/draw/'] button")
    hands.shows(".ledger")
    hands.shoot("luck-draw")
    assert Draw.objects.count() == 1


def pay_out(hands: Hands) -> None:
    """The code comes by text message; the demo tells it."""
    hands.go("/en/me/wallet/")
    hands.shoot("luck-wallet")
    hands.page.fill("#withdraw [name=amount_fen]", "6")
    hands.click("#withdraw [data-sms-code]")
    hands.shows(".toast")
    code = "".join(letter for letter in hands.text(".toast") if letter.isdigit())[-6:]
    hands.page.fill("#withdraw [name=code]", code)
    hands.click("#withdraw button.full")
    hands.page.wait_for_url("**/me/wallet/")
    hands.shoot("luck-wallet-asked")
    assert Withdrawal.objects.get().amount_fen == 600


def test_the_pages_fit_a_desk_without_script(shop, live_server):
    member, _order, lottery = shop
    with browser() as running:
        hands = Hands.at(running, live_server.url, WIDE, java_script_enabled=False)
        sign_in(hands, member)

        hands.go("/en/me/wallet/")
        hands.page.fill("#packets [name=total_fen]", "10")
        hands.page.fill("#packets [name=shares]", "3")
        hands.click("#packets button")
        hands.page.wait_for_url("**/packet/**")
        packet = RedPacket.objects.filter(fund=None).get()
        assert packet.code in hands.page.locator("#link").input_value()
        hands.go(f"/lottery/{lottery.pk}/")
        hands.shoot("luck-lottery")
        hands.go("/me/wallet/")
        hands.shoot("luck-wallet")

        assert hands.complaints == []
