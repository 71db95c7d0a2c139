"""Judging an attempt to pay before the payment is opened; every judgement is kept (O-39)."""

from dataclasses import asdict, replace
from datetime import datetime

from mall.kernel.db import create_rows
from members.models import Proof
from members.services import need_verification
from orders.errors import PaymentBlocked
from orders.models import Order, RiskDecision, RiskPolicy
from orders.risk import Judgement, Thresholds, Verdict, judge
from orders.services.risk.gathering import gather, payable_order
from orders.services.risk.outside import Opinion, opinion
from orders.services.risk.places import Footprint, doorstep, public_ip

NOWHERE = Footprint()
COPIED = tuple(Thresholds.__slots__)


def assess_payment(
    *, order_number: str, member_id: int, at: datetime, footprint: Footprint = NOWHERE
) -> RiskDecision | None:
    """Judge the payment that is about to be opened; None when there is nothing to judge.

    A service outside may be asked: call it outside transactions, before `open_payment`. The
    decision is committed before it refuses. Queries: 3. Raises: NeedVerification (403, with what
    to do), PaymentBlocked.
    """
    found = payable_order(order_number, member_id)
    if found is None:
        return None
    order, policy = found
    gathered = gather(order, footprint, policy, at)
    facts, proved = gathered.facts, gathered.is_proved
    said = opinion({"order": order.number, "amount_fen": order.due_fen, **asdict(facts)}, at)
    judgement = judge(
        replace(facts, outside_points=said.points), thresholds_of(policy), is_proved=proved
    )
    decision = _keep(
        order,
        judgement,
        footprint=footprint,
        said=said,
        proved=proved,
        used_coupon=facts.members_with_coupons > 0,  # this member counts
        at=at,
    )
    if judgement.verdict == Verdict.BLOCK:
        raise PaymentBlocked
    if judgement.verdict == Verdict.VERIFY:
        assert order.member is not None, "imported orders are not paid here"
        raise need_verification(order.member.account, Proof.Deed.PAY, order.number)
    return decision


def thresholds_of(policy: RiskPolicy) -> Thresholds:
    """The policy as the rules take it."""
    return Thresholds(**{name: getattr(policy, name) for name in COPIED})


def _keep(
    order: Order,
    judgement: Judgement,
    *,
    footprint: Footprint,
    said: Opinion,
    proved: bool,
    used_coupon: bool,
    at: datetime,
) -> RiskDecision:
    assert order.member is not None, "imported orders are not paid here"
    decision = RiskDecision(
        order=order,
        member=order.member,
        verdict=str(judgement.verdict),
        score=judgement.score,
        reasons=[asdict(reason) for reason in judgement.reasons],
        is_proved=proved,
        outside=said.state,
        device=footprint.device,
        ip=public_ip(footprint.ip),
        address=doorstep(order.region_code, order.address_detail),
        used_coupon=used_coupon,
        at=at,
    )
    create_rows([decision])
    return decision
