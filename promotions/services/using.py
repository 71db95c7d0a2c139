"""A coupon through an order: locked when placed, used when paid, given back or kept when closed
(INV-16). Its template's budget goes along (P-01).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import BigIntegerField, Case, F, Value, When

from promotions import engine
from promotions.errors import CouponBudgetSpent, CouponNotUsable
from promotions.models import Coupon, CouponGrant

State = CouponGrant.State
NOTHING: Mapping[int, int] = {}


def coupon_amounts(quote: engine.Quote) -> dict[int, int]:
    """What each coupon takes off a priced basket, in fen by grant: off goods, or off freight."""
    steps = [step for line in quote.lines for step in line.steps]
    steps += quote.freight.steps
    amounts: Counter[int] = Counter()
    for step in steps:
        if step.source_id in quote.coupon_grant_ids and step.kind.startswith("coupon_"):
            amounts[step.source_id] += step.amount_fen
    return dict(amounts)


@transaction.atomic
def lock_grants(
    *,
    grant_ids: Collection[int],
    member_id: int,
    order_number: str,
    at: datetime,
    amounts_fen: Mapping[int, int] = NOTHING,
) -> None:
    """Bind the member's coupons to an order: all of them, or none.

    Owner, state and validity are judged by the update itself, so of two orders one wins.
    ``amounts_fen`` is what each takes off (`coupon_amounts`), counted against its budget.
    Locks: the grants, pk order, then coupons with a budget, pk order. Queries: 1 for one coupon, 2
    for several; with amounts 1 more, and 1 for each coupon with a budget. Raises: CouponNotUsable,
    CouponBudgetSpent.
    """
    wanted = set(grant_ids)
    if not wanted:
        return
    grants = CouponGrant.objects.filter(pk__in=wanted)
    if len(wanted) > 1:
        list(grants.only("pk").locked())
    bound = grants.usable_by(member_id, at).update(
        state=State.LOCKED, order_number=order_number, off_fen=_taken(amounts_fen)
    )
    if bound != len(wanted):
        raise CouponNotUsable(reason_code="taken")
    if amounts_fen:
        _spend(grants.filter(coupon__budget_fen__isnull=False).select_related("coupon"))


@transaction.atomic
def use_grants(*, order_number: str, at: datetime) -> int:
    """The order is paid: its coupons are used. Once; returns how many. Queries: 1."""
    locked = CouponGrant.objects.filter(order_number=order_number, state=State.LOCKED)
    return locked.update(state=State.USED, used_at=at)


@transaction.atomic
def unlock_grants(*, order_number: str, at: datetime) -> int:
    """The order is closed or wholly refunded: its coupons go back, once, or are forfeit.

    Which of the two their coupons say, for unpaid orders and refunded ones apart. One that ended
    meanwhile goes back too, and shows as over. The budget gets back what they took. Locks: the
    grants, pk order, then coupons with a budget, pk order. Queries: 1 without coupons, else 3, and
    1 for each coupon with a budget. Returns how many went back.
    """
    bound = CouponGrant.objects.bound_to(order_number)
    if not list(bound.only("pk").locked()):
        return 0
    grants = list(bound.select_related("coupon").order_by("pk"))
    _return_budget(grants)
    for grant in grants:
        _let_go(grant)
    CouponGrant.objects.bulk_update(grants, ["state", "order_number", "used_at", "off_fen"])
    return sum(grant.state == State.USABLE for grant in grants)


def _let_go(grant: CouponGrant) -> None:
    goes_back = grant.goes_back
    grant.off_fen, grant.used_at = 0, None
    if goes_back:
        grant.state, grant.order_number = State.USABLE, ""
    else:
        grant.state = State.FORFEIT


def _taken(amounts_fen: Mapping[int, int]) -> Case:
    """Each grant's own amount, 0 for those not named."""
    whens = [When(pk=pk, then=Value(off_fen)) for pk, off_fen in amounts_fen.items()]
    return Case(*whens, default=Value(0), output_field=BigIntegerField())


def _spend(grants: Iterable[CouponGrant]) -> None:
    for coupon_id, off_fen in _by_coupon(grants):
        coupon = Coupon.objects.with_budget_for(off_fen).filter(pk=coupon_id)
        if not coupon.update(spent_fen=F("spent_fen") + off_fen):
            raise CouponBudgetSpent


def _return_budget(grants: Iterable[CouponGrant]) -> None:
    for coupon_id, off_fen in _by_coupon(grants):
        Coupon.objects.filter(pk=coupon_id).update(spent_fen=F("spent_fen") - off_fen)


def _by_coupon(grants: Iterable[CouponGrant]) -> list[tuple[int, int]]:
    """(coupon id, fen) of coupons with a budget, by id."""
    sums: Counter[int] = Counter()
    for grant in grants:
        if grant.coupon.budget_fen is not None and grant.off_fen:
            sums[grant.coupon_id] += grant.off_fen
    return sorted(sums.items())
