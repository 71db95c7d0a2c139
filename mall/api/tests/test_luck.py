"""The REST door of wallet, red packets and draws."""

import pytest

from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from members.models import Wallet
from members.sandbox import last_sms_code
from members.services import credit_wallet, send_code
from members.testing import make_member, make_operator
from promotions.models import Draw, RedPacketClaim
from promotions.services import open_packet
from promotions.testing import AT, make_lottery, make_packet_fund, make_prize

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member(points=100)


@pytest.fixture
def client(member):
    return ApiClient.of(member)


def give(member, amount_fen=1_000, reference="c"):
    credit_wallet(
        member_id=member.pk, amount_fen=amount_fen, kind="cash_back", reference=reference, at=AT
    )


def packet_of(**values):
    fund = make_packet_fund(**values)
    return open_packet(fund_id=fund.pk, actor=make_operator(), at=clock.now())


def test_the_wallet_and_its_ledger(client, member):
    assert client.get_json("me/wallet/").json() == {"balance_fen": 0, "frozen_fen": 0}
    give(member)

    assert client.get_json("me/wallet/").json() == {"balance_fen": 1_000, "frozen_fen": 0}
    (entry,) = client.get_json("me/wallet/entries/").json()["results"]
    assert (entry["delta_fen"], entry["balance_fen"], entry["reason_code"]) == (
        1_000,
        1_000,
        "cash_back",
    )
    assert client.get_json("me/wallet/withdrawals/").json()["results"] == []
    assert ApiClient().get_json("me/wallet/").status_code == 401


def test_the_ledger_costs_the_same_at_fifty_entries(client, member):
    for number in range(2):
        give(member, reference=str(number))
    client.get_json("me/wallet/entries/")
    with count_queries() as few:
        client.get_json("me/wallet/entries/?page_size=100")
    for number in range(2, 50):
        give(member, reference=str(number))
    with count_queries() as many:
        answer = client.get_json("me/wallet/entries/?page_size=100")

    assert len(answer.json()["results"]) == 50
    assert len(few) == len(many)


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_needs_a_code_that_works_once(client, member):
    give(member)
    phone = member.account.phone
    send_code(phone=phone, purpose="verify", client_ip="", at=clock.now())
    body = {"amount_fen": 600, "verify_code": last_sms_code(phone)}

    first = client.post_json("me/wallet/withdrawals/", body)
    again = client.post_json("me/wallet/withdrawals/", body)

    assert (first.status_code, first.json()["state"]) == (201, "requested")
    assert (again.status_code, again.json()["code"]) == (409, "auth.code_expired")
    assert Wallet.objects.get().frozen_fen == 600


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"amount_fen": 0, "verify_code": "123456"}, 400, None),
        ({"amount_fen": 600, "verify_code": "1"}, 400, None),
        ({"amount_fen": 99, "verify_code": "123456"}, 409, "members.withdrawal_too_small"),
    ],
)
def test_a_withdrawal_out_of_bounds_is_refused(client, member, body, status, code):
    give(member)

    answer = client.post_json("me/wallet/withdrawals/", body)

    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code
    assert Wallet.objects.get().frozen_fen == 0


@pytest.mark.django_db(transaction=True)
def test_a_share_is_taken_once_under_its_key(client, member):
    packet = packet_of(total_fen=1_000, shares=5)
    path = f"promotions/red-packets/{packet.code}/"

    assert client.get_json(path).json()["state"] == "open"
    assert client.post_json(f"{path}claims/").json()["code"] == "idempotency.key_required"
    first = client.post_json(f"{path}claims/", key="k1")
    again = client.post_json(f"{path}claims/", key="k1")
    other = client.post_json(f"{path}claims/", key="k2")

    assert (first.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "promotions.packet_taken")
    assert RedPacketClaim.objects.get().amount_fen == first.json()["amount_fen"]
    shown = client.get_json(path).json()
    assert (shown["state"], shown["mine"]["amount_fen"]) == ("mine", first.json()["amount_fen"])
    assert shown["claims"][0]["nickname"] == "测**"
    assert ApiClient().get_json(path).json()["mine"] is None


@pytest.mark.parametrize("code", ["NOSUCH", "A" * 33, "%00", "红包"])
def test_a_packet_that_is_not_there(client, code):
    assert client.get_json(f"promotions/red-packets/{code}/").status_code == 404
    answer = client.post_json(f"promotions/red-packets/{code}/claims/", key="k1")
    assert answer.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_draw_under_its_key_is_one_draw(client, member):
    lottery = make_lottery(blank=0, cost_points=10, draws_a_day=2)
    make_prize(lottery, quota=5)
    path = f"promotions/lotteries/{lottery.pk}/"

    first = client.post_json(f"{path}draws/", key="k1")
    again = client.post_json(f"{path}draws/", key="k1")

    assert (first.status_code, again.json()) == (201, first.json())
    assert first.json()["prize"]["points"] == 88
    assert Draw.objects.count() == 1
    client.post_json(f"{path}draws/", key="k2")
    third = client.post_json(f"{path}draws/", key="k3")
    assert (third.status_code, third.json()["code"]) == (409, "promotions.no_draws_left")
    mine = client.get_json(f"{path}draws/").json()["results"]
    assert [row["chance_no"] for row in mine] == [2, 1]


def test_odds_are_public_and_add_up(client):
    lottery = make_lottery(blank=2)
    make_prize(lottery)

    shown = ApiClient().get_json(f"promotions/lotteries/{lottery.pk}/").json()

    assert sum(prize["odds_ppm"] for prize in shown["prizes"]) == 1_000_000
    assert {prize["kind"]: prize["left"] for prize in shown["prizes"]} == {
        "nothing": None,
        "points": 1,
    }
    assert client.get_json("promotions/lotteries/999999999/").status_code == 404
    draft = make_lottery(status="draft")
    assert client.get_json(f"promotions/lotteries/{draft.pk}/").status_code == 404
