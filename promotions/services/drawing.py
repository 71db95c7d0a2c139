"""A member draws: a chance is used, a prize fixed and given, in one transaction (INV-22).

The prize is picked by ``secrets`` from the published odds. Its piece is taken by a guarded update;
when the piece or its coupon is gone, the draw is the blank. Source: requirement M-32.
"""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import F

from mall.kernel import clock
from mall.kernel.errors import NotFound, ShopError
from members.models import PointsEntry, WalletEntry
from members.services import credit_wallet, earn_points, spend_points
from promotions.chance import pick
from promotions.errors import CouponSoldOut, LotteryClosed, NoDrawsLeft, PrizeGone
from promotions.models import Draw, DrawDay, Lottery, Prize
from promotions.services.issuing import issue_coupons

SOURCE = "draw"


@transaction.atomic
def draw_prize(*, lottery_id: int, member_id: int, at: datetime) -> Draw:
    """Draw once: pay its points, use a chance of the day, take what comes.

    Locks: the member's day, the prize, the coupon, then points and wallet. Queries: at most 22.
    Raises: NotFound, LotteryClosed, NoDrawsLeft, NotEnoughPoints.
    """
    lottery = _open(lottery_id, at)
    draw = Draw(
        number=f"D{clock.day_of(at):%Y%m%d}{secrets.token_hex(6).upper()}",
        lottery=lottery,
        version=lottery.version,
        member_id=member_id,
        day=clock.day_of(at),
        cost_points=lottery.cost_points,
        at=at,
    )
    draw.chance_no = _use_chance(lottery, draw)
    picked, blank = _pick(lottery)
    secured = _secure(picked, draw)
    draw.prize, draw.missed = (picked, None) if secured else (blank, picked)
    spend_points(
        member_id=member_id,
        points=lottery.cost_points,
        source_type=SOURCE,
        source_id=draw.number,
        kind=PointsEntry.Kind.DRAW,
        at=at,
    )
    _hand_over(draw)
    draw.save(force_insert=True)
    return draw


def _open(lottery_id: int, at: datetime) -> Lottery:
    lottery = Lottery.objects.filter(pk=lottery_id).exclude(status=Lottery.Status.DRAFT).first()
    if lottery is None:
        raise NotFound
    if lottery.status != Lottery.Status.LIVE or not lottery.starts_at <= at < lottery.ends_at:
        raise LotteryClosed
    return lottery


def _use_chance(lottery: Lottery, draw: Draw) -> int:
    """Which draw of the day this is. Two of one member wait for each other here."""
    whose = {"lottery": lottery, "member_id": draw.member_id, "day": draw.day}
    DrawDay.objects.bulk_create([DrawDay(**whose)], ignore_conflicts=True)
    day = DrawDay.objects.filter(**whose)
    if not day.filter(used__lt=lottery.draws_a_day).update(used=F("used") + 1):
        raise NoDrawsLeft(draws_a_day=lottery.draws_a_day)
    return day.get().used


def _pick(lottery: Lottery) -> tuple[Prize, Prize]:
    """The prize that the odds gave, and the blank of the same lottery. Queries: 1."""
    prizes = list(lottery.prizes.select_related("coupon"))
    blank = next(prize for prize in prizes if prize.kind == Prize.Kind.NOTHING)
    return prizes[pick([prize.weight for prize in prizes], secrets.randbelow)], blank


def _secure(prize: Prize, draw: Draw) -> bool:
    """Take a piece of the prize, with its coupon; False, and nothing taken, when it is gone."""
    if prize.kind == Prize.Kind.NOTHING:
        return True
    try:
        with transaction.atomic():
            take_piece(prize)
            if prize.kind == Prize.Kind.COUPON:
                _give_coupon(prize, draw)
    except ShopError:
        return False
    return True


def take_piece(prize: Prize) -> None:
    """Count one piece as awarded. Locks: the prize. Queries: 1. Raises: PrizeGone."""
    left = Prize.objects.with_left().filter(pk=prize.pk)
    if not left.update(awarded=F("awarded") + 1):
        raise PrizeGone


def _give_coupon(prize: Prize, draw: Draw) -> None:
    """Raises: CouponNotClaimable, CouponSoldOut (also for who has as many as one may have)."""
    assert prize.coupon_id is not None, "held by prize_has_its_value"
    given = issue_coupons(
        coupon_id=prize.coupon_id,
        member_ids=[draw.member_id],
        source_type=SOURCE,
        source_id=draw.number,
        at=draw.at,
    )
    if not given:
        raise CouponSoldOut


def _hand_over(draw: Draw) -> None:
    """What goes to the member's own accounts; they come after every quota (docs/locks.md)."""
    prize = draw.prize
    if prize.kind == Prize.Kind.POINTS:
        earn_points(
            member_id=draw.member_id,
            points=prize.points,
            source_type=SOURCE,
            source_id=draw.number,
            kind=PointsEntry.Kind.PRIZE,
            at=draw.at,
        )
    elif prize.kind == Prize.Kind.WALLET:
        credit_wallet(
            member_id=draw.member_id,
            amount_fen=prize.amount_fen,
            kind=WalletEntry.Kind.PRIZE,
            reference=draw.number,
            at=draw.at,
        )
