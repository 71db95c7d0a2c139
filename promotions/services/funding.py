"""The shop's money for red packets: written, published, paused; its budget is a counter in the
database that stops at the cap (INV-42). Source: requirement P-35."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from mall.kernel import audit
from mall.kernel.errors import InvalidInput, NotFound
from promotions.errors import PacketFundSpent
from promotions.models import RedPacketFund
from promotions.services.second_person import expect_second_person

Status = RedPacketFund.Status
SAVED = "promotions.save_packet_fund"


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketFundValues:
    """What an operator says of a fund."""

    title_zh: str
    title_en: str
    total_fen: int
    shares: int
    valid_hours: int
    budget_fen: int
    is_for_orders: bool
    order_from_fen: int
    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def save_packet_fund(
    *, values: PacketFundValues, at: datetime, actor: Any, fund_id: int | None = None
) -> RedPacketFund:
    """Write a fund; packets that are open keep what they were opened with.

    One that is live goes back to be a draft: whoever raises a budget does not publish it alone.
    Locks: the fund. Raises: NotFound, InvalidInput.
    """
    fund = RedPacketFund() if fund_id is None else _locked(fund_id)
    before = {} if fund_id is None else _facts(fund)
    _check(values, fund.spent_fen)
    for name, value in asdict(values).items():
        setattr(fund, name, value)
    fund.status = Status.DRAFT
    fund.save()
    _note(SAVED, fund, before, actor, at)
    return fund


@transaction.atomic
def publish_packet_fund(*, fund_id: int, at: datetime, actor: Any) -> RedPacketFund:
    """Let packets be opened from it. Locks: the fund. Raises: NotFound, SecondPersonNeeded."""
    fund = _locked(fund_id)
    expect_second_person(
        fund, cost_fen=fund.budget_fen, written_by=SAVED, actor=actor, title=fund.title_zh
    )
    return _turn(fund_id, Status.LIVE, "promotions.publish_packet_fund", actor, at)


def pause_packet_fund(*, fund_id: int, at: datetime, actor: Any) -> RedPacketFund:
    """Open no more; packets that are open stay good. Locks: the fund. Raises: NotFound."""
    return _turn(fund_id, Status.PAUSED, "promotions.pause_packet_fund", actor, at)


def spend_budget(fund: RedPacketFund, amount_fen: int) -> None:
    """Count ``amount_fen`` as spent. Locks: the fund. Queries: 1. Raises: PacketFundSpent."""
    left = RedPacketFund.objects.with_left(amount_fen).filter(pk=fund.pk)
    if not left.update(spent_fen=F("spent_fen") + amount_fen):
        raise PacketFundSpent


def return_budget(fund_id: int, amount_fen: int) -> None:
    """Count ``amount_fen`` that nobody took as not spent. Locks: the fund. Queries: 1."""
    RedPacketFund.objects.filter(pk=fund_id).update(spent_fen=F("spent_fen") - amount_fen)


@transaction.atomic
def _turn(
    fund_id: int, status: RedPacketFund.Status, verb: str, actor: Any, at: datetime
) -> RedPacketFund:
    fund = _locked(fund_id)
    before = _facts(fund)
    fund.status = status
    fund.save(update_fields=["status"])
    _note(verb, fund, before, actor, at)
    return fund


def _check(values: PacketFundValues, spent_fen: int) -> None:
    """The friendly word before the constraint's. Raises: InvalidInput."""
    if values.shares < 1 or values.total_fen < values.shares:
        raise InvalidInput(field="total_fen", allowed="≥ ¥0.01 × shares")
    if values.budget_fen < max(spent_fen, values.total_fen):
        raise InvalidInput(field="budget_fen", allowed="≥ spent, ≥ one packet")
    if values.ends_at <= values.starts_at:
        raise InvalidInput(field="ends_at", allowed="> starts_at")
    if values.valid_hours < 1:
        raise InvalidInput(field="valid_hours", allowed="≥ 1")


def _locked(fund_id: int) -> RedPacketFund:
    fund: RedPacketFund | None = RedPacketFund.objects.filter(pk=fund_id).locked().first()
    if fund is None:
        raise NotFound
    return fund


def _facts(fund: RedPacketFund) -> dict[str, Any]:
    names = (*PacketFundValues.__dataclass_fields__, "status")
    return {name: getattr(fund, name) for name in names}


def _note(verb: str, fund: RedPacketFund, before: dict[str, Any], actor: Any, at: datetime) -> None:
    audit.record(actor=actor, verb=verb, target=fund, before=before, after=_facts(fund), at=at)
