"""Pages of money and luck: wallet, red packet, draw, charity; without script, in both languages."""

import pytest
from django.test import Client

from mall.kernel import clock
from mall.kernel.outbox import relay_batch
from mall.storefront.tests.shop import signed_in, words
from members.models import Wallet, Withdrawal
from members.sandbox import last_sms_code
from members.selectors import wallet_of
from members.services import credit_wallet
from members.testing import make_member, make_operator
from orders.models import CharitySettings
from orders.services import cancel_order
from orders.testing import make_order, make_received_order
from promotions.models import Draw, RedPacket, RedPacketClaim
from promotions.services import open_packet
from promotions.testing import AT, make_lottery, make_packet_fund, make_prize

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper():
    member = make_member(points=100)
    browser = signed_in(member)
    browser.member = member
    return browser


def give(member, amount_fen=1_000, reference="c"):
    credit_wallet(
        member_id=member.pk, amount_fen=amount_fen, kind="cash_back", reference=reference, at=AT
    )


def packet_of(**values):
    fund = make_packet_fund(**values)
    return open_packet(fund_id=fund.pk, actor=make_operator(), at=clock.now())


@pytest.mark.parametrize("language", ["", "/en"])
def test_an_empty_and_a_full_wallet_open(shopper, language):
    assert shopper.get(f"{language}/me/wallet/").status_code == 200

    give(shopper.member, 123_456)
    page = shopper.get(f"{language}/me/wallet/")

    assert "1,234.56" in page.content.decode()
    assert page.context["entries"][0]["delta_fen"] == 123_456
    assert f"{language}/me/wallet/" in shopper.get(f"{language}/me/").content.decode()


def test_a_guest_signs_in_first():
    guest = Client()

    for path in ("/me/wallet/", "/me/wallet/withdraw/", "/me/wallet/packets/"):
        answer = guest.get(path) if path == "/me/wallet/" else guest.post(path)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/login/")


def test_the_ledger_is_paged(shopper):
    for number in range(12):
        give(shopper.member, 100, str(number))

    first = shopper.get("/me/wallet/")

    assert len(first.context["entries"]) == 10
    assert len(shopper.get(first.context["page"]["next"]).context["entries"]) == 2


@pytest.mark.django_db(transaction=True)
def test_money_is_asked_for_with_a_code_and_without_script(shopper):
    give(shopper.member)
    phone = shopper.member.account.phone
    page = shopper.get("/me/wallet/").content.decode()
    assert f'name="phone" value="{phone}"' in page

    sent = shopper.post(
        "/sms-codes/",
        {"phone": phone, "purpose": "verify"},
        headers={"Referer": "http://testserver/me/wallet/"},
    )
    assert sent.url == "/me/wallet/"
    form = {"amount_fen": "6.00", "code": last_sms_code(phone)}
    assert shopper.post("/me/wallet/withdraw/", form).url == "/me/wallet/"
    again = shopper.post("/me/wallet/withdraw/", form)

    assert again.status_code == 200
    assert again.context["form"].non_field_errors()
    assert Withdrawal.objects.get().amount_fen == 600
    assert Wallet.objects.get().frozen_fen == 600


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"amount_fen": "-1", "code": "123456"},
        {"amount_fen": "６", "code": "123456"},
        {"amount_fen": "0.50", "code": "123456"},
        {"amount_fen": "1e3000", "code": "123456"},
        {"amount_fen": "NaN", "code": "123456"},
        {"amount_fen": "6", "code": "\x00"},
    ],
)
def test_a_withdrawal_that_cannot_be_is_told_beside_the_form(shopper, form):
    give(shopper.member)

    page = shopper.post("/me/wallet/withdraw/", form)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Withdrawal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_packet_sent_twice_by_a_double_click_is_one(shopper):
    give(shopper.member)
    token = shopper.get("/me/wallet/").context["token"]
    form = {"total_fen": "5.00", "shares": "3", "token": token}

    first, second = (shopper.post("/me/wallet/packets/", form) for _n in range(2))

    packet = RedPacket.objects.get()
    assert first.url == second.url == f"/packet/{packet.code}/"
    assert wallet_of(shopper.member.pk).balance_fen == 500
    without = shopper.post("/me/wallet/packets/", {**form, "token": ""})
    assert without.context["packet_form"].errors
    assert RedPacket.objects.count() == 1


def test_a_packet_larger_than_the_wallet_is_told_in_its_form(shopper):
    form = {"total_fen": "5.00", "shares": "3", "token": "t"}

    page = shopper.post("/me/wallet/packets/", form)

    assert page.context["packet_form"].non_field_errors()
    assert not RedPacket.objects.exists()


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_shared_packet_is_opened_by_who_signs_in(shopper, language):
    packet = packet_of(shares=2, total_fen=1_000)
    path = f"{language}/packet/{packet.code}/"
    guest = Client()

    assert f"http://testserver{path}" in guest.get(path).content.decode()
    assert guest.post(f"{path}claim/").status_code == 302
    assert not RedPacketClaim.objects.exists()
    done = shopper.post(f"{path}claim/", follow=True)

    amount_fen = RedPacketClaim.objects.get().amount_fen
    assert done.context["packet"]["mine"]["amount_fen"] == amount_fen
    assert len(words(done)) == 1
    again = shopper.post(f"{path}claim/", headers={"Referer": f"http://testserver{path}"})
    assert again.url == path
    assert RedPacketClaim.objects.count() == 1
    assert shopper.get(f"{language}/packet/NOSUCH/").status_code == 404


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.django_db(transaction=True)
def test_a_draw_by_a_double_click_is_one(shopper, language):
    lottery = make_lottery(blank=0, cost_points=10, draws_a_day=2)
    make_prize(lottery, quota=3)
    path = f"{language}/lottery/{lottery.pk}/"
    assert Client().get(path).status_code == 200
    token = shopper.get(path).context["token"]

    for _n in range(2):
        done = shopper.post(f"{path}draw/", {"token": token}, follow=True)

    assert Draw.objects.count() == 1
    assert done.context["mine"]["left"] == 1
    assert done.context["mine"]["points"] == 178
    assert len(done.context["mine"]["draws"]) == 1


def test_odds_are_on_the_page(shopper):
    lottery = make_lottery(blank=9_999)
    make_prize(lottery)

    page = shopper.get(f"/lottery/{lottery.pk}/")

    assert [prize["odds"] for prize in page.context["lottery"]["prizes"]] == ["99.99 %", "0.01 %"]
    assert shopper.get("/lottery/999999999/").status_code == 404


def test_the_points_page_leads_to_what_one_can_draw(shopper):
    lottery = make_lottery()
    make_lottery(status="paused")

    page = shopper.get("/me/points/")

    assert [row["id"] for row in page.context["lotteries"]] == [lottery.pk]
    assert f"/lottery/{lottery.pk}/" in page.content.decode()


def test_a_paused_lottery_has_no_button(shopper):
    lottery = make_lottery(status="paused")

    page = shopper.get(f"/lottery/{lottery.pk}/")
    assert page.context["is_open"] is False
    assert "/draw/" not in page.content.decode()


def relay():
    while relay_batch(clock.now()):
        pass


@pytest.mark.parametrize("language", ["", "/en"])
def test_P_38_the_page_shows_what_the_book_holds(shopper, language):
    CharitySettings.objects.filter(pk=1).update(is_on=True)
    make_packet_fund(is_for_orders=True)
    orders = [make_order(member=shopper.member, paid=True) for _n in range(2)]
    kept = make_received_order(member=shopper.member)
    relay()

    page = shopper.get(f"{language}/charity/")
    assert page.context["raised_fen"] == 300
    assert "3.00" in page.content.decode()
    shown = shopper.get(f"{language}/orders/{kept.number}/")
    packet = RedPacket.objects.get(order_number=kept.number)
    assert shown.context["given"]["donation"]["amount_fen"] == 100
    assert f"{language}/packet/{packet.code}/" in shown.content.decode()
    cancel_order(number=orders[0].number, member_id=shopper.member.pk, reason="", at=clock.now())
    relay()

    assert shopper.get(f"{language}/charity/").context["raised_fen"] == 200
    back = shopper.get(f"{language}/orders/{orders[0].number}/")
    assert back.context["given"]["donation"] is None
