"""The cashier's ways: the balance when it is enough, a code to scan, a page elsewhere, why it
failed."""

import pytest
from django.urls import reverse

from mall.kernel import clock
from mall.storefront.tests.shop import make_shopper, signed_in
from members.models import Wallet, WalletEntry
from members.services import credit_wallet
from orders.models import Order, Payment
from orders.services import Refusal, pay_at_cashier
from orders.simulator import make_keys, running
from orders.testing import make_order, open_sandbox_payment

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148"


@pytest.fixture
def simulator(live_server, settings, tmp_path):
    """Both outside channels, simulated."""
    with running(make_keys()) as simulator:
        settings.PAYMENT_PROVIDERS = ["wechatpay", "alipay", "sandbox"]
        settings.PAYMENT_CHANNELS = simulator.channels(tmp_path)
        settings.SITE_URL = live_server.url
        yield simulator


@pytest.fixture
def member():
    return make_shopper()


@pytest.fixture
def browser(member):
    return signed_in(member)


@pytest.fixture
def order(member):
    return make_order(member=member, at=clock.now())


def fill(member, amount_fen):
    kind = WalletEntry.Kind.RED_PACKET
    credit_wallet(
        member_id=member.pk, amount_fen=amount_fen, kind=kind, reference="1", at=clock.now()
    )


def ways(page):
    return [(way["code"], way["scene"]) for way in page.context["providers"]]


def chosen(browser, order):
    page = browser.get(f"/orders/{order.number}/pay/")
    return [way["code"] for way in page.context["providers"] if way["chosen"]]


def refuse(payment):
    refusal = Refusal.LIMIT
    pay_at_cashier(payment_no=payment.payment_no, succeed=False, refusal=refusal, at=clock.now())


def test_O_42_the_cashier_shows_the_balance_and_it_pays(browser, member, order):
    fill(member, order.payable_fen + 500)
    page = browser.get(f"/orders/{order.number}/pay/")
    assert ways(page) == [("sandbox", "sandbox"), ("wallet", "wallet")]
    assert f"¥{(order.payable_fen + 500) // 100}.00" in page.content.decode()

    gone = browser.post(f"/orders/{order.number}/pay/", {"provider": "wallet:wallet"})

    payment = Payment.objects.get()
    assert gone["Location"] == f"/pay/{payment.payment_no}/"
    assert Order.objects.get().status == "paid"
    assert Wallet.objects.get().balance_fen == 500


def test_O_04_the_way_of_last_time_is_chosen(browser, member, order):
    fill(member, order.payable_fen * 3)
    assert chosen(browser, order) == ["sandbox"]
    browser.post(f"/orders/{order.number}/pay/", {"provider": "wallet:wallet"})

    assert chosen(browser, make_order(member=member, at=clock.now())) == ["wallet"]


def test_O_35_after_a_refusal_another_way_is_chosen_and_the_order_is_paid(browser, member, order):
    fill(member, order.payable_fen)
    refuse(open_sandbox_payment(order, at=clock.now()))

    page = browser.get(f"/en/orders/{order.number}/pay/")
    shown = {way["code"]: (way["chosen"], way["line"]) for way in page.context["providers"]}
    assert shown["sandbox"] == (False, "Did not go through for this order")
    assert shown["wallet"][0]
    browser.post(f"/orders/{order.number}/pay/", {"provider": "wallet:wallet"})

    assert Order.objects.get().status == "paid"


def test_O_35_the_only_way_stays_chosen_after_a_refusal(browser, order):
    refuse(open_sandbox_payment(order, at=clock.now()))

    assert chosen(browser, order) == ["sandbox"]


def test_a_balance_that_is_too_small_is_not_offered_and_does_not_pay(browser, member, order):
    fill(member, order.payable_fen - 1)
    assert ways(browser.get(f"/orders/{order.number}/pay/")) == [("sandbox", "sandbox")]

    browser.post(f"/orders/{order.number}/pay/", {"provider": "wallet:wallet"})

    assert Order.objects.get().status == "unpaid"
    assert Wallet.objects.get().balance_fen == order.payable_fen - 1


def test_O_54_the_cashier_says_where_one_pays_and_that_a_code_may_be_asked_for(
    browser, member, order
):
    def said():
        page = browser.get(f"/en/orders/{order.number}/pay/")
        return page.context["assurances"][-1]["line"]

    outside = said()
    fill(member, order.payable_fen)
    both = said()

    for line in (outside, both):
        assert "a page of this shop asks for a code" in line
        assert "never ask for a password" not in line
    assert "balance" not in outside
    assert both.startswith("A payment from your balance is made here at once")


def test_looking_at_an_open_payment_takes_no_money(browser, member, order):
    browser.post(f"/orders/{order.number}/pay/", {"provider": "wallet:wallet"})
    Payment.objects.update(status="pending")
    fill(member, order.payable_fen)

    assert browser.get(f"/pay/{Payment.objects.get().payment_no}/").status_code == 200

    assert Wallet.objects.get().balance_fen == order.payable_fen


def test_a_desk_gets_the_code_and_a_phone_the_way_into_the_app(simulator, browser, order):
    address = f"/orders/{order.number}/pay/"
    assert ways(browser.get(address)) == [
        ("wechatpay", "native"),
        ("alipay", "page"),
        ("sandbox", "sandbox"),
    ]
    assert ways(browser.get(address, headers={"user-agent": PHONE})) == [
        ("wechatpay", "h5"),
        ("alipay", "wap"),
        ("sandbox", "sandbox"),
    ]

    gone = browser.post(address, {"provider": "wechatpay:native"})
    page = browser.get(gone["Location"])

    assert page.context["action"]["type"] == "qr"
    assert 'src="data:image/svg+xml' in page.content.decode()


def test_alipay_brings_the_payer_back_to_the_waiting_page(simulator, browser, order):
    gone = browser.post(f"/orders/{order.number}/pay/", {"provider": "alipay:page"})

    assert gone["Location"].startswith(f"{simulator.url}/gateway.do?")
    payment = Payment.objects.get()
    assert f"%2Fpay%2F{payment.payment_no}%2F" in gone["Location"]
    assert simulator.visit(gone["Location"]) == 200


def test_both_channels_are_told_the_address_that_listens(simulator, browser, order):
    browser.post(f"/orders/{order.number}/pay/", {"provider": "wechatpay:native"})

    told = simulator.wechatpay.book.entries[0].notify_url
    assert told.endswith(reverse("payment-notify", args=["wechatpay"]))


def test_a_failed_payment_says_why(browser, order):
    payment = open_sandbox_payment(order, at=clock.now())
    pay_at_cashier(
        payment_no=payment.payment_no, succeed=False, refusal=Refusal.LIMIT, at=clock.now()
    )

    page = browser.get(f"/en/pay/{payment.payment_no}/")

    assert "The amount is over a limit of your account or card." in page.content.decode()


def test_the_sandbox_refuses_for_the_chosen_reason(browser, order):
    payment = open_sandbox_payment(order, at=clock.now())
    cashier = f"/sandbox/cashier/{payment.payment_no}/"
    assert 'value="LIMIT"' in browser.get(cashier).content.decode()

    browser.post(cashier, {"result": "fail", "fault": "", "reason": "LIMIT"})

    payment.refresh_from_db()
    assert (payment.status, payment.failure_code) == ("failed", "LIMIT")
