"""Lotteries are written, published and paused; one that runs keeps its prizes and odds.

Source: requirement M-32, INV-22.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mall.kernel import audit
from mall.kernel.errors import InvalidInput, NotFound
from promotions.errors import CampaignNotReady, LotteryRuns
from promotions.models import Coupon, Lottery, Prize
from promotions.services.second_person import expect_second_person

Status = Lottery.Status
SAVED = "promotions.save_lottery"
VALUE_OF = {
    Prize.Kind.COUPON: "coupon_id",
    Prize.Kind.POINTS: "points",
    Prize.Kind.WALLET: "amount_fen",
}
"""The column that a kind of prize needs; all others are emptied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizeValues:
    """One row of the editor; ``prize_id`` is None for a new one."""

    kind: str
    title_zh: str
    title_en: str
    weight: int
    quota: int | None = None
    coupon_id: int | None = None
    points: int = 0
    amount_fen: int = 0
    prize_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LotteryValues:
    """What an operator says of a lottery."""

    title_zh: str
    title_en: str
    starts_at: datetime
    ends_at: datetime
    cost_points: int
    draws_a_day: int


@transaction.atomic
def save_lottery(
    *,
    values: LotteryValues,
    prizes: Iterable[PrizeValues],
    at: datetime,
    actor: Any,
    lottery_id: int | None = None,
) -> Lottery:
    """Write a lottery with all its prizes; those left out are gone, unless somebody won them.

    Locks: the lottery, then its prizes. Raises: NotFound, LotteryRuns, InvalidInput.
    """
    lottery = Lottery() if lottery_id is None else _locked(lottery_id)
    if lottery.status == Status.LIVE:
        raise LotteryRuns
    if values.ends_at <= values.starts_at:
        raise InvalidInput(field="ends_at", allowed="> starts_at")
    before = {} if lottery_id is None else facts_of(lottery)
    for name, value in asdict(values).items():
        setattr(lottery, name, value)
    if lottery_id is not None:
        lottery.version += 1
    lottery.save()
    _put_prizes(lottery, list(prizes))
    _note(SAVED, lottery, before, actor, at)
    return lottery


@transaction.atomic
def publish_lottery(*, lottery_id: int, at: datetime, actor: Any) -> Lottery:
    """Let members draw. Locks: the lottery. Raises: NotFound, CampaignNotReady,
    SecondPersonNeeded when all its money prizes come to more than the shop's limit."""
    lottery = _locked(lottery_id)
    prizes = list(lottery.prizes.select_related("coupon"))
    _check_ready(lottery, prizes, at)
    cost_fen = sum(prize.amount_fen * (prize.quota or 0) for prize in prizes)
    expect_second_person(
        lottery, cost_fen=cost_fen, written_by=SAVED, actor=actor, title=lottery.title_zh
    )
    return _turn(lottery, Status.LIVE, "promotions.publish_lottery", actor, at)


@transaction.atomic
def pause_lottery(*, lottery_id: int, at: datetime, actor: Any) -> Lottery:
    """Draw no more. Locks: the lottery. Raises: NotFound."""
    return _turn(_locked(lottery_id), Status.PAUSED, "promotions.pause_lottery", actor, at)


def _turn(lottery: Lottery, status: Lottery.Status, verb: str, actor: Any, at: datetime) -> Lottery:
    before = facts_of(lottery)
    lottery.status = status
    lottery.save(update_fields=["status"])
    _note(verb, lottery, before, actor, at)
    return lottery


def _put_prizes(lottery: Lottery, rows: list[PrizeValues]) -> None:
    known = {prize.pk: prize for prize in lottery.prizes.locked()}
    kept = {row.prize_id for row in rows}
    for pk, prize in known.items():
        if pk not in kept:
            _drop(prize)
    for position, row in enumerate(rows):
        _take(_row_of(lottery, known, row.prize_id), row, position).save()


def _row_of(lottery: Lottery, known: Mapping[int, Prize], prize_id: int | None) -> Prize:
    """A new prize, or one of this lottery's. Raises: NotFound."""
    if prize_id is None:
        return Prize(lottery=lottery)
    if prize_id not in known:
        raise NotFound
    return known[prize_id]


def _drop(prize: Prize) -> None:
    if prize.draws.exists():
        raise InvalidInput(field=prize.title_zh, allowed=_("prizes that were drawn stay"))
    prize.delete()


def _take(prize: Prize, row: PrizeValues, position: int) -> Prize:
    is_blank = row.kind == Prize.Kind.NOTHING
    prize.kind, prize.position, prize.weight = row.kind, position, row.weight
    prize.title_zh, prize.title_en = row.title_zh, row.title_en
    prize.quota = None if is_blank else row.quota
    needed = VALUE_OF.get(Prize.Kind(row.kind))
    prize.coupon_id = row.coupon_id if needed == "coupon_id" else None
    prize.points = row.points if needed == "points" else 0
    prize.amount_fen = row.amount_fen if needed == "amount_fen" else 0
    if needed and not getattr(prize, needed):
        raise InvalidInput(field=row.title_zh, allowed=_("a prize with its value"))
    if not is_blank and (prize.quota is None or prize.quota < prize.awarded):
        raise InvalidInput(field=row.title_zh, allowed=f"quota ≥ {prize.awarded}")
    return prize


def _check_ready(lottery: Lottery, prizes: list[Prize], at: datetime) -> None:
    blanks = [prize for prize in prizes if prize.kind == Prize.Kind.NOTHING]
    coupons = [prize.coupon for prize in prizes if prize.coupon]
    if lottery.ends_at <= at:
        reason = _("it is over already")
    elif len(blanks) != 1 or len(prizes) < 2:
        reason = _("it needs a blank and at least one prize")
    elif not any(prize.weight for prize in prizes):
        reason = _("no prize has a weight")
    elif any(coupon.status != Coupon.Status.LIVE for coupon in coupons):
        reason = _("a coupon among the prizes is not live")
    else:
        return
    raise CampaignNotReady(title=lottery.title_zh, reason=reason)


def _locked(lottery_id: int) -> Lottery:
    lottery: Lottery | None = Lottery.objects.filter(pk=lottery_id).locked().first()
    if lottery is None:
        raise NotFound
    return lottery


def facts_of(lottery: Lottery) -> dict[str, Any]:
    """The lottery and its odds, for the trail."""
    names = (*LotteryValues.__dataclass_fields__, "status", "version")
    columns = ("id", "kind", "weight", "quota", "coupon_id", "points", "amount_fen")
    return {
        **{name: getattr(lottery, name) for name in names},
        "prizes": list(lottery.prizes.values(*columns)),
    }


def _note(verb: str, lottery: Lottery, before: dict[str, Any], actor: Any, at: datetime) -> None:
    after = facts_of(lottery)
    audit.record(actor=actor, verb=verb, target=lottery, before=before, after=after, at=at)
