"""裂变红包: opened, shared, returned; every fen stays in the book. Row P-35."""

from datetime import timedelta

import pytest

from mall.kernel import ledger
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.invariants import audit
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members.errors import NotEnoughMoney, PhoneNeeded
from members.models import Account
from members.selectors import wallet_of
from members.services import credit_wallet
from members.testing import make_member, make_operator
from promotions import services
from promotions.errors import (
    PacketEmpty,
    PacketFundClosed,
    PacketFundSpent,
    PacketOver,
    PacketTaken,
    SecondPersonNeeded,
)
from promotions.models import RedPacket, RedPacketClaim, RedPacketFund
from promotions.selectors import packet_view
from promotions.testing import AT, ENDS_AT, STARTS_AT, make_packet, make_packet_fund

LATER = AT + timedelta(hours=24)
CROWD, EACH = 30, 10


def claim(packet, member, at=AT):
    return services.claim_packet(code=packet.code, member_id=member.pk, at=at)


def broken():
    return {law.code: found.rows for law, found in audit() if found}


@pytest.mark.django_db
def test_P_35_a_packet_of_10_yuan_for_5_persons_totals_exactly_10_yuan():
    packet = make_packet(total_fen=1_000, shares=5)

    members = [make_member() for _n in range(5)]
    claims = [claim(packet, member) for member in members]

    assert sum(row.amount_fen for row in claims) == 1_000
    assert min(row.amount_fen for row in claims) >= 1
    assert [row.position for row in claims] == [1, 2, 3, 4, 5]
    assert [wallet_of(m.pk).balance_fen for m in members] == [c.amount_fen for c in claims]
    assert ledger.balance_of(packet.ledger_code) == 0
    assert ledger.balance_of("marketing") == 1_000
    packet.refresh_from_db()
    assert (packet.left_fen, packet.left_shares, packet.closed_at) == (0, 0, AT)
    assert broken() == {}


@pytest.mark.django_db
def test_a_member_takes_one_share():
    packet, member = make_packet(), make_member()
    first = claim(packet, member)

    with pytest.raises(PacketTaken):
        claim(packet, member)

    assert RedPacketClaim.objects.get() == first
    assert wallet_of(member.pk).balance_fen == first.amount_fen


@pytest.mark.django_db
def test_who_comes_too_late_hears_why():
    packet = make_packet(shares=1)
    claim(packet, make_member())
    old = make_packet()

    with pytest.raises(PacketEmpty):
        claim(packet, make_member())
    with pytest.raises(PacketOver):
        claim(old, make_member(), at=LATER)
    with pytest.raises(NotFound):
        services.claim_packet(code="NOSUCH", member_id=make_member().pk, at=AT)

    assert RedPacketClaim.objects.count() == 1


@pytest.mark.django_db
def test_only_a_proved_phone_gets_money():
    packet, member = make_packet(), make_member()
    Account.objects.filter(pk=member.account_id).update(phone=None, username="nobody")

    with pytest.raises(PhoneNeeded):
        claim(packet, member)

    assert packet.claims.count() == 0


@pytest.mark.django_db
def test_the_rest_of_a_shop_packet_goes_back_to_its_fund_once():
    fund = make_packet_fund()
    packet = make_packet(fund=fund)
    taken = claim(packet, make_member()).amount_fen

    assert services.return_packets(LATER - timedelta(seconds=1)) == 0
    assert services.return_packets(LATER) == 1
    assert services.return_packets(LATER) == 0

    packet.refresh_from_db()
    fund.refresh_from_db()
    assert (packet.left_fen, packet.returned_fen) == (0, 1_000 - taken)
    assert fund.spent_fen == ledger.balance_of("marketing") == taken
    assert ledger.balance_of(packet.ledger_code) == 0
    assert broken() == {}
    with pytest.raises(PacketOver):
        claim(packet, make_member(), at=LATER)


@pytest.mark.django_db
def test_a_member_sends_from_the_wallet_and_gets_the_rest_back():
    sender, friend = make_member(), make_member()
    credit_wallet(member_id=sender.pk, amount_fen=1_500, kind="cash_back", reference="c", at=AT)

    packet = services.send_packet(member_id=sender.pk, total_fen=1_000, shares=3, at=AT)
    assert wallet_of(sender.pk).balance_fen == 500
    taken = claim(packet, friend).amount_fen
    services.return_packets(LATER)

    assert wallet_of(friend.pk).balance_fen == taken
    assert wallet_of(sender.pk).balance_fen == 1_500 - taken
    assert broken() == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("total_fen", "shares", "refusal"),
    [
        (501, 3, NotEnoughMoney),
        (2, 3, InvalidInput),
        (20_001, 3, InvalidInput),
        (100, 0, InvalidInput),
        (200, 101, InvalidInput),
    ],
)
def test_a_packet_that_cannot_be_sent_takes_no_money(total_fen, shares, refusal):
    sender = make_member()
    credit_wallet(member_id=sender.pk, amount_fen=500, kind="cash_back", reference="c", at=AT)

    with pytest.raises(refusal):
        services.send_packet(member_id=sender.pk, total_fen=total_fen, shares=shares, at=AT)

    assert wallet_of(sender.pk).balance_fen == 500
    assert not RedPacket.objects.exists()


@pytest.mark.django_db
def test_no_packet_beyond_the_budget_nor_out_of_time():
    fund = make_packet_fund(total_fen=1_000, budget_fen=1_500)
    make_packet(fund=fund)

    with pytest.raises(PacketFundSpent):
        make_packet(fund=fund)
    with pytest.raises(PacketFundClosed):
        make_packet(fund=make_packet_fund(status=RedPacketFund.Status.PAUSED))
    with pytest.raises(PacketFundClosed):
        make_packet(fund=fund, at=ENDS_AT)

    assert RedPacket.objects.count() == 1
    assert broken() == {}


@pytest.mark.django_db
def test_an_order_opens_one_packet_of_the_best_fund_and_its_end_ends_it():
    make_packet_fund(is_for_orders=True)
    best = make_packet_fund(is_for_orders=True, order_from_fen=10_000, total_fen=2_000)
    member = make_member()
    values = {"order_number": "A1", "member_id": member.pk, "paid_fen": 10_000, "at": AT}

    packet = services.open_order_packet(**values)

    assert services.open_order_packet(**values) == packet
    assert (packet.fund, packet.opener, packet.total_fen) == (best, member, 2_000)
    claim(packet, make_member())
    assert services.end_order_packet(order_number="A1", at=AT) is True
    assert services.end_order_packet(order_number="A1", at=AT) is False
    with pytest.raises(PacketOver):
        claim(packet, make_member())
    assert broken() == {}


@pytest.mark.django_db
def test_without_a_fund_for_it_an_order_opens_none():
    make_packet_fund()
    make_packet_fund(is_for_orders=True, order_from_fen=10_001)
    make_packet_fund(is_for_orders=True, budget_fen=1_000, spent_fen=1_000)

    packet = services.open_order_packet(
        order_number="A1", member_id=make_member().pk, paid_fen=10_000, at=AT
    )

    assert packet is None
    assert services.end_order_packet(order_number="A1", at=AT) is False


def fund_values(**changes):
    return services.PacketFundValues(
        **{
            "title_zh": "红包",
            "title_en": "Packet",
            "total_fen": 1_000,
            "shares": 5,
            "valid_hours": 24,
            "budget_fen": 5_000,
            "is_for_orders": False,
            "order_from_fen": 0,
            "starts_at": STARTS_AT,
            "ends_at": ENDS_AT,
            **changes,
        }
    )


@pytest.mark.django_db
def test_a_fund_is_written_published_and_paused_with_a_trail():
    actor = make_operator()
    fund = services.save_packet_fund(values=fund_values(), actor=actor, at=AT)
    services.publish_packet_fund(fund_id=fund.pk, actor=actor, at=AT)
    make_packet(fund=fund)
    services.pause_packet_fund(fund_id=fund.pk, actor=actor, at=AT)

    with pytest.raises(PacketFundClosed):
        make_packet(fund=fund)
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "promotions.save_packet_fund",
        "promotions.publish_packet_fund",
        "promotions.open_packet",
        "promotions.pause_packet_fund",
    ]


@pytest.mark.django_db
def test_a_large_fund_is_published_by_somebody_who_did_not_write_it():
    writer, other = make_operator(), make_operator()
    large = fund_values(budget_fen=1_000_001)
    fund = services.save_packet_fund(values=large, actor=writer, at=AT)

    with pytest.raises(SecondPersonNeeded):
        services.publish_packet_fund(fund_id=fund.pk, actor=writer, at=AT)
    assert RedPacketFund.objects.get().status == "draft"

    services.publish_packet_fund(fund_id=fund.pk, actor=other, at=AT)
    services.save_packet_fund(values=large, actor=other, at=AT, fund_id=fund.pk)
    assert RedPacketFund.objects.get().status == "draft"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [{"total_fen": 4}, {"budget_fen": 999}, {"ends_at": STARTS_AT}, {"valid_hours": 0}],
)
def test_a_fund_that_cannot_be_is_refused(changes):
    with pytest.raises(InvalidInput):
        services.save_packet_fund(values=fund_values(**changes), actor=None, at=AT)

    assert not RedPacketFund.objects.exists()


@pytest.mark.django_db
def test_a_page_says_what_became_of_the_packet():
    packet, member = make_packet(shares=2), make_member()
    assert packet_view(packet.code, member.pk).state(AT) == "open"
    assert packet_view(packet.code, None).state(LATER) == "over"

    mine = claim(packet, member)
    assert packet_view(packet.code, member.pk).mine == mine
    assert packet_view(packet.code, member.pk).state(AT) == "mine"
    claim(packet, make_member())
    assert packet_view(packet.code, None).state(AT) == "empty"
    with pytest.raises(NotFound):
        packet_view("NOSUCH", None)


def tries(packet, members):
    """Thirty connections, each with ten people one after another."""

    def run(number):
        taken, refused = 0, []
        for member in members[number * EACH : (number + 1) * EACH]:
            try:
                claim(packet, member)
                taken += 1
            except Exception as error:  # noqa: BLE001 - the test looks at it
                refused.append(error)
        return taken, refused

    answers = stampede(CROWD, run).results
    return sum(n for n, _r in answers), [error for _n, found in answers for error in found]


@pytest.mark.django_db(transaction=True)
def test_F_39_of_300_who_want_the_last_share_exactly_one_gets_it():
    packet = make_packet(total_fen=1_000, shares=2)
    claim(packet, make_member())
    members = [make_member() for _n in range(CROWD * EACH)]

    with all_read_before_any_writes("promotions.services.splitting._found", CROWD):
        taken, refused = tries(packet, members)

    assert taken == 1
    assert len(refused) == CROWD * EACH - 1
    assert {type(error) for error in refused} == {PacketEmpty}
    assert sum(packet.claims.values_list("amount_fen", flat=True)) == 1_000
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_only_the_constraint_saves_the_last_share():
    packet = make_packet(total_fen=1_000, shares=2)
    claim(packet, make_member())
    members = [make_member() for _n in range(CROWD * EACH)]
    gate = all_read_before_any_writes("promotions.services.splitting.locked_packet", CROWD)

    with without_locks(), gate:
        _taken, refused = tries(packet, members)

    assert "IntegrityError" in {type(error).__name__ for error in refused}


@pytest.mark.django_db(transaction=True)
def test_one_member_twenty_times_at_once_gets_one_share():
    packet, member = make_packet(shares=20), make_member()

    outcomes = stampede(20, lambda _n: claim(packet, member))

    assert len(outcomes.results) == 1
    assert outcomes.only(PacketTaken)
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_twenty_openers_stop_at_the_budget():
    fund = make_packet_fund(total_fen=1_000, budget_fen=5_000)
    actor = make_operator()

    outcomes = stampede(20, lambda _n: services.open_packet(fund_id=fund.pk, actor=actor, at=AT))

    assert len(outcomes.results) == 5
    assert outcomes.only(PacketFundSpent)
    assert broken() == {}
