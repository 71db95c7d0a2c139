"""Who may place an order now: not on the blacklist, and not hoarding stock unpaid (O-56, O-39).

One statement beside those that run anyway. The member's orders wait for each other from the read of
the address on, so that two at once never pass one limit.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Exists,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import JSONArray

from mall.kernel.db import Prepared, advisory_key, advisory_lock
from mall.kernel.errors import NotFound
from members.models import Account, Address
from members.selectors import reached_at
from orders.errors import OrderBlocked, TooManyUnpaid
from orders.models import Order, OrderLine, RiskBlock, RiskPolicy
from orders.services.fulfilment.house_times import figure, usual_figure
from orders.services.risk.places import doorstep

LOCK = "orders.unpaid"
UNPAID = Q(status=Order.Status.UNPAID, paid_fen=0)
Kind, Scope = RiskBlock.Kind, RiskBlock.Scope


@dataclass(frozen=True, slots=True)
class UnpaidCaps:
    """What an order adds to a member's unpaid pieces: SKU, pieces, and what one SKU allows."""

    sku_id: int
    pieces: int
    most: int | None = None


def address_in_turn(member_id: int, address_id: int, at: datetime) -> Address:
    """One address of the member's own, read as the only one who orders for this member now, as
    `members.selectors.shopper_of` takes it.

    Locks: the member's turn, until the transaction ends. Raises: NotFound. Queries: 1.
    """
    turn = advisory_key(LOCK, member_id)
    found: Address | None = _in_turn.one(
        member_id=member_id, address_id=address_id, at=at, turn=turn
    )
    if found is None:
        raise NotFound
    return found


@Prepared
def _in_turn(*, turn: int, **reached: Any) -> QuerySet[Address]:
    """The address, which nobody reads before this lock is theirs."""
    waits = Func(
        Value(turn),
        function="pg_advisory_xact_lock",
        template="(%(function)s(%(expressions)s) IS NULL)",
        output_field=BooleanField(),
    )
    return reached_at(**reached).annotate(turn=waits)


def hold_unpaid(member_id: int) -> None:
    """Take the member's turn without an address: orders that are collected. Queries: 1."""
    advisory_lock(LOCK, member_id)


def admit_order(
    *,
    member_id: int,
    columns: dict[str, Any],
    wanted: Iterable[UnpaidCaps],
    in_activity: bool,
    at: datetime,
) -> int:
    """Refuse an order of the blacklist, and one too many that waits for payment; returns how many
    minutes one that is placed now may wait.

    Queries: 1. Raises: OrderBlocked, TooManyUnpaid.
    """
    pieces: Counter[int] = Counter()
    most_of: dict[int, int | None] = {}
    for one in wanted:
        pieces[one.sku_id] += one.pieces
        most_of[one.sku_id] = one.most
    policy = _asked.one(
        in_activity,
        member_id=member_id,
        member_key=str(member_id),
        phone=columns["receiver_phone"],
        address=doorstep(columns["region_code"], columns["address_detail"]),
        sku_ids=sorted(pieces),
        at=at,
    )
    if policy is None:
        return usual_figure("pay_minutes")
    if policy.is_blocked:
        raise OrderBlocked
    if policy.open_orders >= policy.most_unpaid_orders:
        raise TooManyUnpaid(most=policy.most_unpaid_orders)
    waiting_of = dict(policy.waiting)
    for sku_id, quantity in pieces.items():
        most = min(policy.most_unpaid_pieces, most_of[sku_id] or policy.most_unpaid_pieces)
        waiting = waiting_of.get(sku_id, 0)
        if waiting and waiting + quantity > most:
            raise TooManyUnpaid(most=most)
    minutes: int = policy.pay_minutes
    return minutes


@Prepared
def _asked(
    in_activity: bool, *, member_id: int, sku_ids: list[int], **met: Any
) -> QuerySet[RiskPolicy]:
    """The policy's row with everything that is asked."""
    open_orders = Order.objects.filter(UNPAID, member_id=member_id).order_by()
    lines = OrderLine.objects.filter(order__in=open_orders, sku__in=sku_ids).order_by()
    by_sku = lines.values("sku").annotate(pieces=Sum("quantity"))
    count = open_orders.annotate(n=Func(template="COUNT(*)", output_field=IntegerField()))
    return RiskPolicy.objects.filter(pk=1).annotate(
        open_orders=Subquery(count.values("n")),
        is_blocked=Exists(_blocks(in_activity, member_id, **met)),
        waiting=ArraySubquery(by_sku.values(pair=JSONArray("sku_id", "pieces"))),
        pay_minutes=figure("pay_minutes"),
    )


def _blocks(
    in_activity: bool, member_id: int, *, member_key: str, phone: str, address: str, at: datetime
) -> QuerySet[RiskBlock]:
    """What of the blacklist this order meets: its member, the two phones, the doorstep."""
    own_phone = Account.objects.filter(member=member_id).values("phone")[:1]
    met = (
        Q(kind=Kind.MEMBER, key=member_key)
        | Q(kind=Kind.PHONE, key=phone)
        | Q(kind=Kind.PHONE, key=Subquery(own_phone))
        | Q(kind=Kind.ADDRESS, key=address)
    )
    scopes = [Scope.ALL, Scope.ACTIVITIES] if in_activity else [Scope.ALL]
    return RiskBlock.objects.holding(at).filter(met, scope__in=scopes)
