"""What the demo gives away: ¥1 of each order for charity, packets to share, a draw, money in a
wallet. Written and published by the verbs, as operators would."""

from mall.console.demo.seeding import Seeding, Tally, operator
from members.models import Account
from orders.models import CharitySettings, Order
from orders.services import donate_for_order, save_charity_settings
from promotions.models import Lottery, Prize, RedPacketFund
from promotions.services import (
    LotteryValues,
    PacketFundValues,
    PrizeValues,
    claim_packet,
    open_packet,
    publish_lottery,
    publish_packet_fund,
    save_lottery,
    save_packet_fund,
)

GIVEN_ORDERS = 200
"""So many of the latest paid orders have given already: the counter does not begin at nothing."""
SHOPPERS = ("13800000001", "13800000002", "13800000003")
DAYS = 60
CAUSE = {
    "is_on": True,
    "cause_zh": "乡村小学图书角",
    "cause_en": "Bookshelves for village schools",
    "about_zh": "每 10 元为乡村小学添一本书，每季度公布书单。",
    "about_en": "Ten yuan are one book for a village school; the list of books comes each quarter.",
}
PRIZES = (
    PrizeValues(
        kind=Prize.Kind.NOTHING, title_zh="谢谢参与", title_en="Nothing this time", weight=60
    ),
    PrizeValues(
        kind=Prize.Kind.POINTS,
        title_zh="20 积分",
        title_en="20 points",
        weight=30,
        quota=5_000,
        points=20,
    ),
    PrizeValues(
        kind=Prize.Kind.POINTS,
        title_zh="200 积分",
        title_en="200 points",
        weight=8,
        quota=500,
        points=200,
    ),
    PrizeValues(
        kind=Prize.Kind.WALLET,
        title_zh="6.60 元红包",
        title_en="¥6.60 in the wallet",
        weight=2,
        quota=100,
        amount_fen=660,
    ),
)


def seed_giving(seeding: Seeding) -> Tally:
    """Charity, a fund of red packets, a draw; a rerun adds only what is missing."""
    steps = (_charity, _packets, _draw)
    made = sum(step(seeding) for step in steps)
    return Tally(made, len(steps) - made)


def _charity(seeding: Seeding) -> bool:
    if CharitySettings.objects.get(pk=1).is_on:
        return False
    save_charity_settings(changes=CAUSE, actor=operator(), at=seeding.at)
    paid = Order.objects.filter(paid_at__isnull=False, member__isnull=False).order_by("-paid_at")
    for order_id in list(paid.values_list("pk", flat=True)[:GIVEN_ORDERS]):
        donate_for_order(order_id=order_id, at=seeding.at)
    return True


def _packets(seeding: Seeding) -> bool:
    """A fund for paid orders, and one packet of which the demo shoppers have their shares."""
    if RedPacketFund.objects.exists():
        return False
    actor = operator()
    fund = save_packet_fund(
        values=PacketFundValues(
            title_zh="感谢下单，请好友分红包",
            title_en="Thank you for your order",
            total_fen=1_000,
            shares=5,
            valid_hours=24,
            budget_fen=500_000,
            is_for_orders=True,
            order_from_fen=9_900,
            starts_at=seeding.midnight,
            ends_at=seeding.day_end(DAYS),
        ),
        actor=actor,
        at=seeding.at,
    )
    publish_packet_fund(fund_id=fund.pk, actor=actor, at=seeding.at)
    packet = open_packet(fund_id=fund.pk, actor=actor, at=seeding.at)
    for account in Account.objects.filter(phone__in=SHOPPERS, member__isnull=False):
        claim_packet(code=packet.code, member_id=account.member.pk, at=seeding.at)
    return True


def _draw(seeding: Seeding) -> bool:
    if Lottery.objects.exists():
        return False
    actor = operator()
    lottery = save_lottery(
        values=LotteryValues(
            title_zh="双旦抽奖",
            title_en="Winter draw",
            starts_at=seeding.midnight,
            ends_at=seeding.day_end(DAYS),
            cost_points=10,
            draws_a_day=3,
        ),
        prizes=PRIZES,
        actor=actor,
        at=seeding.at,
    )
    publish_lottery(lottery_id=lottery.pk, actor=actor, at=seeding.at)
    return True
