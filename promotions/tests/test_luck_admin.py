"""Operators' screens of red packets and lotteries."""

import pytest
from django.urls import reverse

from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator
from promotions.models import Lottery, Prize, RedPacket, RedPacketFund
from promotions.services import claim_packet, draw_prize
from promotions.testing import (
    AT,
    make_coupon,
    make_lottery,
    make_packet,
    make_packet_fund,
    make_prize,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def boss(client):
    operator = make_operator()
    client.force_login(operator, backend="members.backends.AccountBackend")
    return operator


def page(model, deed="changelist", *args):
    return reverse(f"admin:promotions_{model}_{deed}", args=args)


def window():
    return {
        "starts_at_0": "2020-01-01",
        "starts_at_1": "00:00:00",
        "ends_at_0": "2099-01-01",
        "ends_at_1": "00:00:00",
    }


def fund_form(**changes):
    return {
        "title_zh": "双十一红包",
        "title_en": "Packet",
        "total_fen": "10.00",
        "shares": "5",
        "valid_hours": "24",
        "budget_fen": "25.00",
        "order_from_fen": "0",
        **window(),
        **changes,
    }


def test_an_operator_opens_packets_until_the_budget_ends(client):
    assert client.post(page("redpacketfund", "add"), fund_form()).status_code == 302
    fund = RedPacketFund.objects.get()
    assert (fund.total_fen, fund.budget_fen, fund.status) == (1_000, 2_500, "draft")

    client.post(page("redpacketfund", "publish", fund.pk))
    for _n in range(3):
        client.post(page("redpacketfund", "open_packet", fund.pk))

    assert RedPacket.objects.count() == 2
    fund.refresh_from_db()
    assert (fund.status, fund.spent_fen) == ("live", 2_000)
    client.post(page("redpacketfund", "pause", fund.pk))
    assert RedPacketFund.objects.get().status == "paused"


def test_a_fund_smaller_than_one_packet_is_not_saved(client):
    answer = client.post(page("redpacketfund", "add"), fund_form(budget_fen="9.99"))

    assert answer.status_code in {200, 302}
    assert not RedPacketFund.objects.exists()


def lottery_form(*prizes, **changes):
    form = {
        "title_zh": "抽奖",
        "title_en": "Draw",
        "cost_points": "10",
        "draws_a_day": "3",
        "prizes-TOTAL_FORMS": str(len(prizes)),
        "prizes-INITIAL_FORMS": "0",
        **window(),
        **changes,
    }
    for number, prize in enumerate(prizes):
        for name, value in {"position": number, "points": 0, "amount_fen": 0, **prize}.items():
            form[f"prizes-{number}-{name}"] = str(value)
    return form


BLANK = {"kind": "nothing", "title_zh": "谢谢参与", "title_en": "Blank", "weight": 90}


def test_a_lottery_is_typed_published_drawn_and_reported(client):
    coupon = make_coupon()
    money = {
        "kind": "wallet", "title_zh": "红包", "title_en": "Money", "weight": 5, "quota": 2,
        "amount_fen": "6.60",
    }  # fmt: skip
    gift = {
        "kind": "coupon", "title_zh": "券", "title_en": "Coupon", "weight": 5, "quota": 3,
        "coupon": coupon.pk,
    }  # fmt: skip

    answer = client.post(page("lottery", "add"), lottery_form(BLANK, money, gift))
    assert answer.status_code == 302
    lottery = Lottery.objects.get()
    assert [(p.kind, p.weight, p.quota) for p in lottery.prizes.all()] == [
        ("nothing", 90, None),
        ("wallet", 5, 2),
        ("coupon", 5, 3),
    ]
    asked = client.get(page("lottery", "publish", lottery.pk)).content.decode()
    assert "90.0000 %" in asked
    assert "13.20" in asked
    client.post(page("lottery", "publish", lottery.pk))
    assert Lottery.objects.get().status == "live"
    Prize.objects.exclude(kind="wallet").update(weight=0)
    draw_prize(lottery_id=lottery.pk, member_id=make_member(points=10).pk, at=AT)

    report = client.get(page("lottery", "report", lottery.pk)).content.decode()
    assert "6.60" in report


def test_a_running_lottery_says_why_it_is_not_changed(client):
    lottery = make_lottery()
    blank = lottery.prizes.get()
    form = lottery_form({**BLANK, "id": blank.pk, "lottery": lottery.pk})
    form["prizes-INITIAL_FORMS"] = "1"

    answer = client.post(page("lottery", "change", lottery.pk), form)

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert Prize.objects.get().weight == 1
    client.post(page("lottery", "pause", lottery.pk))
    client.post(page("lottery", "change", lottery.pk), form)
    assert Prize.objects.get().weight == 90


@pytest.mark.parametrize("model", ["redpacketfund", "redpacket", "lottery", "draw"])
def test_every_list_keeps_its_budget(client, model):
    lottery = make_lottery(blank=0)
    make_prize(lottery, quota=50)
    for _n in range(20):
        member = make_member()
        packet = make_packet(fund=make_packet_fund())
        claim_packet(code=packet.code, member_id=member.pk, at=AT)
        draw_prize(lottery_id=lottery.pk, member_id=member.pk, at=AT)

    with count_queries(at_most=12):
        assert client.get(page(model)).status_code == 200
    row = {"redpacket": RedPacket.objects.first()}.get(model)
    if row:
        assert client.get(page(model, "change", row.pk)).status_code == 200
