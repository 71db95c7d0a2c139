from datetime import timedelta

import pytest

from mall.kernel import clock
from mall.kernel.notify.models import Message
from mall.kernel.outbox.models import OutboxEvent
from members import presenting, selectors
from members.models import Member
from members.services import add_growth, expire_growth, take_back_growth
from members.testing import make_member, make_tiers

pytestmark = pytest.mark.django_db
AT = clock.now()


def grow(member, fen, number="1", at=AT):
    return add_growth(
        member_id=member.pk, delta_fen=fen, source_type="order", source_id=number, at=at
    )


def tier_of(member):
    return Member.objects.select_related("tier").get(pk=member.pk).tier.code


def growth_of(member):
    row = Member.objects.get(pk=member.pk)
    assert row.growth_fen == sum(row.growth_entries.values_list("delta_fen", flat=True))
    return row.growth_fen


def test_four_tiers_come_with_the_shop():
    assert list(make_tiers()) == ["normal", "silver", "gold", "diamond"]
    assert [tier.threshold_fen for tier in selectors.tiers()] == [0, 1, 30_000, 100_001]


@pytest.mark.parametrize(
    ("received_fen", "code"),
    [
        (0, "normal"),
        (1, "silver"),
        (29_900, "silver"),
        (30_000, "gold"),
        (100_000, "gold"),
        (100_001, "diamond"),
    ],
)
def test_growth_reaches_its_tier_at_once(received_fen, code):
    member = make_member()

    grow(member, received_fen)

    assert tier_of(member) == code


def test_a_rise_is_told_and_announced():
    member = make_member()

    grow(member, 30_000)

    message = Message.objects.get(account_id=member.account_id, template="members.tier_risen")
    assert presenting.message_dict(message)["route"] == "storefront:tier"
    assert message.params["tier_title_zh"] == "黄金"
    event = OutboxEvent.objects.get(name="members.tier_changed")
    assert (event.payload["before"], event.payload["after"], event.payload["is_rise"]) == (
        "normal",
        "gold",
        True,
    )


def test_the_same_order_grows_once():
    member = make_member()

    assert grow(member, 20_000) == grow(member, 20_000)
    assert growth_of(member) == 20_000


def test_a_refund_takes_growth_and_tier_back_but_never_more_than_the_order_brought():
    member = make_member()
    grow(member, 30_000, "A")
    grow(member, 500, "B")

    for number in ("r1", "r2"):
        take_back_growth(
            member_id=member.pk,
            amount_fen=20_000,
            source_type="refund",
            source_id=number,
            order_number="A",
            at=AT,
        )

    assert growth_of(member) == 500
    assert tier_of(member) == "silver"
    assert Message.objects.filter(
        account_id=member.account_id, template="members.tier_fallen"
    ).exists()


def test_growth_leaves_the_window_with_its_refund():
    member = make_member()
    bought_at = AT - timedelta(days=364)
    grow(member, 100_001, "A", bought_at)
    grow(member, 700, "B", AT - timedelta(days=1))
    take_back_growth(
        member_id=member.pk,
        amount_fen=20_000,
        source_type="refund",
        source_id="r",
        order_number="A",
        at=bought_at + timedelta(days=20),
    )
    assert tier_of(member) == "gold"

    assert expire_growth(at=AT) == 0
    assert expire_growth(at=AT + timedelta(days=1)) == 1

    assert growth_of(member) == 700
    assert tier_of(member) == "silver"
    assert expire_growth(at=AT + timedelta(days=2)) == 0


def test_the_page_says_what_the_next_tier_needs():
    member = make_member()
    grow(member, 25_000)
    member = selectors.member(member.pk)

    standing = presenting.standing_dict(member, selectors.tiers())

    assert standing["code"] == "silver"
    assert standing["next"]["code"] == "gold"
    assert standing["next"]["missing_fen"] == 5_000
