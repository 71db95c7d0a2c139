"""Short ways to cases for the tests of after-sales."""

from datetime import timedelta

from django.contrib.auth.models import Group, Permission

from inventory.models import StockItem
from members.testing import make_operator
from orders.models import AfterSale, Order
from orders.services import (
    Request,
    Wish,
    approve_after_sale,
    receive_order,
    request_after_sale,
    retry_refunds,
    ship_order,
)
from orders.testing import NOON, make_order

LATER = NOON + timedelta(hours=2)


def sent_order(*, received: bool = False, at=NOON, **values) -> Order:
    """A paid order that left whole."""
    order = make_order(paid=True, at=at, **values)
    ship_order(order_number=order.number, carrier="sf", tracking_no=f"SF{order.pk:010}", at=at)
    if received:
        receive_order(number=order.number, at=at)
    return Order.objects.get(pk=order.pk)


def ask(
    order: Order,
    quantity: int = 1,
    *,
    kind: str = "refund_only",
    reason: str = "unwanted",
    at=LATER,
    line=None,
    **values,
) -> AfterSale:
    """A case for pieces of the order's first line."""
    assert order.member_id is not None
    line = line or line_of(order)
    return request_after_sale(
        number=order.number,
        member_id=order.member_id,
        request=Request(wish=Wish(kind, reason, {line.pk: quantity}), **values),
        at=at,
    )


def granted(order: Order, quantity: int = 1, **values) -> AfterSale:
    """The same, granted by the house's own rule."""
    case = ask(order, quantity, **values)
    return approve_after_sale(number=case.number, at=values.get("at", LATER))


def drain(at=LATER) -> None:
    """Send every refund that is due."""
    while retry_refunds(at):
        pass


def clerk(name: str, *codenames: str):
    """An operator with a role of exactly these rights of orders."""
    account = make_operator(username=name, is_superuser=False)
    group, _made = Group.objects.get_or_create(name=f"role of {name}")
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    account.groups.add(group)
    return account


def fresh(row):
    """The row as it stands now."""
    return type(row).objects.get(pk=row.pk)


def line_of(order: Order):
    """The order's first line."""
    return order.lines.order_by("position").first()


def house_of(order):
    """The warehouse that the first line's goods lie in."""
    return StockItem.objects.filter(sku=line_of(order).sku).first().warehouse_id
