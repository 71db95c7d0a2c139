"""A refused deed leads to the page of the code and back, to places of this shop only (O-40)."""

import pytest
from django.urls import reverse

from mall.kernel import clock
from mall.storefront.tests.shop import signed_in
from members.models import Proof
from members.sandbox import last_sms_code
from members.services import send_code
from members.testing import make_member, make_operator
from orders.models import Payment
from orders.services import save_risk_policy
from orders.testing import make_order

pytestmark = pytest.mark.django_db(transaction=True)


def code_for(member):
    send_code(phone=member.account.phone, purpose="verify", client_ip="", at=clock.now())
    return last_sms_code(member.account.phone)


def test_O_40_a_risky_payment_asks_for_a_code_and_leads_back():
    member = make_member()
    order = make_order(member=member, at=clock.now())
    save_risk_policy(
        changes={"many_pieces": 1, "many_score": 50}, actor=make_operator(), at=clock.now()
    )
    client = signed_in(member)
    cashier = reverse("storefront:order_pay", args=[order.number])

    refused = client.post(
        cashier,
        {"provider": "sandbox:sandbox"},
        headers={"Referer": f"http://testserver{cashier}"},
    )

    assert refused.status_code == 302
    assert refused.url.startswith(reverse("storefront:verify"))
    assert not Payment.objects.exists()
    page = client.get(refused.url)
    assert (page.context["deed"], page.context["subject"]) == ("pay", order.number)
    proved = client.post(
        reverse("storefront:verify"),
        {
            "deed": "pay",
            "subject": order.number,
            "next": page.context["next"],
            "code": code_for(member),
        },
    )
    assert (proved.status_code, proved.url) == (302, cashier)
    assert client.post(cashier, {"provider": "sandbox:sandbox"}).status_code == 302
    assert Payment.objects.get().order == order


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil"])
def test_it_leads_to_places_of_this_shop_only(elsewhere):
    member = make_member()

    answer = signed_in(member).post(
        reverse("storefront:verify"),
        {"deed": "withdraw", "next": elsewhere, "code": code_for(member)},
    )

    assert (answer.status_code, answer.url) == (302, reverse("storefront:me"))
    assert Proof.objects.get().deed == "withdraw"


def test_a_wrong_code_is_said_on_the_page_and_proves_nothing():
    member = make_member()
    code_for(member)

    answer = signed_in(member).post(
        reverse("storefront:verify"), {"deed": "withdraw", "code": "000000"}
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Proof.objects.exists()


def test_another_phone_number_asks_for_a_proof_first():
    member = make_member()
    client = signed_in(member)
    assert not client.get(reverse("storefront:my_phone")).context["is_proved"]

    refused = client.post(
        reverse("storefront:my_phone"), {"phone": "13700000019", "code": "123456"}
    )

    assert refused.status_code == 302
    assert "deed=change_phone" in refused.url
