"""Where a paid order goes: to a person who looks at it, or straight to be packed.

Source: requirements O-16, O-21. `checking` has the verbs of those who decide; this module is apart
because the settling of money calls it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.db.models.functions import JSONArray

from members.models import Member
from orders.models import FulfilmentPolicy, Order, OrderCheck, OrderLine
from orders.services.fulfilment.house_times import figure
from orders.services.fulfilment.review_rules import ReviewReason, answers, findings
from orders.services.moving import note_history
from orders.states import TO_CHECK
from promotions.models import CouponGrant

Stage = Order.Stage


@dataclass(frozen=True, slots=True)
class Sorted:
    """What becomes of one paid order, and what paying it has to know besides: the buyer's account,
    whether coupons are bound to it, and (product, pieces) of its lines."""

    stage: str
    is_priority: bool
    reasons: tuple[ReviewReason, ...] = ()
    account_id: int | None = None
    has_coupons: bool = False
    pieces: tuple[tuple[int, int], ...] = ()


def fulfilment_policy() -> FulfilmentPolicy:
    """How fast the house wants to be; the usual figures where nobody set them. Queries: 1."""
    return FulfilmentPolicy.objects.filter(pk=1).first() or FulfilmentPolicy(pk=1)


def sort_paid(order: Order, at: datetime) -> Sorted:
    """Which stage a paid order enters, and whether it is packed before others. Writes nothing.

    Queries: 1, however many rules and lines.
    """
    told = answers(order, at, _asked)
    reasons = tuple(findings(order, told))
    return Sorted(
        stage=Stage.IN_REVIEW if reasons else Stage.TO_PACK,
        is_priority=told["comes_first"],
        reasons=reasons,
        account_id=told["account_id"],
        has_coupons=told["has_coupons"],
        pieces=pieces_of(told["product_pieces"]),
    )


def _asked(_at: datetime) -> dict[str, Any]:
    """Columns of the order's row."""
    grants = CouponGrant.objects.filter(order_number=OuterRef("number"))
    lines = OrderLine.objects.filter(order=OuterRef("pk"), product__isnull=False).order_by()
    return {
        "comes_first": Exists(
            Member.objects.filter(pk=OuterRef("member_id"), tier__rank__gte=figure("priority_rank"))
        ),
        "account_id": F("member__account_id"),
        "has_coupons": Exists(grants.filter(state=CouponGrant.State.LOCKED)),
        "product_pieces": ArraySubquery(
            lines.filter(is_gift=False).values(pair=JSONArray("product_id", "quantity"))
        ),
    }


def pieces_of(lines: Iterable[tuple[int | None, int]]) -> tuple[tuple[int, int], ...]:
    """(product, pieces) of some (product, quantity), for the sales counts; imported lines without a
    product drop out."""
    pieces: Counter[int] = Counter()
    for product_id, quantity in lines:
        if product_id is not None:
            pieces[product_id] += quantity
    return tuple(sorted(pieces.items()))


def open_check(order: Order, reasons: Sequence[ReviewReason], at: datetime) -> None:
    """Let an order with reasons wait for a person. Queries: 2, none without reasons."""
    if not reasons:
        return
    OrderCheck.objects.create(order=order, reasons=[r.as_json() for r in reasons], opened_at=at)
    note_history(order, TO_CHECK, at=at)


def release_to_floor(orders: Sequence[Order]) -> None:
    """Let orders that waited for something else be packed, or be looked at first. Queries: 1."""
    checked = OrderCheck.objects.filter(order=OuterRef("pk"), verdict="")
    stage = Case(When(Exists(checked), then=Value(Stage.IN_REVIEW)), default=Value(Stage.TO_PACK))
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(stage=stage)


def end_checks(order: Order, at: datetime) -> int:
    """Nobody needs to look at it any more: the order is over. Queries: 1."""
    waiting = OrderCheck.objects.filter(order=order, verdict="")
    return waiting.update(verdict=OrderCheck.Verdict.OVER, decided_at=at)
