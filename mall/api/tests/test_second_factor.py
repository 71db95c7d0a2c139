"""The second factor over HTTP: 403 with what to do, a code, then the same again (O-39, O-40)."""

import pytest

from mall.api.testing import ApiClient
from mall.kernel import clock
from members.models import Withdrawal
from members.sandbox import last_sms_code
from members.services import credit_wallet, send_code
from members.testing import make_member, make_operator
from orders.models import Payment, RiskDecision
from orders.services import save_risk_policy
from orders.testing import make_order

pytestmark = pytest.mark.django_db(transaction=True)
VERIFY = "me/verifications/"


@pytest.fixture
def member():
    rich = make_member()
    credit_wallet(
        member_id=rich.pk, amount_fen=9_000, kind="cash_back", reference="t", at=clock.now()
    )
    return rich


def prove(client, member, **body):
    phone = member.account.phone
    send_code(phone=phone, purpose="verify", client_ip="", at=clock.now())
    return client.post_json(VERIFY, {"code": last_sms_code(phone), **body})


def test_O_40_a_withdrawal_without_a_code_is_403_need_verification(member):
    client = ApiClient.of(member)
    address, body = "me/wallet/withdrawals/", {"amount_fen": 1_000}

    refused = client.post_json(address, body)

    assert (refused.status_code, refused.json()["code"]) == (403, "auth.need_verification")
    assert refused.json()["facts"]["deed"] == "withdraw"
    assert not Withdrawal.objects.exists()
    assert prove(client, member, deed="withdraw").status_code == 201
    assert client.post_json(address, body).status_code == 201


def test_O_39_a_risky_payment_is_403_until_a_code_is_given_for_this_order(member):
    client = ApiClient.of(member)
    order = make_order(member=member, at=clock.now())
    save_risk_policy(
        changes={"many_pieces": 1, "many_score": 50}, actor=make_operator(), at=clock.now()
    )

    def pay(key):
        body = {"provider": "sandbox", "scene": "sandbox"}
        return client.post_json(f"orders/{order.number}/pay/", body, key=key)

    refused = pay("first-key-0001")

    assert (refused.status_code, refused.json()["code"]) == (403, "auth.need_verification")
    assert refused.json()["facts"]["subject"] == order.number
    assert not Payment.objects.exists()
    assert RiskDecision.objects.get().verdict == "verify"
    proved = prove(client, member, deed="pay", subject=order.number)
    assert (proved.status_code, proved.json()["subject"]) == (201, order.number)
    assert pay("first-key-0001").status_code == 201


def test_a_phone_is_changed_with_both_codes(member):
    client = ApiClient.of(member)
    new = "13700000018"
    send_code(phone=new, purpose="bind", client_ip="", at=clock.now())
    body = {"phone": new, "code": last_sms_code(new)}

    refused = client.call("PUT", "me/phone/", body)
    assert (refused.status_code, refused.json()["facts"]["deed"]) == (403, "change_phone")
    assert prove(client, member, deed="change_phone").status_code == 201

    changed = client.call("PUT", "me/phone/", body)

    assert (changed.status_code, changed.json()) == (200, {"phone_masked": "137****0018"})
