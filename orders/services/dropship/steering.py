"""What operators do with sub-orders: send again, change ways and rules. Source: O-28."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from members.models import Account
from orders.errors import SubOrderOver
from orders.models import DropshipPolicy, ForwardRoute, Order, SubOrder
from orders.services.dropship.alarming import end_alarm
from orders.services.dropship.writing import FORWARD, write_sub_orders
from orders.services.nudging import nudge

State = SubOrder.State


@atomic_retry()
def send_sub_order_again(*, number: str, actor: Account, at: datetime) -> SubOrder:
    """Tell the partner now: the order, or once more that it is called back. One that was refused
    is asked for anew, as a new sub-order.

    Locks: order, sub-order. Raises: NotFound, SubOrderOver when it is shipped, or what was refused
    lies elsewhere by now.
    """
    order = Order.objects.filter(sub_orders__number=number).locked().first()
    if order is None:
        raise NotFound
    sub = SubOrder.objects.filter(number=number).locked().get()
    before = sub.state
    if sub.state == State.REFUSED:
        sub.state = State.CANCELLED
        sub.save(update_fields=["state"])
        if not write_sub_orders(order_number=order.number, at=at):
            raise SubOrderOver(number=sub.number, state=State(before).label)
    elif sub.state in (State.PENDING, State.SENT, State.CANCELLED):
        sub.state = State.PENDING if sub.state == State.SENT else sub.state
        sub.attempts, sub.next_at = 0, at
        sub.save(update_fields=["state", "attempts", "next_at"])
    else:
        raise SubOrderOver(number=sub.number, state=sub.get_state_display())
    end_alarm(sub.number, at=at, outcome="sent again")
    audit.record(
        actor=actor,
        verb="orders.send_sub_order_again",
        target=sub,
        before={"state": before},
        after={"state": sub.state},
        at=at,
    )
    nudge(FORWARD)
    return sub


@transaction.atomic
def save_route(*, route: ForwardRoute, actor: Account, at: datetime) -> ForwardRoute:
    """Save how a warehouse is told; orders that wait for a file are told the new way."""
    known = ForwardRoute.objects.filter(pk=route.pk).first()
    route.save()
    if route.adapter != ForwardRoute.Adapter.CSV:
        waiting = SubOrder.objects.filter(warehouse=route.warehouse_id, state=State.PENDING)
        waiting.filter(next_at=None).update(next_at=at)
    audit.record(
        actor=actor,
        verb="orders.save_forward_route",
        target=route,
        before={"adapter": known.adapter, "url": known.url} if known else {},
        after={"adapter": route.adapter, "url": route.url},
        at=at,
    )
    return route


@transaction.atomic
def save_dropship_policy(*, changes: Mapping[str, Any], actor: Any, at: datetime) -> DropshipPolicy:
    """Change when somebody is told. Locks: the row."""
    DropshipPolicy.objects.get_or_create(pk=1)
    policy = DropshipPolicy.objects.filter(pk=1).locked().get()
    before = {name: getattr(policy, name) for name in changes}
    for name, value in changes.items():
        setattr(policy, name, value)
    policy.save(update_fields=list(changes))
    audit.record(
        actor=actor,
        verb="orders.save_dropship_policy",
        target=policy,
        before=before,
        after=dict(changes),
        at=at,
    )
    return policy
