"""Orders of a group buy: paid they wait for their team, go on with it, or end with it. Source:
P-32, INV-24, F-39.

A team ends under its own lock while one order of it is locked; the others follow by event, so that
nobody waits for an order while holding a team (docs/adr/0010-teams-end-by-event.md).
"""

from datetime import datetime

from django.db import transaction

from orders.models import Order, OrderHistory
from orders.models.order import OrderQuerySet
from orders.services.cancelling import cancel_paid
from orders.services.dropship.writing import FORWARD
from orders.services.fulfilment.sorting_paid import release_to_floor
from orders.services.nudging import nudge
from orders.states import GROUPED
from promotions.models import Campaign

Status, Stage = Order.Status, Order.Stage


@transaction.atomic
def release_group(*, team_number: str, at: datetime) -> int:
    """The team is complete: its waiting orders are packed like any other. Returns how many.

    Locks: the orders. Queries: 3, whatever the team's size. Safe to run again.
    """
    waiting = list(_of_team(team_number).filter(status=Status.PAID, stage=Stage.GROUPING).locked())
    release_to_floor(waiting)
    OrderHistory.objects.bulk_create(
        OrderHistory(
            order=order, from_status=order.status, to_status=order.status, code=GROUPED, at=at
        )
        for order in waiting
    )
    if waiting:
        nudge(FORWARD)
    return len(waiting)


@transaction.atomic
def end_group(*, team_number: str, at: datetime) -> int:
    """The team failed: its paid orders are cancelled whole and paid back, once; its unpaid ones
    are due to be closed, which asks their providers first. Returns how many were paid back.

    Locks: the orders, all before the first is cancelled; then as `cancel_paid`. Safe to run again.
    """
    orders = list(_of_team(team_number).locked())
    paid = [order for order in orders if order.status == Status.PAID]
    for order in paid:
        cancel_paid(order_id=order.pk, note=team_number, at=at)
    unpaid = [order.pk for order in orders if order.status == Status.UNPAID]
    Order.objects.filter(pk__in=unpaid, expires_at__gt=at).update(expires_at=at)
    return len(paid)


def _of_team(team_number: str) -> OrderQuerySet:
    return Order.objects.filter(offer_kind=Campaign.Kind.GROUP, offer_reference=team_number)
