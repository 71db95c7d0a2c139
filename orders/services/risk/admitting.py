"""Who may place an order now: not on the blacklist, and not hoarding stock unpaid (O-56, O-39).

One statement beside those that run anyway. The member's orders wait for each other from the read of
the address on, so that two at once never pass one limit.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Exists, Func, IntegerField, Q, Subquery, Value
from django.db.models.functions import Coalesce

from mall.kernel.db import advisory_key, advisory_lock
from mall.kernel.errors import NotFound
from members.models import Account, Address
from members.selectors import reached_at
from orders.errors import OrderBlocked, TooManyUnpaid
from orders.models import Order, OrderLine, RiskBlock, RiskPolicy
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
    turn = Func(
        Value(advisory_key(LOCK, member_id)),
        function="pg_advisory_xact_lock",
        template="(%(function)s(%(expressions)s) IS NULL)",
        output_field=BooleanField(),
    )
    found: Address | None = reached_at(member_id, address_id, at).annotate(turn=turn).first()
    if found is None:
        raise NotFound
    return found


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
) -> None:
    """Refuse an order of the blacklist, and one too many that waits for payment.

    Queries: 1. Raises: OrderBlocked, TooManyUnpaid.
    """
    pieces: Counter[int] = Counter()
    most_of: dict[int, int | None] = {}
    for one in wanted:
        pieces[one.sku_id] += one.pieces
        most_of[one.sku_id] = one.most
    policy = _asked(member_id, columns, pieces, in_activity, at)
    if policy is None:
        return
    if policy.is_blocked:
        raise OrderBlocked
    if policy.open_orders >= policy.most_unpaid_orders:
        raise TooManyUnpaid(most=policy.most_unpaid_orders)
    for sku_id, quantity in pieces.items():
        most = min(policy.most_unpaid_pieces, most_of[sku_id] or policy.most_unpaid_pieces)
        waiting = getattr(policy, f"waiting_{sku_id}")
        if waiting and waiting + quantity > most:
            raise TooManyUnpaid(most=most)


def _asked(
    member_id: int,
    columns: dict[str, Any],
    pieces: Iterable[int],
    in_activity: bool,
    at: datetime,
) -> Any:
    """The policy's row with everything that is asked, in one statement."""
    open_orders = Order.objects.filter(UNPAID, member_id=member_id)
    asked: dict[str, Any] = {
        "open_orders": _sum_of(open_orders.order_by(), "1"),
        "is_blocked": Exists(_blocks(member_id, columns, in_activity, at)),
    }
    for sku_id in pieces:
        lines = OrderLine.objects.filter(order__in=open_orders, sku_id=sku_id).order_by()
        asked[f"waiting_{sku_id}"] = _sum_of(lines, "quantity")
    return RiskPolicy.objects.filter(pk=1).annotate(**asked).first()


def _sum_of(rows: Any, expression: str) -> Coalesce:
    total = rows.annotate(
        _total=Func(template=f"SUM({expression})", output_field=IntegerField())
    ).values("_total")
    return Coalesce(Subquery(total, output_field=IntegerField()), Value(0))


def _blocks(member_id: int, columns: dict[str, Any], in_activity: bool, at: datetime) -> Any:
    """What of the blacklist this order meets: its member, the two phones, the doorstep."""
    own_phone = Account.objects.filter(member=member_id).values("phone")[:1]
    met = (
        Q(kind=Kind.MEMBER, key=str(member_id))
        | Q(kind=Kind.PHONE, key=columns["receiver_phone"])
        | Q(kind=Kind.PHONE, key=Subquery(own_phone))
        | Q(kind=Kind.ADDRESS, key=doorstep(columns["region_code"], columns["address_detail"]))
    )
    scopes = [Scope.ALL, Scope.ACTIVITIES] if in_activity else [Scope.ALL]
    return RiskBlock.objects.holding(at).filter(met, scope__in=scopes)
